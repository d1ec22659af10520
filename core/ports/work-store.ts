/** What changes while a run goes on: lock, plans, batches, records of what was done. Nothing in it is needed to restore a backup. */
export interface WorkStore {
  /** The text of a key and its version, or undefined where there is none. */
  read(key: string): Promise<Versioned | undefined>;
  /** Writes, whatever was there. */
  write(key: string, text: string): Promise<void>;
  /** Writes a new key and returns its version. Throws KeyExistsError; of many at once exactly one wins. */
  create(key: string, text: string): Promise<string>;
  /** Writes over the version that was read and returns the new one. Throws VersionConflictError where it has changed since. */
  replace(key: string, text: string, version: string): Promise<string>;
  /** Keys that begin with `prefix`, in the order of their UTF-8 bytes. */
  list(prefix: string): AsyncIterable<string>;
  /** Where a key lies, for people: `s3://bucket/key`, or a path. */
  addressOf(key: string): string;
}

export interface Versioned {
  readonly text: string;
  readonly version: string;
}
