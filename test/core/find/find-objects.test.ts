import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backupName } from '../../../core/backup-format/keys.ts';
import { findObjects } from '../../../core/find/find-objects.ts';
import type { FindRequest, FoundObject, SiteFinds } from '../../../core/find/found.ts';
import type { Gap } from '../../../core/model/outcome.ts';
import { MemoryBackups } from '../../cli/pretend-product.ts';
import { RecordingReporter } from '../../end-to-end/local-run.ts';
import {
  type PlantedSchemaKey,
  type PlantedThing,
  type PlantedTypeId,
  plantObjects,
  schemaOf,
} from './planted-objects.ts';

/** Counts what is read of which kind. */
class CountingBackups extends MemoryBackups {
  readonly reads: string[] = [];

  override async read(key: string): Promise<Uint8Array> {
    this.reads.push(key);
    return super.read(key);
  }

  shardsRead(): string[] {
    return this.reads.splice(0).filter((key) => key.includes('/objectsmeta/'));
  }
}

const day = 86_400_000;
const firstNight = Date.parse('2026-11-01T02:00:00.000Z');
const startOf = (night: number) => new Date(firstNight + night * day).toISOString();
const nameOf = (night: number) => backupName(startOf(night));
const reporter = new RecordingReporter();

async function find(backups: MemoryBackups, request: FindRequest): Promise<SiteFinds> {
  const { sites, unread } = await findObjects({ backups, reporter }, request);
  expect(unread).toEqual([]);
  expect(sites).toHaveLength(1);
  return sites[0] as SiteFinds;
}

const thing = (id: number, colour = 'red', more: Partial<PlantedThing> = {}): PlantedThing => ({
  ...{ id, type: '11', colour, updated: '2026-01-01' },
  ...more,
});

describe('what is read', () => {
  const all = Array.from({ length: 40 }, (_, at) => thing(at + 1));

  it('of ten nights with a change each is every file once, and one more a night', async () => {
    for (const saysShards of [true, false]) {
      const backups = new CountingBackups();
      let now = all;
      for (let night = 9; night >= 0; night -= 1) {
        await plantObjects(backups, { startedAt: startOf(night), things: now, shardSize: 10, saysShards });
        // One other object of the last file, going back in time.
        now = now.map((one) => (one.id === 40 - night ? { ...one, colour: 'blue' } : one));
      }
      const { found } = await find(backups, { words: ['blue'] });
      expect(found).toBe(9);
      const read = backups.shardsRead();
      // Four files of the one type, one of each that is empty; then one a night, where the lists say which.
      expect(read.filter((key) => key.startsWith(nameOf(9)))).toHaveLength(4);
      const earlier = read.filter((key) => !key.startsWith(nameOf(9)));
      if (saysShards) expect(earlier).toHaveLength(9);
      else expect(earlier.length).toBeLessThanOrEqual(36);
    }
  });

  it('of nights that are alike is nothing, and of what was deleted only what held it', async () => {
    const backups = new CountingBackups();
    for (let night = 0; night < 6; night += 1)
      await plantObjects(backups, { startedAt: startOf(night), things: night < 4 ? all : all.slice(1), shardSize: 10 });
    expect((await find(backups, { words: ['ONE-1'] })).found).toBe(1);
    expect(backups.shardsRead().filter((key) => !key.startsWith(nameOf(5)))).toEqual([
      `${nameOf(3)}/ONE/objectsmeta/Type 11_11.00001.json`,
    ]);
    const { objects } = await find(backups, { words: [], deletedSince: firstNight });
    expect(objects.map(({ key, deleted }) => [key, deleted])).toEqual([['ONE-1', { after: nameOf(3), by: nameOf(4) }]]);
    expect(backups.shardsRead()).toEqual([`${nameOf(3)}/ONE/objectsmeta/Type 11_11.00001.json`]);
  });
});

interface RandomNight {
  readonly deeds: readonly { readonly kind: 'add' | 'delete' | 'paint' | 'touch' | 'back'; readonly which: number }[];
  readonly of: readonly PlantedSchemaKey[] | null;
  readonly partialIn: PlantedSchemaKey | null;
  readonly isSchemaGone: boolean;
  readonly hasLists: boolean;
  readonly saysShards: boolean;
}

const often = <T>(usual: T, seldom: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: seldom });
const anyNight: fc.Arbitrary<RandomNight> = fc.record({
  deeds: fc.array(fc.record({ kind: fc.constantFrom('add', 'delete', 'paint', 'touch', 'back'), which: fc.nat(20) }), {
    maxLength: 4,
  }),
  of: often<readonly PlantedSchemaKey[] | null>(null, fc.constantFrom(['ONE'], ['TWO'])),
  partialIn: often<PlantedSchemaKey | null>(null, fc.constantFrom('ONE', 'TWO')),
  isSchemaGone: often(false, fc.constant(true)),
  hasLists: often(true, fc.constant(false)),
  saysShards: fc.boolean(),
});

/** A night as the test knows it. */
interface Truth {
  readonly stored: ReadonlyMap<number, PlantedThing>;
  readonly has: (schema: PlantedSchemaKey) => boolean;
  /** Whether what is not stored of a schema was not there. */
  readonly tells: (schema: PlantedSchemaKey) => boolean;
}

const types: readonly PlantedTypeId[] = ['11', '12', '21'];
const colours = ['red', 'light blue', 'green', 'dark blue'];

async function live(nights: readonly RandomNight[]): Promise<{ backups: CountingBackups; truth: Truth[] }> {
  const backups = new CountingBackups();
  const truth: Truth[] = [];
  const site = new Map<number, PlantedThing>();
  const once = new Map<number, PlantedThing>();
  for (let id = 1; id <= 6; id += 1) site.set(id, thing(id, colours[id % 4], { type: types[id % 3] ?? '11' }));
  let ids = 6;
  for (const [number, night] of nights.entries()) {
    for (const { kind, which } of night.deeds) {
      const one = [...site.values()][which % Math.max(1, site.size)];
      if (kind === 'add') ids += 1;
      if (kind === 'add') site.set(ids, thing(ids, colours[which % 4], { type: types[which % 3] ?? '11' }));
      if (!one) continue;
      if (kind === 'delete') {
        site.delete(one.id);
        once.set(one.id, one);
      }
      if (kind === 'paint') site.set(one.id, { ...one, colour: colours[which % 4] ?? '', updated: startOf(number) });
      if (kind === 'touch') site.set(one.id, { ...one, updated: `${startOf(number)} ${which}` });
      const back = [...once.values()][which % Math.max(1, once.size)];
      if (kind === 'back' && back) {
        once.delete(back.id);
        site.set(back.id, back);
      }
    }
    const { of, partialIn, isSchemaGone, hasLists, saysShards } = night;
    const schemas: PlantedSchemaKey[] = isSchemaGone ? ['ONE'] : ['ONE', 'TWO'];
    const has = (schema: PlantedSchemaKey) => schemas.includes(schema) && (of === null || of.includes(schema));
    const isPartial = partialIn !== null && has(partialIn);
    const stored = [...site.values()].filter(({ id, type }) => {
      const schema = schemaOf(type);
      return has(schema) && !(isPartial && schema === partialIn && id % 3 === 0);
    });
    const gap: Gap = { kind: 'objects', what: 'objects', error: 'E', reason: 'r', schemaKey: partialIn ?? '' };
    const manifest = isPartial ? ({ status: 'partial', gaps: [gap] } as const) : {};
    const planted = { startedAt: startOf(number), things: stored, of, schemas, shardSize: 2, hasLists, saysShards };
    await plantObjects(backups, { ...planted, manifest });
    truth.push({
      stored: new Map(stored.map((one) => [one.id, one])),
      has,
      tells: (schema) => (has(schema) ? !(isPartial && schema === partialIn) : of === null && !isPartial),
    });
  }
  return { backups, truth };
}

/** What has become of an object, by the truth alone; nights by their numbers. */
function historyOf(id: number, truth: readonly Truth[], isMatch: (one: PlantedThing) => boolean) {
  const seen = truth.flatMap(({ stored }, night) => (stored.has(id) ? [night] : []));
  const [first = 0] = seen;
  const schema = schemaOf(truth[first]?.stored.get(id)?.type ?? '11');
  const told = truth.flatMap(({ stored, tells }, night) => (stored.has(id) || tells(schema) ? [night] : []));
  const changes = told.slice(1).flatMap((by, at): FoundObject['changes'][number][] => {
    const after = told[at] ?? 0;
    const [before, now] = [truth[after]?.stored.get(id), truth[by]?.stored.get(id)];
    const between = { after: nameOf(after), by: nameOf(by) };
    if (!before && !now) return [];
    if (!before) return [{ kind: 'appeared', ...between }];
    if (!now) return [{ kind: 'deleted', ...between }];
    if (before.colour !== now.colour) return [{ kind: 'changed', ...between }];
    return before.updated === now.updated ? [] : [{ kind: 'touched', ...between }];
  });
  const matching = seen.filter((night) => {
    const one = truth[night]?.stored.get(id);
    return one !== undefined && isMatch(one);
  });
  const newest = seen.at(-1) ?? 0;
  const isGone = told.some((night) => night > newest);
  return { id, seen, matching, changes, isGone, newest };
}

const span = (nights: readonly number[]) => ({
  backups: nights.length,
  first: nameOf(nights[0] ?? -1),
  last: nameOf(nights.at(-1) ?? -1),
});

describe('what is found', () => {
  it('is what the site was, whatever nights there are: a property', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyNight, { minLength: 1, maxLength: 7 }),
        fc.constantFrom([], ['blue'], ['light', 'BLUE'], ['Thing'], ['one-3'], ['3'], ['red']),
        fc.constantFrom('all', 'deleted', 'at'),
        fc.nat(8),
        async (nights, words, mode, which) => {
          if (words.length === 0 && mode !== 'deleted') return;
          const { backups, truth } = await live(nights);
          const since = mode === 'deleted' ? firstNight + which * day - 3_600_000 : undefined;
          const at = mode === 'at' ? firstNight + (which % nights.length) * day + 1 : undefined;
          const from = since === undefined ? 0 : Math.max(0, Math.min(which, nights.length) - 1);
          const to = at === undefined ? nights.length : (which % nights.length) + 1;
          // Nights out of question are as if they were not there; their names stay.
          const asked = truth.map((night, number) =>
            number >= from && number < to ? night : { stored: new Map(), has: () => false, tells: () => false },
          );
          const isMatch = ({ id, type, colour }: PlantedThing) =>
            words.every((word) => {
              const text = word.toLowerCase();
              if (text === String(id) || text === `${schemaOf(type)}-${id}`.toLowerCase()) return true;
              return `thing ${id}`.includes(text) || colour.includes(text);
            });
          const ids = [...new Set(asked.flatMap(({ stored }) => [...stored.keys()]))];
          const expected = ids
            .map((id) => historyOf(id, asked, isMatch))
            .filter(({ matching }) => matching.length > 0)
            .filter(({ isGone }) => mode !== 'deleted' || isGone)
            .filter(({ id, isGone, newest, matching }) => {
              if (mode !== 'at') return true;
              const schema = schemaOf(asked[newest]?.stored.get(id)?.type ?? '11');
              const reference = asked.findLastIndex(({ has }) => has(schema));
              return !isGone && newest === reference && matching.includes(newest);
            });
          const result = await find(backups, { words, at, deletedSince: since });
          expect(result.found).toBe(expected.length);
          const byId = new Map(result.objects.map((object) => [Number(object.id), object]));
          for (const { id, seen, matching, changes, isGone, newest } of expected) {
            const object = byId.get(id);
            expect(object).toMatchObject({ stands: span(seen), withWords: span(matching), changes });
            const gone = changes.find(({ kind, after }) => kind === 'deleted' && after === nameOf(newest));
            expect(object?.deleted).toEqual(isGone && gone ? { after: gone.after, by: gone.by } : null);
          }
          const withAll = truth.findLastIndex((_, night) => expected.every(({ matching }) => matching.includes(night)));
          expect(result.newestWithAll?.backup).toBe(expected.length === 0 || withAll < 0 ? undefined : nameOf(withAll));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is nothing where a site has no schema', async () => {
    const empty = {
      deeds: [],
      of: ['TWO'],
      partialIn: null,
      isSchemaGone: true,
      hasLists: true,
      saysShards: true,
    } as const;
    const { backups } = await live([{ ...empty, of: ['TWO'] }]);
    expect(await find(backups, { words: ['anything'] })).toMatchObject({ found: 0 });
    await expect(findObjects({ backups, reporter }, { words: ['anything'], schema: 'FAC' })).rejects.toThrow(
      'No backup has a schema FAC. They have none.',
    );
  });
});
