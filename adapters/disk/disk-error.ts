import { stat } from 'node:fs/promises';
import { StorageError } from '../../core/errors.ts';

/** The system's code of an error of `node:fs`, such as ENOENT; undefined for any other error. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What the disk refused, in one sentence. Any error that is not the file system's comes back as it is. */
export function diskError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  return code === undefined ? error : new StorageError(sentence(code, path), { cause: error });
}

/** Whether an error says that there is no such file or folder below `root`; a root that is no folder is another matter. */
export async function saysMissing(error: unknown, root: string): Promise<boolean> {
  const code = codeOf(error);
  // A file where a part of the path asks for a folder: on S3 that key is missing too.
  return code === 'ENOENT' || (code === 'ENOTDIR' && (await stat(root)).isDirectory());
}

function sentence(code: string, path: string): string {
  switch (code) {
    case 'ENOSPC':
      return `The disk is full: ${path} could not be written.`;
    case 'EDQUOT':
      return `The disk quota is used up: ${path} could not be written.`;
    case 'EACCES':
    case 'EPERM':
      return `This user may not read or write ${path}: let its owner run this, or give it to this user.`;
    case 'EROFS':
      return `The disk is read-only: ${path} could not be written.`;
    case 'ENOTDIR':
      return `A part of the path ${path} is a file where a folder is needed.`;
    case 'ELOOP':
      return `${path} is a symbolic link, which is not followed.`;
    case 'EISDIR':
      return `${path} is a folder where a file is needed.`;
    case 'ENAMETOOLONG':
      return `The name ${path} is too long for this disk.`;
    case 'EFBIG':
      return `${path} is larger than this disk or user may store.`;
    case 'ENOENT':
      return `${path} could not be written: its folder is gone, or takes no new files, as those of /proc.`;
    case 'EMFILE':
    case 'ENFILE':
      return `Too many files are open: ${path} could not be opened.`;
    case 'EXDEV':
      return `${path} lies on another disk than the work folder .work beside the backups; both must be on one.`;
    default:
      return `The disk failed with ${code} at ${path}.`;
  }
}
