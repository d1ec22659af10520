/**
 * Deletes files of the backup store. Of all that is done here only pruning has one: a `BackupStore` cannot delete.
 * Keys are those of `BackupStore`.
 */
export interface BackupDeleter {
  /** Until when nobody may delete a file (ISO 8601), or `for good` where it is held; null where nothing keeps it. Throws MissingKeyError. */
  lockedUntil(key: string): Promise<string | null>;
  /** Deletes files, one that is not there being no fault. Where files have versions, a marker hides them. Throws StorageError. */
  delete(keys: readonly string[]): Promise<void>;
}
