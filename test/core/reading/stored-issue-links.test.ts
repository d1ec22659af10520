import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBackup } from '../../../core/backup-format/open-backup.ts';
import type { Json } from '../../../core/model/json.ts';
import { BackupSource } from '../../../core/reading/backup-source.ts';
import { linkedObjectIds, storedIssueFields, storedIssueLinks } from '../../../core/reading/stored-issue-links.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { folderWithIssueLinks, issuesCompany, linksOnSite, storedLinks } from '../../end-to-end/issues-company.ts';
import { backUp, testSimulator } from '../../end-to-end/local-run.ts';

async function backedUp() {
  const { site } = issuesCompany();
  const directory = folderWithIssueLinks();
  const { manifest } = await backUp(await testSimulator({ site }), { directory });
  if (!manifest) throw new Error('There is no backup.');
  return { site, directory, manifest, backups: openLocalStores(directory).backups };
}

describe('issue links of a backup', () => {
  it('are read where its folder has another name by now', async () => {
    const { site, directory, manifest, backups } = await backedUp();
    renameSync(join(directory, manifest.name), join(directory, 'renamed'));
    expect(await storedLinks(directory, await openBackup(backups, 'renamed'))).toEqual(linksOnSite(site));
  });

  it('are those of files that are whole, where what is whole is read, and the others are named', async () => {
    const { manifest, backups } = await backedUp();
    const lost = manifest.issueLinks?.[0]?.files[0] ?? '';
    const options = { takesDamagedLists: true, lacking: new Set([lost]) };
    const source = await BackupSource.open(backups, manifest, options);
    const fields = (await storedIssueFields(source)) ?? [];
    expect(fields.map(({ missing }) => missing)).toEqual([[lost], [], []]);
    const counts = [];
    for (const field of fields) counts.push((await Array.fromAsync(storedIssueLinks(source, field))).length);
    expect(counts).toEqual([0, 3, 3]);
  });

  it('are undefined of a backup that was not to have them', async () => {
    const run = await backUp(await testSimulator({ site: issuesCompany().site }));
    if (!run.manifest) throw new Error('There is no backup.');
    const source = await BackupSource.open(openLocalStores(run.directory).backups, run.manifest);
    expect(await storedIssueFields(source)).toBeUndefined();
  });

  it.each<[Json, string[]]>([
    [
      [{ workspaceId: 'w', id: 'w:88', objectId: '88' }, { objectId: '7' }],
      ['88', '7'],
    ],
    [[{ id: 'w:88' }], ['88']],
    [{ objectId: '88' }, ['88']],
    [null, []],
    [[], []],
    [['free text', { objectId: '1' }], ['1']],
  ])('are the objects of %j: %j', (value, ids) => {
    expect(linkedObjectIds({ customfield_1: value }, 'customfield_1')).toEqual(ids);
  });
});
