import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import type { Attribute, StoredObject } from '../../simulator/site/records.ts';
import { Refusal } from '../../simulator/site/refusal.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { backUp, HurriedClock, testDirectory } from './local-run.ts';
import { restore } from './restore-run.ts';

const isDeep = process.env.npm_lifecycle_event === 'test:deep';

/** Somebody gives an attribute of an object the values that another object has, or none; `byImport` says who. */
interface Edit {
  readonly object: number;
  readonly attribute: number;
  readonly from: number;
  readonly byImport: boolean;
}

interface Repair {
  readonly seed: number;
  readonly size: number;
  readonly edits: readonly Edit[];
  readonly narrows: boolean;
  /** Which attributes are chosen; 0: all. */
  readonly chosen: number;
}

/** All values of a site, by object and attribute. */
function valuesOf(site: SimulatedSite): Map<string, readonly string[]> {
  return new Map(
    [...site.objects.all()].flatMap((object) =>
      site.typeAttributes(object.typeId).map((attribute): [string, readonly string[]] => {
        const texts = (object.values.get(attribute.id) ?? []).filter((text) => text !== '');
        return [`${object.id} ${attribute.id}`, texts.toSorted()];
      }),
    ),
  );
}

const pick = <T>(list: readonly T[], number: number): T | undefined => list[number % Math.max(1, list.length)];

/** What nobody can set, and what no two objects may have alike: a swap of those is another matter. */
const isEditable = ({ role, unique, label }: Attribute) => role === undefined && !unique && !label;

function doEdit(site: SimulatedSite, edit: Edit, importer: Parameters<SimulatedSite['updateObject']>[2]) {
  const objects = [...site.objects.all()];
  const object = pick(objects, edit.object) as StoredObject;
  const attribute = pick(site.typeAttributes(object.typeId).filter(isEditable), edit.attribute);
  const siblings = objects.filter(({ typeId }) => typeId === object.typeId);
  const other = edit.from % 4 === 0 ? undefined : pick(siblings, edit.from);
  if (!attribute) return undefined;
  const before = JSON.stringify(object.values.get(attribute.id) ?? []);
  const values = [...(other?.values.get(attribute.id) ?? [])];
  try {
    site.updateObject(object, { [attribute.name]: values }, edit.byImport ? importer : undefined);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  const isChanged = JSON.stringify(object.values.get(attribute.id) ?? []) !== before;
  return isChanged ? `${object.id} ${attribute.id}` : undefined;
}

async function liveThrough({ seed, size, edits, narrows, chosen }: Repair): Promise<string[]> {
  const site = randomSite(seed, size);
  for (const attribute of site.attributes.values()) if (attribute.role === undefined) attribute.minimumCardinality = 0;
  const clock = new HurriedClock();
  const simulator = await startSimulator({ site, clock });
  try {
    const { directory, result } = await backUp(simulator, { directory: testDirectory(), clock });
    const importer = site.addUser({ displayName: 'Import' });
    const before = valuesOf(site);
    const lastBy = new Map<string, boolean>();
    for (const edit of edits) {
      await clock.sleep(1_000);
      const place = doEdit(site, edit, importer);
      if (place !== undefined) lastBy.set(place, edit.byImport);
    }
    const edited = valuesOf(site);
    const names = [...new Set([...site.attributes.values()].filter(isEditable).map(({ name }) => name))];
    const attributes = chosen === 0 ? [] : names.filter((_, index) => (chosen >> (index % 6)) % 2 === 1);
    const input = {
      folder: result?.backup ?? '',
      onExisting: 'update',
      include: { attributes },
      ...(narrows && { changedBy: importer.accountId }),
    };
    const run = (more = {}) => restore(simulator, directory, { ...input, ...more }, { clock });
    const first = await run();
    const done = first.result?.outcome === 'needs-approval' ? await run({ approve: first.result.hash }) : first;
    if (done.error || !done.report) return [`it ended with ${done.error ?? done.result?.message}`];
    const lost = new Set(done.report.losses.map(({ source, attribute }) => `${source} ${attribute}`));
    const after = valuesOf(site);
    const wrong = done.report.differences.map(({ where, what }) => `it tells of a difference: ${where}, ${what}`);
    for (const [place, now] of after) {
      const [id = '', attributeId = ''] = place.split(' ');
      const { name } = site.attribute(Number(attributeId));
      const isChosen = attributes.length === 0 || attributes.includes(name);
      const isMeant = isChosen && (!narrows || lastBy.get(place) === true);
      const wanted = JSON.stringify((isMeant ? before : edited).get(place) ?? []);
      if (wanted === JSON.stringify(now) || (isMeant && lost.has(`${id} ${name}`))) continue;
      wrong.push(`${name} of ${id} is ${JSON.stringify(now)}, not ${wanted}`);
    }
    if (after.size !== edited.size) wrong.push('there are other objects');
    const written = simulator.requests.writes.length;
    const again = await run();
    const writes = simulator.requests.writes.slice(written).map(({ path }) => `once more, it wrote to ${path}`);
    const end = again.result?.outcome;
    const ends = lost.size > 0 ? ['needs-approval', 'restored-with-losses'] : ['restored'];
    return [...wrong, ...writes, ...(ends.includes(String(end)) ? [] : [`once more, it ended with ${end}`])];
  } finally {
    await simulator.close();
  }
}

it('brings back exactly what was chosen, whatever people did, and changes nothing else', async () => {
  const number = fc.nat(10_000);
  const repair: fc.Arbitrary<Repair> = fc.record({
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    size: fc.integer({ min: 3, max: 24 }),
    edits: fc.array(fc.record({ object: number, attribute: number, from: number, byImport: fc.boolean() }), {
      minLength: 1,
      maxLength: 20,
    }),
    narrows: fc.boolean(),
    chosen: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 63 })),
  });
  const property = fc.asyncProperty(repair, async (one) => {
    expect(await liveThrough(one)).toEqual([]);
  });
  await fc.assert(property, { numRuns: isDeep ? 200 : 25, ...(!isDeep && { seed: 20261129, endOnFailure: true }) });
}, 600_000);
