import type { StoredFile } from '../backup-format/manifest.ts';
import { giveBack } from '../give-back.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { ListWriter } from '../work-store/list-writer.ts';
import { storeFile } from './store-file.ts';

/** Lines in one list file: some 4 MB. */
const linesAList = 20_000;

/** A list in the backup. */
export function storedList(
  backups: BackupStore,
  keyOf: (number: number) => string,
  strays: string[],
): ListWriter<StoredFile> {
  return new ListWriter(linesAList, async (number, text, lines) => {
    const bytes = new TextEncoder().encode(text);
    const file = await storeFile(backups, keyOf(number), bytes, lines, strays);
    giveBack(bytes);
    return file;
  });
}
