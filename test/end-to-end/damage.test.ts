import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activityFileKinds } from '../../core/model/activity.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { withIssues } from './issues-company.ts';
import { backUp, RecordingReporter, testDirectory, testSimulator } from './local-run.ts';

const damages: readonly { name: string; damage: (path: string, other: string) => void }[] = [
  {
    name: 'flipped in a bit',
    damage(path) {
      const bytes = readFileSync(path);
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 0x01;
      writeFileSync(path, bytes);
    },
  },
  { name: 'truncated', damage: (path) => truncateSync(path, readFileSync(path).length - 1) },
  { name: 'emptied', damage: (path) => truncateSync(path, 0) },
  { name: 'removed', damage: (path) => rmSync(path) },
  {
    name: 'swapped with another',
    damage(path, other) {
      const [mine, others] = [readFileSync(path), readFileSync(other)];
      writeFileSync(path, others);
      writeFileSync(other, mine);
    },
  },
];

async function namedBy(directory: string, backup: string): Promise<string[]> {
  const { backups } = openLocalStores(directory);
  const { problems } = await verifyBackup({ backups, reporter: new RecordingReporter() }, backup);
  return problems.map(({ key }) => key);
}

describe('verification', () => {
  it.each(damages.flatMap(({ name, damage }) => activityFileKinds.map((layout) => ({ name, layout, damage }))))(
    'names each stored file that is $name, where activity lies by $layout',
    async ({ layout, damage }) => {
      const site = withIssues(randomSite(5, 25));
      const directory = testDirectory();
      writeFileSync(join(directory, 'settings.json'), JSON.stringify({ activityFiles: layout, issueLinks: true }));
      const run = await backUp(await testSimulator({ site }), { directory });
      const backup = run.result?.backup ?? '';
      const { backups } = openLocalStores(run.directory);
      const keys = (await Array.fromAsync(backups.list(`${backup}/`))).map(({ key }) => key);
      expect(keys.length).toBeGreaterThan(15);
      expect(await namedBy(run.directory, backup)).toEqual([]);

      for (const [index, key] of keys.entries()) {
        const copy = testDirectory();
        cpSync(join(run.directory, backup), join(copy, backup), { recursive: true });
        const original = readFileSync(join(run.directory, key));
        // Not with a list of files: what a damaged one names, nobody knows any more.
        const others = [...keys.slice(index + 1), ...keys].filter((one) => !one.includes('/manifest/files-'));
        const other = others.find((one) => !readFileSync(join(run.directory, one)).equals(original)) ?? '';
        damage(join(copy, key), join(copy, other));
        expect(await namedBy(copy, backup), key).toContain(key);
        rmSync(copy, { recursive: true });
      }
    },
  );

  it('mentions files that the manifest does not name, without calling them damage', async () => {
    const run = await backUp(await testSimulator({ site: randomSite(5, 5) }));
    const backup = run.result?.backup ?? '';
    writeFileSync(join(run.directory, backup, '.DS_Store'), 'x');
    const { backups } = openLocalStores(run.directory);
    const verification = await verifyBackup({ backups, reporter: new RecordingReporter() }, backup);
    expect(verification).toMatchObject({ problems: [], strangers: [`${backup}/.DS_Store`] });
  });
});
