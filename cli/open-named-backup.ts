import { isBackupName, mayNameBackup } from '../core/backup-format/keys.ts';
import type { Manifest } from '../core/backup-format/manifest.ts';
import { listBackups, openBackup } from '../core/backup-format/open-backup.ts';
import { NoSuchBackupError } from '../core/errors.ts';
import { latestBackup, latestWord } from '../core/operations/latest-backup.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { CommandContext } from './command-context.ts';
import type { Place } from './place.ts';

/** A backup that a person named. Throws NoSuchBackupError also for what can be no backup's name, and so no key either. */
export async function openNamedBackup(backups: BackupStore, name: string): Promise<Manifest> {
  const noName = new NoSuchBackupError(
    `${name} is not the name of a backup: a name is a time, like 2026-11-23_02-00-00, or \`${latestWord}\`. \`assets-backup list\` names those that are there.`,
  );
  if (!mayNameBackup(name)) throw noName;
  try {
    return await openBackup(backups, name);
  } catch (error) {
    throw error instanceof NoSuchBackupError && !isBackupName(name) ? noName : error;
  }
}

/** Of the argument, for help. */
export const backupArgument = 'name of the backup, as `list` gives it, or `latest`: the newest that counts';

/** The name that `latest` stands for now, which is told, and what is suspicious about it; any other name as it is. */
export async function realName({ io, output }: CommandContext, place: Place, given: string): Promise<string> {
  if (given !== latestWord) return given;
  const { manifest, suspicions } = await inPlace(place, latestBackup(place, io.now()));
  output.note(`The latest backup that counts is ${manifest.name}.`);
  for (const suspicion of suspicions) output.warn(suspicion);
  return manifest.name;
}

/** What is looked for among all backups: where a place has none, it is named, and how the first one is made. */
export async function inPlace<Found>({ backups, name, newBackup }: Place, looking: Promise<Found>): Promise<Found> {
  try {
    return await looking;
  } catch (error) {
    if (!(error instanceof NoSuchBackupError)) throw error;
    for await (const _ of listBackups(backups)) throw error;
    throw new NoSuchBackupError(`There is no backup in ${name} yet. Make one: ${newBackup}`, { cause: error });
  }
}
