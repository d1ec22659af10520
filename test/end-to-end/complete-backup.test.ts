import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { safeName } from '../../core/backup-format/safe-name.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { requestsSent } from '../../core/work-store/request-counts.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { emptySite } from '../../simulator/seeds/empty.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Quirks } from '../../simulator/start-simulator.ts';
import { backUp, type FinishedRun, RecordingReporter, testSimulator } from './local-run.ts';
import { readStored, truthOf } from './stored-site.ts';

async function expectWhole(site: SimulatedSite, run: FinishedRun): Promise<void> {
  expect(run.error).toBeUndefined();
  expect(run.manifest?.gaps).toEqual([]);
  expect(run.result?.status).toBe('complete');
  if (!run.manifest) return;
  const stored = await readStored(run.directory, run.manifest);
  const truth = truthOf(site);
  expect(stored.objects).toEqual(truth.objects);
  expect(stored.history).toEqual(truth.history);
  expect(stored.comments).toEqual(truth.comments);
  const { backups } = openLocalStores(run.directory);
  const verification = await verifyBackup({ backups, reporter: new RecordingReporter() }, run.manifest.name);
  expect(verification.problems).toEqual([]);
  expect(verification.strangers).toEqual([]);
}

describe('a backup', () => {
  it('holds every object, value, comment and history entry of a realistic site, unchanged', async () => {
    const site = demoSite();
    const simulator = await testSimulator({ site });
    const run = await backUp(simulator);
    await expectWhole(site, run);
    expect(run.manifest?.counts.objects).toBe(truthOf(site).objects.size);
    expect(run.reporter.advancedCounts).toEqual(run.reporter.plannedCounts);
  });

  it('holds awkward names and values as they are, big numbers to the last digit', async () => {
    const site = awkwardSite();
    const simulator = await testSimulator({ site });
    const run = await backUp(simulator);
    await expectWhole(site, run);
    const texts = (run.manifest?.schemas ?? [])
      .flatMap(({ objectTypes }) => objectTypes.flatMap(({ objectsMeta }) => objectsMeta))
      .map((key) => readFileSync(join(run.directory, key), 'utf8'))
      .join('\n');
    expect(texts).toContain('12345678901234567890');
    expect(texts).toMatch(/\b1\.0\b/);
  });

  it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))('holds random site %i', async (seed) => {
    const site = randomSite(seed, 40);
    await expectWhole(site, await backUp(await testSimulator({ site })));
  });

  it('of an empty site is complete, and can be verified', async () => {
    const site = emptySite();
    await expectWhole(site, await backUp(await testSimulator({ site })));
  });

  const quirks: [string, Partial<Quirks>][] = [
    ['isLast is a boolean', { isLast: 'boolean' }],
    ['isLast is missing', { isLast: 'absent' }],
    ['hasMoreResults is there and total is capped', { hasMoreResults: true, totalCap: 1000 }],
    ['pages are smaller than asked for', { maxPageSize: 25 }],
    ['isLast is wrong from 100 on', { isLastWrongFrom: 100 }],
    ['attributes have no type', { attributeType: 'never' }],
    ['nested kinds have a value', { valueOfNestedKinds: 'present' }],
    ['displayName is missing', { displayName: false }],
    ['icons have UUIDs', { iconIds: 'uuid' }],
    ['keys sort as text', { keySort: 'text' }],
    ['history has no type', { historyType: false }],
  ];
  it.each(quirks)('is complete where %s', async (_, quirk) => {
    const site = largeSite({
      objects: 560,
      types: 3,
      shareOfFirstType: 0.95,
      historyEntries: 1,
      shareWithComments: 0.1,
    });
    await expectWhole(site, await backUp(await testSimulator({ site, quirks: quirk })));
  });

  it('of a site without comments names them as not offered, and is complete', async () => {
    const site = randomSite(3, 30);
    const run = await backUp(await testSimulator({ site, quirks: { comments: 'not-offered' } }));
    expect(run.result?.status).toBe('complete');
    expect(run.manifest?.notOffered.map(({ what }) => what)).toEqual(['comments']);
    expect(run.manifest?.counts.comments).toBe(0);
    expect(run.manifest?.counts.historyRead).toBe(run.manifest?.counts.objects);
  });

  it('of chosen schemas holds those, and lists references that lead out of them', async () => {
    const site = demoSite();
    const simulator = await testSimulator({ site });
    const key = [...site.schemas.values()][0]?.key ?? '';
    const run = await backUp(simulator, { objectSchemaKeys: [key] });
    expect(run.result?.status).toBe('complete');
    expect(run.manifest?.schemas.map((schema) => schema.key)).toEqual([key]);
    const { backups } = openLocalStores(run.directory);
    const verification = await verifyBackup({ backups, reporter: new RecordingReporter() }, run.result?.backup ?? '');
    expect(verification.problems).toEqual([]);
    expect(verification.referencesOutside).toBe(run.manifest?.references.outside);
  });

  it('lies in the layout of the original, private to its owner, without a media token', async () => {
    const site = randomSite(7, 40);
    const run = await backUp(await testSimulator({ site }));
    const name = run.result?.backup ?? '';
    const files = readdirSync(join(run.directory, name), { recursive: true, encoding: 'utf8' }).sort();
    const schema = run.manifest?.schemas.find(({ objectTypes }) => objectTypes.some(({ stored }) => stored > 0));
    const type = schema?.objectTypes.find(({ stored }) => stored > 0);
    for (const file of [
      'manifest.json',
      'manifest/files-00001.jsonl',
      'config/objectschemas.json',
      ...[
        'objectschema',
        'objectschema_properties',
        'objecttypes',
        'global_referencetypes',
        'global_statustypes',
        'referencetypes',
        'statustypes',
        'icons',
      ].map((config) => `${schema?.folder}/config/${config}.json`),
      `${schema?.folder}/config/attributes/${safeName(type?.name ?? '')}_${type?.id}.json`,
      `${schema?.folder}/objects/${safeName(type?.name ?? '')}_${type?.id}.json`,
      `${schema?.folder}/objectsmeta/${safeName(type?.name ?? '')}_${type?.id}.json`,
    ]) {
      expect(files).toContain(file);
    }
    expect(files.some((file) => /\/objects\/history\/\d+\.json$/.test(file))).toBe(true);
    expect(files.some((file) => /\/objects\/comments\/\d+\.json$/.test(file))).toBe(true);
    expect(files.some((file) => /\/config\/icons\/.+\.png$/.test(file))).toBe(true);
    for (const file of files) {
      const path = join(run.directory, name, file);
      const mode = statSync(path).mode & 0o777;
      expect(mode, file).toBe(statSync(path).isDirectory() ? 0o700 : 0o600);
      if (!statSync(path).isDirectory()) expect(readFileSync(path, 'latin1')).not.toContain('jwt');
    }
  });

  it('of 5,000 objects in 20 types takes at most 2.03 requests an object, counted by the site', async () => {
    const site = largeSite({
      objects: 5_000,
      types: 20,
      historyEntries: 1,
      shareWithComments: 0.2,
      shareOfFirstType: 0.3,
    });
    const simulator = await testSimulator({ site });
    const run = await backUp(simulator);
    expect(run.result?.counts.objects).toBe(5_000);
    expect(simulator.requests.total / 5_000).toBeLessThanOrEqual(2.03);
    // The two requests of discovery are no reader's.
    expect(requestsSent(run.manifest?.requests ?? {})).toBe(simulator.requests.total - 2);
  });

  it('without activity takes at most 0.005 requests an object', async () => {
    const site = largeSite({ objects: 30_000, types: 12 });
    const simulator = await testSimulator({ site });
    const run = await backUp(simulator, { activity: false });
    expect(run.result?.counts.objects).toBe(30_000);
    expect(run.manifest?.options.activity).toBe(false);
    expect(simulator.requests.total / 30_000).toBeLessThanOrEqual(0.005);
  });
});
