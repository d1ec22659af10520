import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { drill } from './drill-run.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';

const company = () => companySite().site;
const inProduction = (directory: string, sample = 200) =>
  writeFileSync(join(directory, 'settings.json'), JSON.stringify({ drill: { sample, inProduction: true } }));

/** Another site with the same people, statuses and icons. */
const like = (made: () => SimulatedSite) => emptySiteLike(made(), { workspaceId: crypto.randomUUID() });

describe('a drill', { timeout: 120_000 }, () => {
  it.each<[string, () => SimulatedSite]>([
    ['the demo', demoSite],
    ['an awkward site', awkwardSite],
    ['a company', company],
    ['a random site', () => randomSite(3, 30)],
    ['another random site', () => randomSite(11, 40)],
  ])('is green on a whole backup of %s, and leaves the other site as it was', async (_, made) => {
    const source = await testSimulator({ site: made() });
    const { directory } = await backUp(source);
    const target = await testSimulator({ site: like(made) });
    const before = fingerprint(target.site);
    const { result, report, error, reporter } = await drill(target, directory);
    expect(error).toBeUndefined();
    expect(report?.found).toEqual([]);
    expect(result?.outcome).toBe('passed');
    expect(result?.objects).toBeGreaterThan(0);
    expect(fingerprint(target.site)).toBe(before);
    const finished = reporter.events.find(({ name }) => name === 'drill.finished');
    expect(finished?.fields).toMatchObject({ passed: 1, differences: 0, objects: result?.objects });
  });

  it('refuses the site that was backed up, and runs there where the settings say so, without touching what is there', async () => {
    const simulator = await testSimulator({ site: company() });
    const { directory } = await backUp(simulator);
    const before = fingerprint(simulator.site);
    const refused = await drill(simulator, directory);
    expect(refused.error?.name).toBe('TargetRefusedError');
    expect(refused.error?.message).toContain('inProduction');
    expect(simulator.requests.writes).toEqual([]);
    inProduction(directory);
    const { result, report, error } = await drill(simulator, directory);
    expect(error).toBeUndefined();
    expect(report?.found).toEqual([]);
    expect(result?.outcome).toBe('passed');
    expect(report?.inProduction).toBe(true);
    expect(fingerprint(simulator.site)).toBe(before);
  });

  it('writes to nothing but its scratch schemas', async () => {
    const simulator = await testSimulator({ site: company() });
    const { directory } = await backUp(simulator);
    inProduction(directory);
    const { site } = simulator;
    const there = {
      schemas: new Set(site.schemas.keys()),
      types: new Set(site.types.keys()),
      attributes: new Set(site.attributes.keys()),
      objects: new Set(site.objects.all().map(({ id }) => id)),
      statusTypes: new Set(site.statusTypes.keys()),
    };
    const touched: string[] = [];
    const made: string[] = [];
    simulator.onRequest('*', ({ method, path, body }) => {
      if (method === 'GET') return;
      const [, kind = '', id = ''] =
        /\/(objectschema|objecttype|objecttypeattribute|object|statustype)\/(\d+)/.exec(path) ?? [];
      const known = {
        objectschema: there.schemas,
        objecttype: there.types,
        objecttypeattribute: there.types,
        object: there.objects,
        statustype: there.statusTypes,
      }[kind];
      if (known?.has(Number(id))) touched.push(`${method} ${path}`);
      const sent = body as { objectSchemaId?: string; objectTypeId?: string } | undefined;
      if (sent?.objectSchemaId !== undefined && there.schemas.has(Number(sent.objectSchemaId)))
        touched.push(`${method} ${path}`);
      if (sent?.objectTypeId !== undefined && there.types.has(Number(sent.objectTypeId)) && !path.includes('/aql'))
        touched.push(`${method} ${path}`);
      made.push(`${method} ${path}`);
    });
    const { result } = await drill(simulator, directory);
    expect(result?.outcome).toBe('passed');
    expect(touched).toEqual([]);
    expect(made.length).toBeGreaterThan(20);
    const { writes } = simulator.requests;
    expect(writes.filter(({ endpoint }) => /icon|global/i.test(endpoint)).map(({ path }) => path)).toEqual([]);
  });

  it('names what is not covered: global statuses and icons that the site lacks, references that are cut', async () => {
    const source = await testSimulator({ site: demoSite() });
    const { directory } = await backUp(source);
    writeFileSync(join(directory, 'settings.json'), JSON.stringify({ drill: { sample: 20 } }));
    const target = await testSimulator({ site: emptySiteLike(demoSite(), { workspaceId: crypto.randomUUID() }) });
    for (const status of [...target.site.statusTypes.values()]) target.site.statusTypes.delete(status.id);
    target.site.configurationChanged();
    const before = fingerprint(target.site);
    const { result, report, error } = await drill(target, directory);
    expect(error).toBeUndefined();
    expect(report?.found).toEqual([]);
    expect(result?.outcome).toBe('passed');
    expect(report?.uncovered.some(({ reason }) => reason.includes('not in the sample'))).toBe(true);
    expect(fingerprint(target.site)).toBe(before);
  });

  it('is left out of backups and of later restores', async () => {
    const simulator = await testSimulator({ site: company() });
    const { directory, result } = await backUp(simulator);
    inProduction(directory);
    // Its token may not delete: what it has made stays.
    const remove = simulator.faults.add({
      endpoint: '*',
      match: ({ method }) => method === 'DELETE',
      fault: { kind: 'status', status: 403 },
    });
    const refused = await drill(simulator, directory);
    expect(refused.error?.name).toBe('PermissionRefusedError');
    expect(refused.error?.message).toContain('may not delete the scratch schema');
    const scratch = [...simulator.site.schemas.values()].filter(({ key }) => key.startsWith('ZD'));
    expect(scratch.length).toBeGreaterThan(0);
    const night = await backUp(simulator, { directory });
    expect(night.manifest?.status).toBe('complete');
    expect(night.manifest?.schemas.map(({ key }) => key)).toEqual(['FAC', 'ASSETS']);
    expect(night.manifest?.notices.map(({ kind }) => kind)).toContain('scratch-left-out');
    expect(night.manifest?.suspicions).toEqual([]);
    const input = {
      folder: result?.backup ?? '',
      objectSchemas: [{ oldObjectSchemaKey: 'FAC', newObjectSchemaKey: scratch[0]?.key }],
      intoExisting: true,
    };
    expect((await restore(simulator, directory, input)).error?.message).toContain(
      'a scratch schema of a restore drill',
    );
    // Journals of a drill are in no id map: the same restore into the same site finds everything in its place.
    const inPlace = await restore(simulator, directory, { folder: result?.backup ?? '' });
    expect(inPlace.report?.counts.created).toBe(0);
    remove();
    expect((await drill(simulator, directory)).result?.outcome).toBe('passed');
    expect([...simulator.site.schemas.values()].map(({ key }) => key)).toEqual(['FAC', 'ASSETS']);
  });
});
