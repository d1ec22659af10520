import { describe, expect, it } from 'vitest';
import type { Quirks } from '../../simulator/site/quirks.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { backUp, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';
import { readStored, truthOf } from './stored-site.ts';

/** Two types whose objects came in turns, with holes: a large one, and one that offsets reach. */
function wideSite(size: number): SimulatedSite {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'WIDE' });
  const large = site.addType({ schema, name: 'Large' });
  const small = site.addType({ schema, name: 'Small' });
  for (let number = 1; number <= size; number += 1) {
    site.addObject({ type: large, name: `large ${number}` });
    const other = site.addObject({ type: small, name: `small ${number}` });
    if (number > 30) site.deleteObject(other);
  }
  return site;
}

async function backUpWide(site: SimulatedSite, quirks: Partial<Quirks>, options: Parameters<typeof backUp>[1] = {}) {
  const simulator = await testSimulator({ site, quirks });
  const run = await backUp(simulator, { activity: false, ...options });
  if (!run.manifest) throw run.error ?? new Error('no manifest');
  const stored = await readStored(run.directory, run.manifest);
  return { simulator, run, manifest: run.manifest, stored };
}

describe('offsets that end before the count', () => {
  const ends = ['empty-page', 400, 500] as const;
  const forms = [
    { keySort: 'numeric', isLast: 'string' },
    { keySort: 'text', isLast: 'boolean' },
    { keySort: 'numeric', isLast: 'absent', maxPageSize: 100 },
  ] as const;
  const cases = ends.flatMap((offsetsEnd) => forms.map((form) => ({ offsetsEnd, ...form })));

  it.each(cases)('lose nothing: $offsetsEnd, keys as $keySort, isLast $isLast', async (quirks) => {
    const site = wideSite(2_650);
    const { simulator, manifest, stored } = await backUpWide(site, { offsetsEndAt: 1_000, ...quirks });
    expect(manifest).toMatchObject({ status: 'complete', gaps: [], notices: [] });
    expect(stored.objects).toEqual(truthOf(site).objects);
    expect(manifest.schemas[0]?.objectTypes.map(({ stored }) => stored)).toEqual([2_650, 30]);
    expect(simulator.requests.count('totalcount')).toBeLessThan(40);
  });

  it('lose nothing where they end early, among many objects', async () => {
    const site = wideSite(3_000);
    const { simulator, manifest, stored } = await backUpWide(site, { offsetsEndAt: 100, maxPageSize: 50 });
    expect(manifest.status).toBe('complete');
    expect(stored.objects).toEqual(truthOf(site).objects);
    expect(simulator.requests.count('totalcount')).toBeLessThan(200);
  });

  it('lose nothing where every invocation is short of time', async () => {
    const site = wideSite(400);
    const quirks = { offsetsEndAt: 90, maxPageSize: 40 };
    const { manifest, stored } = await backUpWide(site, quirks, { remainingMilliseconds: () => 0 });
    expect(manifest).toMatchObject({ status: 'complete', gaps: [] });
    expect(stored.objects).toEqual(truthOf(site).objects);
  });

  it('lose nothing that was there all the time while the site changes', async () => {
    const site = wideSite(1_500);
    const type = [...site.types.values()][0];
    if (!type) throw new Error('no type');
    const simulator = await testSimulator({ site, quirks: { offsetsEndAt: 300, maxPageSize: 100 } });
    const gone = [...site.objects.idsOfType(type.id)].filter((_, index) => index % 90 === 45);
    const lasting = [...site.objects.idsOfType(type.id)].filter((id) => !gone.includes(id)).map(String);
    simulator.onRequest('object-aql', ({ index }) => {
      const id = index % 4 === 3 ? gone.pop() : undefined;
      if (id === undefined) return;
      site.deleteObject(site.object(id));
      site.createObject({ type, name: `new ${index}` });
    });
    const run = await backUp(simulator, { activity: false });
    if (!run.manifest) throw run.error ?? new Error('no manifest');
    const stored = await readStored(run.directory, run.manifest);
    expect(lasting.filter((id) => !stored.objects.has(id))).toEqual([]);
    expect(run.result?.status).toBe('complete');
  });

  it('ask nothing more of a site whose offsets do not end', async () => {
    const { simulator, manifest } = await backUpWide(wideSite(1_300), {});
    expect(manifest.status).toBe('complete');
    const bodies = simulator.requests.count('totalcount');
    // One for each type, two for the schema; its newest change before and after.
    expect([bodies, simulator.requests.count('object-aql')]).toEqual([4, 4 + 1 + 2]);
  });

  it('are known to a restore as well', async () => {
    const site = wideSite(1_200);
    const simulator = await testSimulator({ site, quirks: { offsetsEndAt: 500 } });
    const { directory, result } = await backUp(simulator, { activity: false });
    const objects = site.objects.size;
    for (const id of [...site.objects.idsOfType(1)].slice(-3)) site.deleteObject(site.object(id));
    const before = simulator.requests.count('object');
    const folder = result?.backup ?? '';
    await restore(simulator, directory, { folder, dryRun: true });
    // The plan knows by pages what is there: only what is to be made is asked for by id.
    expect(simulator.requests.count('object') - before).toBeLessThan(10);
    const restored = await restore(simulator, directory, { folder });
    expect(restored.error).toBeUndefined();
    expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    expect(restored.result).toMatchObject({ created: 3, reused: objects - 3 });
    expect(site.objects.size).toBe(objects);
  });
});

describe('offsets that end, on a site that', () => {
  const ways = (['empty-page', 400] as const).flatMap((offsetsEnd) =>
    (['refused', 'ignored'] as const).map((objectIdRanges) => ({ offsetsEnd, objectIdRanges })),
  );
  it.each(ways)('has $objectIdRanges ranges of ids: what is missing is named ($offsetsEnd)', async (quirks) => {
    const site = wideSite(700);
    const { simulator, run, manifest, stored } = await backUpWide(site, {
      offsetsEndAt: 200,
      maxPageSize: 50,
      ...quirks,
    });
    expect(run.result?.status).toBe('partial');
    expect(manifest.gaps.filter(({ kind }) => kind !== 'objects' && kind !== 'counts')).toEqual([]);
    const truth = truthOf(site).objects;
    for (const [id, object] of stored.objects) expect(object).toEqual(truth.get(id));
    expect(stored.objects.size).toBeGreaterThanOrEqual(150);
    // Three listings of the schema from both ends, and what one end alone showed, by itself.
    expect(simulator.requests.total).toBeLessThan(450);
  });

  it('has no ranges and shows about as many from the other end does not pass for one whose roles hide the rest', async () => {
    const site = wideSite(700);
    const quirks = { offsetsEndAt: 300, maxPageSize: 100, objectIdRanges: 'refused' } as const;
    const { manifest, stored } = await backUpWide(site, quirks);
    expect(stored.objects.size).toBeLessThan(site.objects.size);
    expect(manifest.status).toBe('partial');
    expect(manifest.gaps.map(({ kind }) => kind)).toEqual(['objects']);
    const missing = site.objects.size - stored.objects.size;
    expect(manifest.gaps[0]?.what).toBe(`${missing} objects that no page of a search shows`);
  });

  it.each([3, 900, 1_990])('hides %i objects that it counts: nobody looks for them for ever', async (hidden) => {
    const site = wideSite(2_000);
    const ids = [...site.objects.idsOfType(1)];
    for (let index = 0; index < hidden; index += 1) {
      const id = ids[Math.floor((index * ids.length) / hidden)] ?? 0;
      site.roles.hideObject(site.object(id));
    }
    const { simulator, manifest, stored } = await backUpWide(site, { hiddenCountedBy: ['totalcount', 'type'] });
    expect(manifest.gaps.length + manifest.notices.length).toBeGreaterThan(0);
    expect(stored.objects.size).toBe(2_030 - hidden);
    expect(simulator.requests.count('totalcount')).toBeLessThan(80);
    expect(simulator.requests.count('object-aql')).toBeLessThan(130);
  });
});
