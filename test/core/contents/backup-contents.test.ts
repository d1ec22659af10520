import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../core/backup-format/manifest.ts';
import { displayedText } from '../../../core/backup-format/object-values.ts';
import { openBackup } from '../../../core/backup-format/open-backup.ts';
import { BackupContents } from '../../../core/contents/backup-contents.ts';
import { type HeldObject, type HeldType, type HeldValues, heldValues } from '../../../core/contents/held-object.ts';
import { DamagedBackupError } from '../../../core/errors.ts';
import { activityKinds } from '../../../core/model/activity.ts';
import type { ApiRecord, Json, JsonRecord } from '../../../core/model/json.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { damageAll, keysIn } from '../../end-to-end/damaged-files.ts';
import { type Anew, layOutAnew } from '../../end-to-end/laid-out-anew.ts';
import { GoldenFolder } from '../../golden/golden-folder.ts';

const byType: Anew = { layout: 'type', shards: 2, linesAPart: 1 };
const nights: readonly (readonly [folder: string, backup: string, anew: Anew | undefined])[] = [
  ['format-1', '2026-11-23_02-00-00', undefined],
  ['format-1', '2026-11-23_02-00-00', { layout: 'object' }],
  ['format-1', '2026-11-23_02-00-00', byType],
  ['format-2', '2026-11-23_02-00-00', undefined],
  ['format-2', '2026-11-24_02-00-00', undefined],
  ['format-2', '2026-11-25_02-00-00', undefined],
];

async function opened(directory: string, backup: string) {
  const { backups } = openLocalStores(directory);
  return BackupContents.open(backups, await openBackup(backups, backup));
}

async function placed(folder: string, backup: string, anew?: Anew) {
  const golden = new GoldenFolder(folder);
  const directory = golden.copy();
  if (anew) layOutAnew(directory, backup, anew);
  return { directory, backup, contents: await opened(directory, backup), written: golden.copy() };
}

/** What stands in the files of a folder, without anything of ours. */
class Files {
  readonly #directory: string;
  readonly #backup: string;

  constructor(directory: string, backup: string) {
    this.#directory = directory;
    this.#backup = backup;
  }

  json<T>(key: string): T {
    return JSON.parse(readFileSync(join(this.#directory, key), 'utf8')) as T;
  }

  keys(pattern: RegExp): string[] {
    return keysIn(this.#directory, this.#backup, pattern);
  }

  /** The lines of each file of objects, as they were written. */
  lines(key: string): string[] {
    const text = readFileSync(join(this.#directory, key), 'utf8');
    return text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => line.replace(/,$/, ''));
  }

  /** Histories or comments by object, in either layout. */
  activity(kind: string): Map<string, readonly JsonRecord[]> {
    const found = new Map<string, readonly JsonRecord[]>();
    for (const key of this.keys(new RegExp(`/objects/${kind}/`))) {
      const records = this.json<JsonRecord[]>(key);
      if (/^\d+\.json$/.test(basename(key))) found.set(basename(key, '.json'), records);
      else for (const line of records) found.set(String(line.object), line[kind] as readonly JsonRecord[]);
    }
    return found;
  }
}

async function allRecords(contents: BackupContents, damage: string[] = []) {
  const records: { readonly id: string; readonly text: string; readonly type: string }[] = [];
  for (const type of contents.types)
    for await (const lines of contents.objects(type, (sentence) => damage.push(sentence)))
      for (const line of lines) records.push({ id: line.id, text: JSON.stringify(line.parse()), type: type.id });
  return records;
}

describe.each(nights)('what a backup of %s, %s holds (laid out %j)', (folder, night, anew) => {
  it('is every object of its files, as it stands there, and each by its id, its key and a key of another time', async () => {
    const { directory, backup, contents } = await placed(folder, night, anew);
    const files = new Files(directory, backup);
    const records = await allRecords(contents);
    const written = files.keys(/\/objectsmeta\//).flatMap((key) => files.lines(key));
    expect(records.map(({ text }) => text).sort()).toEqual(written.sort());
    expect(records.length).toBe(contents.manifest.counts.objects);
    for (const { id, text, type } of records) {
      const { objectKey } = JSON.parse(text) as { objectKey: string };
      for (const named of [id, objectKey, `ONCE-${id}`]) {
        const object = await contents.object(named);
        expect(JSON.stringify(object?.record)).toBe(text);
        expect(object).toMatchObject({ id, type: { id: type } });
      }
    }
    for (const named of ['9999', 'CFG-9999', 'CFG', '', '-1', '__proto__'])
      expect(await contents.object(named)).toBeUndefined();
    const ids = new Set(records.map(({ id }) => id));
    const known = [...[...ids].map((id) => [id, true] as const), ['9999', false] as const];
    expect(await contents.present(new Set([...ids, '9999']), expect.unreachable)).toEqual(new Map(known));
  });

  it('has the history and the comments of each object', async () => {
    const { contents, written, backup } = await placed(folder, night, anew);
    const files = new Files(written, backup);
    let told = 0;
    for (const kind of activityKinds) {
      const there = files.activity(kind);
      for (const { id } of await allRecords(contents)) {
        const object = await contents.object(id);
        if (!object) throw new Error('It is there.');
        const held = await contents.activity(kind, object);
        expect(held.records).toEqual(there.get(id) ?? []);
        told += held.records?.length ?? 0;
        if (held.readAt === null) expect(held.why).not.toBeNull();
      }
    }
    expect(told).toBe(contents.manifest.counts.historyEntries + contents.manifest.counts.comments);
  });

  it('shows values as the files for people do', async () => {
    const { directory, backup, contents } = await placed(folder, night, anew);
    const files = new Files(directory, backup);
    const forPeople = new Map(
      files.keys(/\/objects\/[^/]+$/).flatMap((key) => Object.entries(files.json<Record<string, JsonRecord>>(key))),
    );
    const plain = (value: Json): string => {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return String(value);
      return String((value as JsonRecord).label ?? (value as JsonRecord).displayName);
    };
    let seen = 0;
    for (const type of contents.types) {
      const { listed } = await contents.attributes(type);
      for await (const lines of contents.objects(type, () => expect.unreachable())) {
        for (const line of lines) {
          const shown = forPeople.get(line.id) ?? {};
          for (const { attribute, values } of heldValues(line.parse(), listed)) {
            const expected = shown[attribute.name] ?? [];
            seen += values.length;
            // 0.1.0 showed another name of a status.
            if (folder === 'format-1' && attribute.name === 'Status') continue;
            expect(values.map(displayedText)).toEqual([expected].flat().map(plain));
          }
        }
      }
    }
    expect(seen).toBe(contents.manifest.counts.attributeValues);
  });

  it('has its types below each other, their attributes in order, and their icons', async () => {
    const { directory, backup, contents } = await placed(folder, night, anew);
    const files = new Files(directory, backup);
    for (const { key, folder, types } of contents.schemas) {
      const records = files.json<JsonRecord[]>(`${backup}/${folder}/config/objecttypes.json`);
      const nameOf = (id: Json | undefined): string => {
        const record = records.find((one) => one.id === id);
        if (!record) return '';
        const above = nameOf(record.parentObjectTypeId);
        return above === '' ? String(record.name) : `${above}/${record.name}`;
      };
      expect(types.map(({ id, path }) => [id, path]).sort()).toEqual(records.map(({ id }) => [id, nameOf(id)]).sort());
      for (const [index, { parentId, depth, path, schema }] of types.entries()) {
        expect(schema.key).toBe(key);
        expect(types.slice(0, index).map(({ id }) => id)).toEqual(
          parentId === undefined ? expect.anything() : expect.arrayContaining([parentId]),
        );
        expect(depth).toBe(path.split('/').length - 1);
      }
      const siblings = Map.groupBy(types, ({ parentId }) => parentId);
      const positions = (ids: readonly string[]) =>
        ids.map((id) => Number(records.find((one) => one.id === id)?.position));
      for (const those of siblings.values()) {
        const found = positions(those.map(({ id }) => id));
        expect(found).toEqual(found.toSorted((one, other) => one - other));
      }
      for (const type of types) {
        const listed = type.stored?.attributes ? files.json<JsonRecord[]>(type.stored.attributes) : [];
        const { listed: attributes } = await contents.attributes(type);
        expect(attributes.map(({ name }) => name).sort()).toEqual(listed.map(({ name }) => name).sort());
        expect(attributes[0]?.name).toBe('Key');
        if (type.iconId === undefined) continue;
        const image = join(directory, backup, folder, 'config', 'icons', `${type.iconId}.png`);
        const icon = await contents.icon(type.schema, type.iconId);
        expect(icon).toEqual(
          existsSync(image) ? { bytes: new Uint8Array(readFileSync(image)), kind: 'png' } : undefined,
        );
      }
    }
    expect(contents.types.reduce((sum, { objects }) => sum + objects, 0)).toBe(contents.manifest.counts.objects);
    expect(await contents.icon({ folder: 'CFG' }, '9999')).toBeUndefined();
  });
});

/** Lays the second half of a list's lines in another; gives both keys. The manifest is left as it was. */
function splitList(directory: string, name: string): string[] {
  const keys = ['00001', '00002'].map((number) => `${backup}/manifest/${name}-${number}.jsonl`);
  const [key = ''] = keys;
  const lines = readFileSync(join(directory, key), 'utf8').trimEnd().split('\n');
  const half = lines.length >> 1;
  const named = [lines.slice(0, half), lines.slice(half)].map((part, at) => {
    const text = `${part.join('\n')}\n`;
    writeFileSync(join(directory, keys[at] ?? ''), text);
    return JSON.stringify({
      key: keys[at],
      bytes: text.length,
      sha256: sha256(Buffer.from(text)),
      records: part.length,
    });
  });
  const list = join(directory, backup, 'manifest', 'files-00001.jsonl');
  const others = readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.includes(key));
  writeFileSync(list, `${[...others, ...named].join('\n')}\n`);
  return keys;
}

/** With the list of files as it is now. */
async function openedAnew(directory: string) {
  const { backups } = openLocalStores(directory);
  const manifest = await openBackup(backups, backup);
  const fileLists = manifest.fileLists.map((list) => ({
    ...list,
    sha256: sha256(readFileSync(join(directory, list.key))),
  }));
  return BackupContents.open(backups, { ...manifest, fileLists });
}

describe('a backup that is damaged', () => {
  it.each(['flipped in a bit', 'removed'] as const)(
    'in the list of types of one schema (%s) opens, names it there, and has all else',
    async (damage) => {
      const directory = new GoldenFolder('format-2').copy();
      const backup = '2026-11-25_02-00-00';
      const whole = await opened(directory, backup);
      const records = await allRecords(whole);
      const [key = ''] = damageAll(directory, backup, /\/ASSETS\/config\/objecttypes/, damage);
      const contents = await opened(directory, backup);
      const damages = contents.schemas.map((schema) => [schema.key, schema.damage]);
      expect(damages).toEqual([
        ['FAC', null],
        ['ASSETS', expect.stringContaining(key)],
      ]);
      expect(contents.schemas[0]?.types).toEqual(whole.schemas[0]?.types);
      // The manifest knows them too, but not which is below which.
      expect(contents.schemas[1]?.types.map(({ id, path }) => [id, path])).toEqual([
        ['2', 'Hardware'],
        ['3', 'Laptop'],
        ['4', 'Dock'],
      ]);
      expect(await allRecords(contents)).toEqual(records);
      expect((await contents.object('ASSETS-4'))?.record.id).toBe('4');
    },
  );

  it.each([
    [/\/objectsmeta\/Laptop/, (contents: BackupContents) => contents.object('4')],
    [/\/icons\/1/, (contents: BackupContents) => contents.icon({ folder: 'ASSETS' }, '1')],
  ])('at %s says so, where that is all that was asked for', async (pattern, look) => {
    for (const damage of ['flipped in a bit', 'removed'] as const) {
      const { contents } = await damaged(pattern, damage);
      await expect(look(contents)).rejects.toThrow(DamagedBackupError);
    }
  });

  it.each(['flipped in a bit', 'removed'] as const)(
    'in a file of objects (%s) has those of the others',
    async (damage) => {
      const { contents, keys, whole } = await damaged(/\/objectsmeta\/Laptop/, damage);
      const sentences: string[] = [];
      const others = (await allRecords(whole)).filter(({ type }) => type !== '3');
      expect(others).not.toEqual([]);
      expect(await allRecords(contents, sentences)).toEqual(others);
      expect(sentences).toEqual(keys.map((key) => expect.stringContaining(key)));
    },
  );

  it.each(['flipped in a bit', 'removed'] as const)(
    'in the attributes of a type (%s) has their values, by ids where nothing else names them',
    async (damage) => {
      const { contents, keys, whole } = await damaged(/\/attributes\/Laptop/, damage);
      const type = contents.type('3') as HeldType;
      const { listed, damage: sentence } = await contents.attributes(type);
      expect(listed).toEqual([]);
      expect(sentence).toContain(`only their ids can be told. ${keys[0]}`);
      const object = await contents.object('4');
      const named = heldValues(object?.record as ApiRecord, (await whole.attributes(type)).listed);
      const texts = (of: readonly HeldValues[]) => of.flatMap(({ values }) => values.map(displayedText)).sort();
      expect(texts(heldValues(object?.record as ApiRecord, listed))).toEqual(texts(named));
    },
  );

  it.each(['flipped in a bit', 'removed'] as const)('in a history (%s) says so there alone', async (damage) => {
    const { contents, keys } = await damaged(/\/objects\/history\/(4|Laptop.*)\.json$/, damage);
    const object = (await contents.object('4')) as HeldObject;
    expect(await contents.activity('history', object)).toEqual({
      ...{ readAt: null, records: null },
      why: expect.stringMatching(damage === 'removed' ? / is missing/ : (keys[0] as never)),
    });
    expect((await contents.activity('comments', object)).records).toHaveLength(1);
  });

  it.each(['flipped in a bit', 'removed'] as const)(
    'in the lists of its objects (%s) finds each in its files, and does not say that one is not there',
    async (damage) => {
      const { contents, keys, whole } = await damaged(/\/manifest\/activity/, damage);
      for (const { id, text } of await allRecords(whole)) {
        const object = (await contents.object(id)) as HeldObject;
        expect(JSON.stringify(object.record)).toBe(text);
        expect(object.damage).toEqual([expect.stringContaining(keys[0] ?? '')]);
        const there = await whole.activity('history', (await whole.object(id)) as HeldObject);
        const { records, why } = await contents.activity('history', object);
        expect(records ?? []).toEqual(there.records);
        expect(why).toMatch(/^No list of \S+ that can be read tells (whether|when) this was read\.$/);
      }
      await expect(contents.object('ASSETS-9999')).rejects.toThrow(
        `There is no object ASSETS-9999 in what can be read of ${backup}. ${keys[0]}`,
      );
      const sentences: string[] = [];
      expect(await contents.present(new Set(['4', '9999']), (sentence) => sentences.push(sentence))).toEqual(
        new Map([
          ['4', true],
          ['9999', null],
        ]),
      );
      expect(sentences).toEqual([expect.stringContaining(keys[0] ?? '')]);
    },
  );

  it('in one of several lists of its objects goes by the lines of the others', async () => {
    const directory = new GoldenFolder('format-2').copy();
    const whole = await opened(new GoldenFolder('format-2').copy(), backup);
    const [first = '', second = ''] = splitList(directory, 'activity');
    const contents = await openedAnew(directory);
    const here = ({ id }: { id: string }) => contents.object(id) as Promise<HeldObject>;
    const all = await allRecords(whole);
    expect((await Promise.all(all.map(here))).map(({ line, damage }) => [line, damage])).toEqual(
      await Promise.all(all.map(async ({ id }) => [(await whole.object(id))?.line, []])),
    );
    rmSync(join(directory, first));
    const inSecond = new Set(readFileSync(join(directory, second), 'utf8').match(/(?<=^\{"object":")\d+/gm));
    for (const one of all) {
      const { line, damage } = await here(one);
      expect(line).toEqual(inSecond.has(one.id) ? (await whole.object(one.id))?.line : undefined);
      expect(damage).toEqual(inSecond.has(one.id) ? [] : [expect.stringContaining(first)]);
    }
    expect(inSecond.size).toBeGreaterThan(0);
    expect(await contents.present(new Set(['9999']), () => undefined)).toEqual(new Map([['9999', null]]));
  });

  it('in a line of a list of files has all but what that line names', async () => {
    const directory = new GoldenFolder('format-2').copy();
    const list = join(directory, backup, 'manifest', 'files-00001.jsonl');
    const lines = readFileSync(list, 'utf8').split('\n');
    const whole = await opened(directory, backup);
    const records = await allRecords(whole);
    for (const [number, line] of lines.entries()) {
      if (line === '') continue;
      const cut = lines.with(number, line.slice(0, -5));
      writeFileSync(list, cut.join('\n'));
      const contents = await opened(directory, backup);
      expect(contents.damage).toEqual([
        `${backup}/manifest/files-00001.jsonl is damaged: its SHA-256 is not the manifest's. What it names is shown as far as its lines can be read; 1 line cannot. Run \`assets-backup verify\`.`,
      ]);
      const { key, records: inIt } = JSON.parse(line) as { key: string; records: number };
      const sentences: string[] = [];
      const there = await allRecords(contents, sentences);
      const isOfObjects = key.includes('/objectsmeta/');
      expect(sentences).toEqual(isOfObjects ? [expect.stringContaining(key)] : []);
      expect(there.length).toBe(records.length - (isOfObjects ? inIt : 0));
      const damagedSchemas = contents.schemas.filter((schema) => schema.damage !== null);
      expect(damagedSchemas.map((schema) => schema.damage)).toEqual(
        key.endsWith('/objecttypes.json') ? [expect.stringContaining(key)] : [],
      );
      for (const type of contents.types) {
        const told = (await contents.attributes(type)).damage;
        expect(told === null).toBe(type.stored?.attributes !== key);
      }
    }
  });

  it.each(['removed', 'emptied'])(
    'in all of its lists of files (%s) tells what the manifest does, and shows nothing',
    async (how) => {
      const directory = new GoldenFolder('format-2').copy();
      const whole = await opened(directory, backup);
      for (const key of keysIn(directory, backup, /\/manifest\/files/)) {
        if (how === 'removed') rmSync(join(directory, key));
        else writeFileSync(join(directory, key), '');
      }
      const contents = await opened(directory, backup);
      expect(contents.damage).toHaveLength(whole.manifest.fileLists.length);
      expect(contents.types.map(({ id, objects }) => [id, objects]).sort()).toEqual(
        whole.types
          .filter(({ stored }) => stored)
          .map(({ id, objects }) => [id, objects])
          .sort(),
      );
      expect(contents.schemas.map(({ damage }) => damage)).toEqual(contents.schemas.map(() => expect.any(String)));
      expect(await allRecords(contents)).toEqual([]);
      await expect(contents.object('4')).rejects.toThrow(DamagedBackupError);
    },
  );
});

const backup = '2026-11-25_02-00-00';

async function damaged(pattern: RegExp, damage: 'flipped in a bit' | 'removed') {
  const golden = new GoldenFolder('format-2');
  const directory = golden.copy();
  const keys = damageAll(directory, backup, pattern, damage);
  expect(keys).not.toEqual([]);
  return { contents: await opened(directory, backup), keys, whole: await opened(golden.copy(), backup) };
}
