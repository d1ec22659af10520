import type { StoredFile } from '../backup-format/manifest.ts';
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
  return new ListWriter(linesAList, (number, text, lines) =>
    storeFile(backups, keyOf(number), new TextEncoder().encode(text), lines, strays),
  );
}
