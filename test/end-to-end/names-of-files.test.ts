import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySite, emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, RecordingReporter, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';
import { readStored, truthOf } from './stored-site.ts';

/** A backup of the site that is whole, and holds each of its objects as the site has it. */
async function backedUp(site: SimulatedSite) {
  const simulator = await testSimulator({ site });
  const run = await backUp(simulator);
  expect(run.result).toMatchObject({ status: 'complete', gaps: 0 });
  const [manifest, backup] = [run.manifest as Manifest, run.result?.backup ?? ''];
  const { backups } = openLocalStores(run.directory);
  const verification = await verifyBackup({ backups, reporter: new RecordingReporter() }, backup);
  expect(verification).toMatchObject({ problems: [], strangers: [] });
  site.linkBase = simulator.url;
  expect((await readStored(run.directory, manifest)).objects).toEqual(truthOf(site).objects);
  return { directory: run.directory, backup, manifest };
}

function schemaWith(site: SimulatedSite, key: string, objects: readonly string[]) {
  const schema = site.addSchema({ key, name: `Schema ${key}` });
  const type = site.addType({ schema, name: `Type of ${key}` });
  for (const name of objects) site.addObject({ type, name });
  return schema;
}

describe('two schemas', () => {
  it('never get one folder: one whose folder carries its id beside one whose key is just that', async () => {
    const site = emptySite();
    const reserved = schemaWith(site, 'CONFIG', ['one', 'two']);
    schemaWith(site, `CONFIG_${reserved.id}`, ['three']);
    const { directory, backup, manifest } = await backedUp(site);
    const folders = manifest.schemas.map(({ folder }) => folder.toLowerCase());
    expect(new Set(folders).size).toBe(2);
    expect(folders).not.toContain('config');
    const target = emptySiteLike(site);
    const restored = await restore(await testSimulator({ site: target }), directory, { folder: backup });
    expect(restored.report).toMatchObject({ differences: [], losses: [] });
    expect(compareSites(site, target, { objects: restored.objects, history: true })).toEqual([]);
  });
});

describe('a long name', () => {
  const names = {
    'three bytes a character': '種類の名前'.repeat(40),
    'four bytes a character': '𠮷野家💻'.repeat(40),
    'a character of many': '👩‍👩‍👧‍👦'.repeat(30),
    'combining marks': 'ก็'.repeat(100),
  };

  it.each(Object.entries(names))('of %s is cut to what a disk takes, between two characters', async (_, name) => {
    const site = emptySite();
    const schema = site.addSchema({ key: 'LONG', name: 'Long' });
    const type = site.addType({ schema, name: name.slice(0, 250).toWellFormed() });
    site.addObject({ type, name: 'one' });
    const { directory, backup, manifest } = await backedUp(site);
    const [key = ''] = manifest.schemas.flatMap(({ objectTypes }) =>
      objectTypes.filter(({ id }) => id === String(type.id)).flatMap(({ objectsMeta }) => objectsMeta),
    );
    const file = key.slice(key.lastIndexOf('/') + 1);
    expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
    expect(readdirSync(join(directory, backup, 'LONG', 'objectsmeta'))).toContain(file);
    const characters = (text: string) => Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
    const kept = characters(file.slice(0, file.lastIndexOf('_')));
    expect(characters(type.name).slice(0, kept.length)).toEqual(kept);
    expect(kept.length).toBeGreaterThan(3);
  });
});

it('a run whose records name a file twice ends without a manifest', async () => {
  const run = await backUp(await testSimulator({ site: randomSite(3, 12) }), {
    decorate: (services) => ({
      ...services,
      work: new Proxy(services.work, {
        get: (work, name) => {
          const method = Reflect.get(work, name) as (...given: unknown[]) => unknown;
          if (name !== 'write') return method.bind(work);
          return (key: string, text: string) => {
            if (!/\/configuration\/\d+\.json$/.test(key)) return method.call(work, key, text);
            const record = JSON.parse(text) as { files: unknown[] };
            return method.call(work, key, JSON.stringify({ ...record, files: [...record.files, record.files[0]] }));
          };
        },
      }),
    }),
  });
  expect(run.error).toMatchObject({ name: 'DamagedWorkFileError', exitCode: 15 });
  expect(run.error?.message).toMatch(/^The records of this run name \S+ twice, so one of two files is not there\./);
});
