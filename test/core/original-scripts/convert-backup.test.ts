import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBackup } from '../../../core/backup-format/open-backup.ts';
import { verifyBackup } from '../../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { demoSite } from '../../../simulator/seeds/demo.ts';
import { RecordingReporter, testDirectory, testSimulator } from '../../end-to-end/local-run.ts';
import { scriptsFilesOf, writeScripts } from './written-scripts.ts';

describe('a converted backup', () => {
  it('is whole, and says what it does not hold', async () => {
    const simulator = await testSimulator({ site: demoSite() });
    const files = await scriptsFilesOf(simulator);
    const directory = testDirectory();
    const name = '2022-06-16_10-41-30';
    writeScripts(join(directory, name), files);
    const { backups } = openLocalStores(directory);
    const manifest = await openBackup(backups, name);
    console.log(JSON.stringify(manifest.counts), manifest.status, manifest.gaps, manifest.notices, manifest.site);
    const verification = await verifyBackup({ backups, reporter: new RecordingReporter() }, name);
    expect(verification.problems).toEqual([]);
    expect(manifest.status).toBe('complete');
  });
});
