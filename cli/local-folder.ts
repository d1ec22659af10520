import { stat } from 'node:fs/promises';
import { WrongInputError } from '../core/errors.ts';

/** The folder that `--local` names, whether it is there already or not. Throws WrongInputError where it is a file. */
export async function localFolder(directory: string): Promise<string> {
  if ((await kindOf(directory)) === 'file') {
    throw new WrongInputError(`${directory} is a file; --local needs a folder.`);
  }
  return directory;
}

export async function exists(directory: string): Promise<boolean> {
  return (await kindOf(directory)) !== undefined;
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
