import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { storeCopy } from '../../../core/backup/store-file.ts';
import { sha256 } from '../../../core/backup-format/manifest.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { testDirectory } from '../../end-to-end/local-run.ts';

const bytes = new TextEncoder().encode('[\n{"text":"as it was"}\n]\n');
const from = { key: 'one/S/objects/history/1.json', bytes: bytes.length, sha256: sha256(bytes), records: 1 };
const key = 'two/S/objects/history/1.json';

async function withBase() {
  const directory = testDirectory();
  const { backups } = openLocalStores(directory);
  await backups.create(from.key, bytes);
  return { directory, backups, strays: [] as string[] };
}

it('adopts its own copy, and gives the next name to what finds another file in its place', async () => {
  const { directory, backups, strays } = await withBase();
  expect(await storeCopy(backups, from, key, strays)).toEqual({ ...from, key });
  expect(await storeCopy(backups, from, key, strays)).toEqual({ ...from, key });
  expect(strays).toEqual([]);
  for (const other of ['{"text":"somebody else"}', '', `${'x'.repeat(bytes.length)}`, `${bytes}and more`]) {
    const { directory, backups, strays } = await withBase();
    mkdirSync(dirname(join(directory, key)), { recursive: true });
    writeFileSync(join(directory, key), other);
    const copy = await storeCopy(backups, from, key, strays);
    expect(copy.key).toBe('two/S/objects/history/1.try-2.json');
    expect(readFileSync(join(directory, copy.key))).toEqual(Buffer.from(bytes));
    expect(readFileSync(join(directory, key), 'utf8')).toBe(other);
    expect(strays).toEqual([key]);
  }
  expect(readFileSync(join(directory, key))).toEqual(Buffer.from(bytes));
});

it('refuses a file that is missing or has other bytes', async () => {
  const { directory, backups, strays } = await withBase();
  writeFileSync(join(directory, from.key), '[\n{"text":"as it is!"}\n]\n');
  await expect(storeCopy(backups, from, key, strays)).rejects.toMatchObject({ name: 'ChangedFileError' });
  rmSync(join(directory, from.key));
  await expect(storeCopy(backups, from, key, strays)).rejects.toMatchObject({ name: 'MissingKeyError' });
});
