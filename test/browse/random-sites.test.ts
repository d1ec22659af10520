import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayedText } from '../../core/backup-format/object-values.ts';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { BackupContents } from '../../core/contents/backup-contents.ts';
import { type HeldAttribute, type HeldType, heldValues } from '../../core/contents/held-object.ts';
import type { ApiRecord } from '../../core/model/json.ts';
import { defaultKind } from '../../core/reading/attribute-kinds.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { ObjectsAnswer, SearchAnswer } from '../../pages/answers.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { backUp, testDirectory } from '../end-to-end/local-run.ts';
import { Browsed } from './browsed.ts';

/** An object as the oracle holds it: all of them, in memory. */
interface Known {
  readonly id: string;
  readonly key: string;
  readonly label: string;
  readonly type: HeldType;
  readonly columns: readonly {
    readonly attribute: HeldAttribute;
    readonly texts: readonly string[];
    readonly ids: readonly (string | undefined)[];
  }[];
}

const neverDamaged = (sentence: string) => expect.unreachable(sentence);

async function known(directory: string, backup: string): Promise<Known[]> {
  const { backups } = openLocalStores(directory);
  const contents = await BackupContents.open(backups, await openBackup(backups, backup));
  const all: Known[] = [];
  for (const type of contents.types) {
    const { listed } = await contents.attributes(type);
    for await (const lines of contents.objects(type, neverDamaged)) {
      for (const line of lines) {
        const object: ApiRecord = line.parse();
        const columns = heldValues(object, listed).map(({ attribute, values }) => ({
          attribute,
          texts: values.map(displayedText),
          ids: values.map(({ id }) => id),
        }));
        all.push({ id: String(object.id), key: String(object.objectKey), label: String(object.label), type, columns });
      }
    }
  }
  return all;
}

const folded = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
const plainWords = (text: string) => folded(text).match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [];

/** Whether the words of a query stand one after the other in a text; the last may go on. */
function holds(text: string, query: string): boolean {
  const [words, wanted] = [plainWords(text), plainWords(query)];
  return words.some((_, at) =>
    wanted.every((word, index) => {
      const there = words[at + index];
      return index === wanted.length - 1 ? there?.startsWith(word) : there === word;
    }),
  );
}

const textsOf = ({ key, label, columns }: Known) => [
  key,
  label,
  ...columns.flatMap(({ attribute, texts }) => (attribute.isSystem ? [] : texts)),
];

const isFound = (object: Known, query: string) => {
  const words = query.split(/\s+/).filter((word) => plainWords(word).length > 0);
  return words.length > 0 && words.every((word) => textsOf(object).some((text) => holds(text, word)));
};

const natural = (text: string) =>
  folded(text.slice(0, 200)).replaceAll(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(18, '0'));

function sortOf(object: Known, column: string): string | number | null {
  if (column === 'key') return natural(object.key);
  if (column === 'label') return natural(object.label) || null;
  const { attribute, texts, ids } = object.columns.find((one) => one.attribute.id === column) ?? {};
  if (texts?.[0] === undefined) return null;
  const { type, defaultTypeId } = attribute?.kind ?? {};
  const itself = ids?.[0];
  if (type === 0 && itself !== undefined) {
    const isNumber = defaultTypeId === defaultKind.integer || defaultTypeId === defaultKind.double;
    const isTime = defaultTypeId === defaultKind.date || defaultTypeId === defaultKind.dateTime;
    const value = isNumber ? Number(itself) : isTime ? Date.parse(itself) : Number.NaN;
    if (Number.isFinite(value)) return value;
  }
  return natural(texts[0]) || null;
}

/** Numbers before texts, and what has no value last, whichever way round. */
function inOrder(objects: readonly Known[], column: string, order: string): Known[] {
  const bytes = (text: string) => Buffer.from(text);
  return objects.toSorted((one, other) => {
    const [a, b] = [sortOf(one, column), sortOf(other, column)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const way = order === 'down' ? -1 : 1;
    if (typeof a !== typeof b) return typeof a === 'number' ? -way : way;
    if (typeof a === 'number' && typeof b === 'number') return way * (a - b);
    return way * Buffer.compare(bytes(String(a)), bytes(String(b)));
  });
}

/** What somebody may type who has seen the object, in part and otherwise spelt. */
const queries = (objects: readonly Known[], random: (below: number) => number): string[] => {
  const words = objects
    .flatMap(textsOf)
    .flatMap((text) => text.split(/\s+/))
    .filter((word) => /^[\x21-\x7eÀ-ÿ]+$/.test(word));
  const some = Array.from({ length: 6 }, () => words[random(words.length)] ?? 'nothing');
  return [
    ...some,
    ...some.map((word) => word.slice(0, 1 + random(word.length))),
    `${some[0]} ${some[1]}`,
    `  ${some[2]?.toUpperCase()}\t`,
    ...[
      '"',
      '-',
      '*',
      'OR',
      'a" OR "b',
      'NEAR(a b)',
      'label:x',
      '^a',
      '\0',
      '',
      "';--",
      '{}',
      objects[0]?.key ?? 'x-1',
    ],
  ];
};

describe('a random site', () => {
  it('is searched, sorted, filtered and paged as if all of it were in memory', async () => {
    const site = fc.record({ seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }), size: fc.integer({ min: 1, max: 60 }) });
    const property = fc.asyncProperty(site, fc.infiniteStream(fc.nat()), async ({ seed, size }, numbers) => {
      const random = (below: number) => (below === 0 ? 0 : (numbers.next().value as number) % below);
      const directory = testDirectory();
      const simulator = await startSimulator({ site: randomSite(seed, size) });
      const { manifest } = await backUp(simulator, { directory, activity: false });
      await simulator.close();
      const backup = manifest?.name ?? '';
      const all = await known(directory, backup);
      const browsed = await Browsed.of(directory);
      for (const words of queries(all, random)) {
        const found = await browsed.indexed<SearchAnswer>('search', { backup, words, count: 500 });
        const exact = all.filter(
          ({ id, key }) => id === words.trim() || key.toLowerCase() === words.trim().toLowerCase(),
        );
        const expected =
          words.trim() === ''
            ? []
            : [...exact, ...all.filter((object) => isFound(object, words) && !exact.includes(object))];
        expect(
          found.rows.map(({ id }) => id),
          `search ${JSON.stringify(words)}`,
        ).toEqual(expected.map(({ id }) => id));
        expect(found.total).toBe(expected.length);
        const [from, count] = [random(5), 1 + random(5)];
        const page = await browsed.indexed<SearchAnswer>('search', { backup, words, from, count });
        expect(page.rows).toEqual(found.rows.slice(from, from + count));
      }
      for (const [id, ofType] of Map.groupBy(all, ({ type }) => type.id)) {
        const schema = ofType[0]?.type.schema.id;
        const ids = [...new Set(ofType.flatMap(({ columns }) => columns.map(({ attribute }) => attribute.id)))];
        const listed = new Set(
          (await browsed.indexed<ObjectsAnswer>('objects', { backup, schema, type: id })).columns.map(
            (column) => column.id,
          ),
        );
        const columns = ['key', 'label', ...ids.filter((one) => listed.has(one))];
        for (let turn = 0; turn < 6; turn += 1) {
          const sort = random(4) === 0 ? undefined : columns[random(columns.length)];
          const order = random(2) === 0 ? 'up' : 'down';
          const column = random(2) === 0 ? undefined : columns[random(columns.length)];
          const filter = random(3) === 0 ? undefined : queries(ofType, random)[random(24)]?.trim();
          const [from, count] = [random(ofType.length + 2), 1 + random(20)];
          const query = { backup, schema, type: id, from, count, sort, order, column, filter };
          const answer = await browsed.indexed<ObjectsAnswer>('objects', query);
          const shownIn = (object: Known) =>
            column === 'key' || column === 'label'
              ? [object[column]]
              : (object.columns.find(({ attribute }) => attribute.id === column)?.texts ?? []);
          const matching = ofType.filter((object) => {
            if (!filter) return true;
            if (column === undefined) return isFound(object, filter);
            return shownIn(object).map(folded).join('\n').replaceAll('\0', ' ').includes(folded(filter));
          });
          const expected = sort === undefined ? matching : inOrder(matching, sort, order);
          expect(
            answer.rows.map((row) => row.id),
            JSON.stringify(query),
          ).toEqual(expected.slice(from, from + count).map((object) => object.id));
          expect(answer.total).toBe(expected.length);
        }
      }
      expect(browsed.faults).toEqual([]);
      await browsed.close();
    });
    await fc.assert(property, { numRuns: 6, seed: 20261130 });
  });
});
