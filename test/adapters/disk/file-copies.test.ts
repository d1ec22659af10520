import { mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FileCopies } from '../../../adapters/disk/file-copies.ts';
import { openRegular } from '../../../adapters/disk/regular-file.ts';
import { TemporaryFiles } from '../../../adapters/disk/temporary-files.ts';
import { sha256 } from '../../../core/backup-format/manifest.ts';
import { ChangedFileError } from '../../../core/errors.ts';
import { bytesOf } from '../../contracts/store-place.ts';
import { newFolder } from './temporary-place.ts';

const bytes = bytesOf('what was read last night');

test.each([
  ['links', true],
  ['copies', false],
])('%s no file that another one took the place of since it was opened', async (_, areLinks) => {
  const folder = await newFolder();
  onTestFinished(folder.remove);
  await mkdir(folder.path, { recursive: true });
  const [source, other] = [join(folder.path, 'source'), join(folder.path, 'other')];
  await writeFile(source, bytes);
  await writeFile(other, bytesOf('what has the same length'));
  const temporary = join(folder.path, 'tmp');

  for (const put of [() => symlink(other, source), () => writeFile(source, bytesOf('what has the same length'))]) {
    const opened = openRegular(folder.path, source);
    await rename(source, join(folder.path, 'moved'));
    await put();
    const copy = new FileCopies(new TemporaryFiles(temporary), areLinks).make(source, opened, {
      key: 'source',
      bytes: bytes.length,
      sha256: sha256(bytes),
    });
    await expect(copy).rejects.toThrow(ChangedFileError);
    expect(await readdir(temporary)).toEqual([]);
    await rename(join(folder.path, 'moved'), source);
  }
});
