import { openBackup } from '../../backup-format/open-backup.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { needJson, readJson } from '../../work-store/json-file.ts';
import type { CommentsFile } from '../id-map/comment-journal.ts';
import type { ConfigurationIntents } from '../id-map/configuration-journal.ts';
import type { LinksFile } from '../id-map/earlier-restores.ts';
import type { ObjectJournalFile } from '../id-map/object-journal.ts';
import type { IssueJournalFile } from '../issues/issue-journal.ts';
import { journalKeys } from '../restore-keys.ts';

/** Whether the journals of the restore that is undone hold anything that it has made, found or written. */
export async function hasWritten({ work, backups }: Services, run: RestoreRun): Promise<boolean> {
  const { undo = '', backup, workspace } = run;
  const manifest = await openBackup(backups, backup);
  const keys = journalKeys(manifest.site.workspaceId, workspace.workspaceId);
  const configuration = await readJson<ConfigurationIntents>(work, keys.configuration(undo));
  const noted = Object.values(configuration?.ids ?? {}).some((ids) => Object.keys(ids).length > 0);
  if (noted || (configuration?.finishedKeys ?? []).length > 0) return true;
  for await (const key of work.list(`${keys.allObjects}${undo}.`)) {
    if (Object.keys((await needJson<ObjectJournalFile>(work, key)).entries).length > 0) return true;
  }
  for await (const key of work.list(`${keys.allLinks}${undo}.`)) {
    const { done, images = [] } = await needJson<LinksFile>(work, key);
    if (done.length + images.length > 0) return true;
  }
  for await (const key of work.list(`${keys.allIssues}${undo}.`)) {
    if (Object.keys((await needJson<IssueJournalFile>(work, key)).entries).length > 0) return true;
  }
  for await (const key of work.list(`${keys.allComments}${undo}.`)) {
    if (Object.keys((await needJson<CommentsFile>(work, key)).objects).length > 0) return true;
  }
  return false;
}
