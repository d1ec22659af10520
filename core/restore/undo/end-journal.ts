import { openBackup } from '../../backup-format/open-backup.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { readJson } from '../../work-store/json-file.ts';
import { type ConfigurationIntents, writeIntents } from '../id-map/configuration-journal.ts';
import { journalKeys } from '../restore-keys.ts';

/**
 * Notes of a restore of which nothing is left that it has come to its end: what somebody makes later at the places where it had
 * set out to make something is theirs.
 */
export async function endJournal(
  { work, backups }: Pick<Services, 'work' | 'backups'>,
  { backup, undo = '', workspace }: RestoreRun,
): Promise<void> {
  const manifest = await openBackup(backups, backup);
  const journals = journalKeys(manifest.site.workspaceId, workspace.workspaceId);
  const journal = await readJson<ConfigurationIntents>(work, journals.configuration(undo));
  if (!journal) return;
  await writeIntents(work, journals, {
    ...journal,
    intents: journal.intents.filter(({ kind, source }) => kind !== 'schema' || journal.schemas[source] !== undefined),
    finishedKeys: journal.schemaKeys,
  });
}
