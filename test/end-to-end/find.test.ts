import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findObjects } from '../../core/find/find-objects.ts';
import type { FindRequest, SiteFinds } from '../../core/find/found.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { RecordingReporter } from './local-run.ts';
import { doNightDeed, type NightDeed, nightDeedKinds } from './night-deeds.ts';
import { NightSeries } from './night-series.ts';

/** Two schemas of things with a note, and no references: what is shown of those is another object's. */
function notes(): SimulatedSite {
  const site = new SimulatedSite();
  for (const key of ['ONE', 'TWO']) {
    const schema = site.addSchema({ key });
    for (const name of ['Thing', 'Other']) {
      const type = site.addType({ schema, name: `${name} of ${key}` });
      site.addAttribute({ type, name: 'Note' });
      for (let number = 1; number <= 3; number += 1)
        site.addObject({ type, name: `${name} ${key} ${number}`, values: { Note: [`note ${number}`] } });
    }
  }
  return site;
}

/** What is there on a night, by id: the values by attribute, and what schema it is of. */
type Truth = ReadonlyMap<string, { readonly values: string; readonly schemaId: number }>;

function truthOf(site: SimulatedSite): Truth {
  return new Map(
    [...site.objects.all()].map(({ id, typeId, values }) => {
      const told = [...values].filter(([, texts]) => texts.length > 0).sort(([one], [other]) => one - other);
      return [String(id), { values: JSON.stringify(told), schemaId: site.type(typeId)?.schemaId ?? 0 }];
    }),
  );
}

interface NightOf {
  readonly name: string;
  readonly truth: Truth;
  /** The one schema that it was made of; undefined: all. */
  readonly only: number | undefined;
}

async function find({ directory }: NightSeries, request: FindRequest): Promise<SiteFinds> {
  const { backups } = openLocalStores(directory);
  const { sites, unread } = await findObjects({ backups, reporter: new RecordingReporter() }, request);
  expect(unread).toEqual([]);
  return sites[0] as SiteFinds;
}

/** What has become of an object by the truth: between which nights that could tell it was made, changed, deleted. */
function becameOf(id: string, nights: readonly NightOf[]): string[] {
  const first = nights.find(({ truth }) => truth.has(id))?.truth.get(id)?.schemaId;
  const told = nights.filter(({ only }) => only === undefined || only === first);
  return told.slice(1).flatMap((night, at) => {
    const [before, now] = [told[at]?.truth.get(id)?.values, night.truth.get(id)?.values];
    if (before === now) return [];
    const kind = before === undefined ? 'appeared' : now === undefined ? 'deleted' : 'changed';
    return [`${kind} between ${told[at]?.name} and ${night.name}`];
  });
}

const deed: fc.Arbitrary<NightDeed> = fc.record({
  // An object that goes to another schema is elsewhere for a night of one schema.
  kind: fc.constantFrom(...nightDeedKinds.filter((kind) => kind !== 'move far')),
  which: fc.nat(30),
  other: fc.nat(30),
});
const night = fc.record({
  deeds: fc.array(deed, { minLength: 1, maxLength: 5 }),
  activity: fc.boolean(),
  only: fc.option(fc.nat(1), { freq: 4 }),
});

it('nights of a site that lives: what became of each object is what the site was, a property', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(night, { minLength: 2, maxLength: 4 }), async (planned) => {
      runs += 1;
      const series = await NightSeries.of(notes());
      const made: NightOf[] = [];
      const make = async ({ activity, only }: { activity: boolean; only: number | null }) => {
        const schema = only === null ? undefined : [...series.site.schemas.values()][only];
        const objectSchemaKeys = schema ? [schema.key] : null;
        const { manifest } = await series.night({ activity, objectSchemaKeys });
        expect(manifest.status).toBe('complete');
        made.push({ name: manifest.name, truth: truthOf(series.site), only: schema?.id });
      };
      await make({ activity: true, only: null });
      for (const [number, { deeds, ...options }] of planned.entries()) {
        for (const [at, one] of deeds.entries())
          doNightDeed({ site: series.site, deed: one, number: 100 * number + at + 1 });
        await make(options);
      }
      const covers = ({ only, truth }: NightOf, id: string) =>
        truth.has(id) && (only === undefined || only === truth.get(id)?.schemaId);
      const ids = new Set(made.flatMap((one) => [...one.truth.keys()].filter((id) => covers(one, id))));
      for (const word of ['note', 'edited', 'Added', 'Renamed', 'A']) {
        const matches = ({ truth }: NightOf, id: string) =>
          (JSON.parse(truth.get(id)?.values ?? '[]') as [number, string[]][]).some(([, texts]) =>
            texts.some((text) => text.toLowerCase().includes(word.toLowerCase())),
          );
        const { objects, newestWithAll } = await find(series, { words: [word] });
        const expected = [...ids].filter((id) => made.some((one) => covers(one, id) && matches(one, id)));
        expect(objects.map(({ id }) => id).sort()).toEqual(expected.sort());
        for (const { id, stands, withWords, changes } of objects) {
          const there = made.filter((one) => covers(one, id));
          const alike = there.filter((one) => matches(one, id));
          const span = (of: readonly NightOf[]) => ({ backups: of.length, first: of[0]?.name, last: of.at(-1)?.name });
          expect([stands, withWords]).toEqual([span(there), span(alike)]);
          const told = changes.filter(({ kind }) => kind !== 'touched');
          expect(told.map(({ kind, after, by }) => `${kind} between ${after} and ${by}`)).toEqual(becameOf(id, made));
        }
        const all = made.findLast((one) => expected.every((id) => covers(one, id) && matches(one, id)));
        expect(newestWithAll?.backup).toBe(expected.length === 0 ? undefined : all?.name);
      }
      const since = Date.parse('2026-11-24T00:00:00Z');
      const { objects: gone } = await find(series, { words: [], deletedSince: since });
      const deleted = [...ids].filter((id) => becameOf(id, made).at(-1)?.startsWith('deleted') === true);
      expect(gone.map(({ id }) => id).sort()).toEqual(deleted.sort());
    }),
    { numRuns: 4 },
  );
  expect(runs).toBeGreaterThanOrEqual(4);
});

it('a type of many files: of those only the ones that hold what changed are read', async () => {
  const site = new SimulatedSite();
  const type = site.addType({ schema: site.addSchema({ key: 'ONE' }), name: 'Thing' });
  for (let number = 1; number <= 1_700; number += 1) site.addObject({ type, name: `Thing ${number}` });
  const series = await NightSeries.of(site);
  const night = () => series.night({ activity: false });
  const first = await night();
  const some = [...site.objects.all()][1_600];
  if (!some) throw new Error('There are as many.');
  site.updateObject(some, { Name: ['Renamed'] });
  const second = await night();
  const { backups } = openLocalStores(series.directory);
  const read: string[] = [];
  const counting = Object.assign(Object.create(backups) as typeof backups, {
    read: (key: string, mostBytes?: number) => {
      if (key.includes('/objectsmeta/')) read.push(key.slice(0, key.indexOf('/')));
      return backups.read(key, mostBytes);
    },
    folders: () => backups.folders(),
    list: (prefix: string) => backups.list(prefix),
    ofScripts: async (name: string) => backups.ofScripts?.(name),
  });
  const { sites } = await findObjects(
    { backups: counting, reporter: new RecordingReporter() },
    { words: ['thing 1601'] },
  );
  expect(sites[0]?.objects[0]?.withWords).toMatchObject({ backups: 1, last: first.manifest.name });
  const files = second.manifest.schemas[0]?.objectTypes[0]?.objectsMeta.length ?? 0;
  expect(files).toBeGreaterThan(1);
  expect(read.filter((backup) => backup === second.manifest.name)).toHaveLength(files);
  expect(read.filter((backup) => backup === first.manifest.name)).toHaveLength(1);
});
