import type { StoredFile } from '../backup-format/manifest.ts';
import { counted } from '../counted.ts';
import { DamagedBackupError } from '../errors.ts';
import type { BackupSource, DamagedList } from '../reading/backup-source.ts';

/** What is told of damage, where looking goes on without what was damaged. Throws every other error. */
export function damageIn(error: unknown): string {
  if (error instanceof DamagedBackupError) return error.message;
  throw error;
}

/** Of a list of files, whose lines are still good for what they name: each has its own checksum. */
export function damageOfList({ key, problem, unreadable }: DamagedList): string {
  const lost = unreadable === 0 ? '' : `; ${counted(unreadable, 'line')} cannot`;
  return `${key} ${problem}. What it names is shown as far as its lines can be read${lost}. Run \`assets-backup verify\`.`;
}

/** A file that the manifest names. Throws DamagedBackupError where no list of files does. */
export function namedFile(source: BackupSource, key: string): StoredFile {
  const file = source.file(key);
  if (file) return file;
  const damaged = source.damagedLists.map(({ key, problem }) => `${key} ${problem}`).join('; ');
  const which = damaged === '' ? '' : ` that can be read: ${damaged}`;
  throw new DamagedBackupError(`${key} is named by the manifest, and by no list of files${which}.`);
}
