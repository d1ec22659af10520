import { schemaListKey } from '../backup-format/keys.ts';
import type { StoredFile } from '../backup-format/manifest.ts';
import { DamagedBackupError } from '../errors.ts';
import type { RestoreChoices, RestoreRun } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import { activityOf } from '../reading/backup-source.ts';
import { isTimeShort } from '../runs/deadline.ts';
import { sideBySide } from '../side-by-side.ts';
import { checkFile } from '../verify/check-file.ts';
import { openSource } from './restore-context.ts';

/** Files read at once, and how many before the time is looked at. */
const filesAtOnce = 16;
const filesAPart = 2_000;
const shownProblems = 5;

/**
 * Reads every file of the backup that this restore needs, from the one at `from` on, and holds it against its checksum:
 * a backup that is damaged is refused before anything is written. Hands back where to go on, or null when all is read.
 */
export async function checkBackup(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { source, schemas, choices } = await openSource(services, run);
  const folders = schemas.map(({ folder }) => `${run.backup}/${folder}/`);
  const files: StoredFile[] = [];
  for await (const file of source.listed()) {
    const isNeeded = file.key === schemaListKey(run.backup) || folders.some((folder) => file.key.startsWith(folder));
    if (isNeeded && isRead(file.key, choices)) files.push(file);
  }
  if (from === 0) services.reporter.planned('check', files.length);
  for (let at = from; at < files.length; at += filesAPart) {
    if (at > from && isTimeShort(services)) return { next: at };
    await checkPart(services, files.slice(at, at + filesAPart));
  }
  return { next: null };
}

async function checkPart({ backups, reporter }: Services, files: readonly StoredFile[]): Promise<void> {
  const problems: string[] = [];
  await sideBySide(files, filesAtOnce, async (file) => {
    const checked = await checkFile(backups, file);
    if ('problem' in checked) problems.push(`${file.key} ${checked.problem}`);
    reporter.advanced('check', 1);
  });
  if (problems.length === 0) return;
  const more = problems.length > shownProblems ? ` (${problems.length} files are)` : '';
  throw new DamagedBackupError(
    `The backup is damaged${more}: ${problems.slice(0, shownProblems).join(' ')} Nothing was written. Restore another backup.`,
  );
}

/** The files for people are not read, nor is activity that is not asked for. */
function isRead(key: string, choices: RestoreChoices): boolean {
  const activity = activityOf(key);
  if (activity) {
    return choices.processObjects && (activity.kind === 'comments' ? choices.processComments : choices.processHistory);
  }
  return !/\/objects\/[^/]+$/.test(key);
}
