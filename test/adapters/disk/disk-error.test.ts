import { expect, test } from 'vitest';
import { diskError } from '../../../adapters/disk/disk-error.ts';
import { StorageError } from '../../../core/errors.ts';

test.each([
  ['ENOSPC', 'The disk is full: /backups/a could not be written.'],
  ['EDQUOT', 'The disk quota is used up: /backups/a could not be written.'],
  ['EACCES', 'This user may not read or write /backups/a: let its owner run this, or give it to this user.'],
  ['EROFS', 'The disk is read-only: /backups/a could not be written.'],
  ['EIO', 'The disk failed with EIO at /backups/a.'],
])('says %s in a sentence and keeps the cause', (code, sentence) => {
  const cause = Object.assign(new Error(`${code}: write`), { code, syscall: 'write' });

  const error = diskError(cause, '/backups/a');

  expect(error).toBeInstanceOf(StorageError);
  expect(error).toMatchObject({ name: 'StorageError', exitCode: 1, message: sentence, cause });
});

test('leaves an error alone that is not of the file system', () => {
  const error = new TypeError('ours');

  expect(diskError(error, '/backups/a')).toBe(error);
});
