import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJsonFile, readTextFile } from '../../cli/read-file.ts';
import { WrongInputError } from '../../core/errors.ts';
import { temporaryFolder } from './temporary-folder.ts';

const text = '{ "name": "Jörg 🦊" }';
const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');

function fileOf(bytes: Buffer): string {
  const file = join(temporaryFolder(), 'a file');
  writeFileSync(file, bytes);
  return file;
}

describe('a file that an option names', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, as PowerShell writes it', utf16],
    ['UTF-16, the other way round', Buffer.from(utf16).swap16()],
  ])('is read as %s', async (_, bytes) => {
    expect(await readTextFile(fileOf(bytes), '--users')).toBe(text);
    expect(await readJsonFile(fileOf(bytes), '--site')).toEqual({ name: 'Jörg 🦊' });
  });

  it('is refused in another encoding, since names would become others', async () => {
    const file = fileOf(Buffer.from('from,to\nJörg,Jorg\n', 'latin1'));
    await expect(readTextFile(file, '--users')).rejects.toThrow(
      new WrongInputError(`${file} (--users) is not UTF-8 text. Save it as UTF-8, in a spreadsheet as "CSV UTF-8".`),
    );
  });
});
