import { codeOf } from '../adapters/disk/disk-error.ts';
import { StorageError } from '../core/errors.ts';

const codes: readonly (string | undefined)[] = ['EACCES', 'EPERM', 'EROFS'];

/** Whether a folder is one that this user may only read, so that whoever only looks goes on without writing there. */
export function mayNotWrite(error: unknown): boolean {
  return error instanceof StorageError && codes.includes(codeOf(error.cause));
}
