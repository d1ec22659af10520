import { stat } from 'node:fs/promises';
import { NoSuchBackupError, WrongInputError } from '../core/errors.ts';
import { shellCommand } from './output/shell-command.ts';

/**
 * The folder that `--local` names. Throws WrongInputError where it is a file, and where it is not there NoSuchBackupError, unless it is
 * to be made.
 */
export async function localFolder(directory: string, { isMade }: { readonly isMade: boolean }): Promise<string> {
  const kind = await kindOf(directory);
  if (kind === 'file') throw new WrongInputError(`${directory} is a file; --local needs a folder.`);
  if (kind === undefined && !isMade) {
    const first = shellCommand('backup', '--local', directory, '--site', 'site.json');
    throw new NoSuchBackupError(
      `There is no folder ${directory} (--local), and so no backup in it. The first one: ${first}`,
    );
  }
  return directory;
}

async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') return 'file';
    throw new WrongInputError(`The folder ${path} cannot be used (${String(code)}).`, { cause: error });
  }
}
