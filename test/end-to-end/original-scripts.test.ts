import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { scriptsFilesOf, type WrittenAs, writeScripts } from '../core/original-scripts/written-scripts.ts';
import { compareSites } from './equal-sites.ts';
import { RecordingReporter, testDirectory } from './local-run.ts';
import { restore } from './restore-run.ts';

const name = '2022-06-16_10-41-30';
const site = fc.record({ seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }), size: fc.integer({ min: 1, max: 40 }) });
const writtenAs: fc.Arbitrary<WrittenAs> = fc.record({
  keyed: fc.boolean(),
  displayed: fc.boolean(),
});

/** What no restore can write, by the documentation: announced, and no loss of content. */
const isUnwritable = ({ reason }: { reason: string }) => reason.includes('the API lets nobody set');

describe('a random site in the layout of the original scripts', () => {
  it('is restored into an empty site, equal but for images of icons', async () => {
    const property = fc.asyncProperty(site, writtenAs, async ({ seed, size }, as) => {
      const source = randomSite(seed, size);
      const directory = testDirectory();
      const from = await startSimulator({ site: source });
      const files = await scriptsFilesOf(from, as).finally(() => from.close());
      writeScripts(join(directory, name), files);
      const { backups } = openLocalStores(directory);
      const manifest = await openBackup(backups, name);
      expect(manifest.gaps).toEqual([]);
      expect((await verifyBackup({ backups, reporter: new RecordingReporter() }, name)).problems).toEqual([]);

      const target = emptySiteLike(source);
      const to = await startSimulator({ site: target });
      const restored = await restore(to, directory, { folder: name }).finally(() => to.close());
      expect(restored.error).toBeUndefined();
      expect(restored.report?.differences).toEqual([]);
      const losses = restored.report?.losses.filter((loss) => !isUnwritable(loss)) ?? [];
      expect(losses.filter(({ kind }) => kind !== 'icon')).toEqual([]);
      expect(compareSites(source, target, { objects: restored.objects, history: true, icons: false })).toEqual([]);
    });
    await fc.assert(property, { numRuns: 12, seed: 20261130 });
  }, 600_000);
});

describe('the same of which only displayed values are there', () => {
  it('is restored with each value that is not equal named as lost', async () => {
    const property = fc.asyncProperty(site, async ({ seed, size }) => {
      const source = randomSite(seed, size);
      const directory = testDirectory();
      const from = await startSimulator({ site: source });
      const files = await scriptsFilesOf(from, { raw: false }).finally(() => from.close());
      writeScripts(join(directory, name), files);

      const target = emptySiteLike(source);
      const to = await startSimulator({ site: target });
      const choices = { folder: name, whatIsWhole: true };
      const restored = await restore(to, directory, choices).finally(() => to.close());
      expect(restored.error).toBeUndefined();
      expect(restored.report?.differences).toEqual([]);
    });
    await fc.assert(property, { numRuns: 4, seed: 20261130, endOnFailure: true });
  }, 600_000);
});
