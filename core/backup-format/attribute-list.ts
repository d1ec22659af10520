import type { BackupStore } from '../ports/backup-store.ts';
import { type PassOver, readListedLines } from './activity-list.ts';
import type { Manifest, StoredFile } from './manifest.ts';

/** A line of `manifest/attributes-*.jsonl`: an attribute of a type, inherited ones included; none of a type whose list could not be read. */
export interface ListedAttribute {
  /** Id of the type. */
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

/** Whether a key is that of such a list. */
export const isAttributeList = (key: string) => /\/manifest\/attributes-[^/]+$/.test(key);

/** The attributes that a backup lists, of those files that are such lists. Throws DamagedBackupError where one is missing or damaged. */
export function readListedAttributes(
  backups: BackupStore,
  manifest: Manifest,
  files: readonly StoredFile[],
  passOver?: PassOver,
): AsyncGenerator<ListedAttribute> {
  return readListedLines(
    backups,
    manifest,
    files.filter(({ key }) => isAttributeList(key)),
    { passOver },
  );
}
