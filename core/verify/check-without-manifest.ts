import { isBelow, manifestKey } from '../backup-format/keys.ts';
import type { StoredFile } from '../backup-format/manifest.ts';
import { lines } from '../backup-format/record-files.ts';
import type { DamagedBackupError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { sideBySide } from '../side-by-side.ts';
import { checkFile } from './check-file.ts';
import type { Verification } from './verification.ts';

/**
 * What can still be said of a backup whose manifest is damaged or missing: the file lists are there, though nothing
 * vouches for them, so the files that they name are checked, and an operator learns what else is damaged.
 */
export async function checkWithoutManifest(
  backups: BackupStore,
  backup: string,
  cause: DamagedBackupError,
): Promise<Verification> {
  const problems = [{ key: manifestKey(backup), problem: cause.message }];
  let files = 0;
  let bytes = 0;
  for await (const { key } of backups.list(`${backup}/manifest/files-`)) {
    const list = await readList(backups, key);
    if (list === 'damaged') {
      problems.push({ key, problem: 'is not a list of files.' });
      continue;
    }
    await sideBySide(list, 8, async (file) => {
      const checked = await checkFile(backups, file);
      if ('problem' in checked) problems.push({ key: file.key, problem: checked.problem });
      else {
        files += 1;
        bytes += checked.bytes.length;
      }
    });
  }
  const unknown = { objects: 0, referencesInside: 0, referencesOutside: 0, activity: null, strangers: [] };
  return { backup, files, bytes, ...unknown, problems };
}

async function readList(backups: BackupStore, key: string): Promise<StoredFile[] | 'damaged'> {
  try {
    const bytes = await backups.read(key);
    const files = (await Array.fromAsync(lines([bytes]))).map((line) => JSON.parse(line) as Partial<StoredFile>);
    if (!files.every(isStoredFile) || !files.every(({ key }) => isBelow(key, key.split('/')[0] ?? '')))
      return 'damaged';
    // Nobody knows any more whether the folder was renamed: what a list names lies in the list's own folder.
    const [backup] = key.split('/');
    return files.map((file) => ({ ...file, key: file.key.replace(/^[^/]+/, () => backup ?? '') }));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return 'damaged';
    throw error;
  }
}

function isStoredFile(file: Partial<StoredFile>): file is StoredFile {
  return typeof file?.key === 'string' && typeof file.sha256 === 'string' && typeof file.bytes === 'number';
}
