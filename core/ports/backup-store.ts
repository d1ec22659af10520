/**
 * Where backups lie. Create-only: a key is written once and never overwritten or deleted through this port.
 * Keys are relative, with `/` between segments, and mean the same on S3 and on disk.
 */
export interface BackupStore {
  /** Writes a whole new file, durably, all of it or nothing. Throws KeyExistsError where the key exists, leaving the old bytes. */
  create(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * Makes a new file of the bytes of another one, inside the store where it can: nothing travels. Throws KeyExistsError where
   * `key` exists, and MissingKeyError or ChangedFileError where the other one is not there, or has not these bytes any more:
   * what may have been made of it then is no file of a backup.
   */
  copy(from: FileToCopy, key: string): Promise<void>;
  /**
   * The whole file, in bytes that are the caller's, who may give them back. Throws MissingKeyError, also where there is one of more than `mostBytes`, or of more than any text can have:
   * somebody else has put it there. An empty file is empty bytes, not missing.
   */
  read(key: string, mostBytes?: number): Promise<Uint8Array>;
  /** The file in pieces, for files that are better not held whole. Throws MissingKeyError at the first piece. */
  stream(key: string): AsyncIterable<Uint8Array>;
  /** Every file whose key begins with `prefix`, in the order of its UTF-8 bytes. */
  list(prefix: string): AsyncIterable<StoredKey>;
  /** The first segments of all keys that have more than one: the names of the backups, whole or unfinished. */
  folders(): AsyncIterable<string>;
  /** Where a key lies, for people: `s3://bucket/key`, or a path. */
  addressOf(key: string): string;
  /**
   * So many bytes of a file from the byte `from` on, in bytes that are the caller's; fewer where it ends before, none behind its end.
   * Throws MissingKeyError. Undefined of stores that nobody browses: `partOf` does without it.
   */
  readPart?(key: string, from: number, bytes: number): Promise<Uint8Array>;
  /**
   * What is known of a backup of the original scripts that goes by this name here, without reading more of it than its list of schemas;
   * undefined where there is none. The other methods show it as one of ours, which it is made into when it is first read.
   */
  ofScripts?(name: string): Promise<ScriptsBackup | undefined>;
}

export interface ScriptsBackup {
  /** Keys of the schemas that it lists, of which not all need to be in it. */
  readonly schemas: readonly string[];
  /** Reads every byte of it again, and makes it into one of ours anew; `isAsBefore` is false where that gave another thing before. */
  readAgain(): Promise<{ readonly isAsBefore: boolean }>;
}

/** A file with what it held when it was written. */
export interface FileToCopy extends StoredKey {
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly sha256: string;
}

export interface StoredKey {
  readonly key: string;
  readonly bytes: number;
}

/** Some bytes of a file, as `readPart` gives them. */
export async function partOf(store: BackupStore, key: string, from: number, bytes: number): Promise<Uint8Array> {
  return store.readPart ? store.readPart(key, from, bytes) : (await store.read(key)).subarray(from, from + bytes);
}

/** As many bytes as a text can be made of (V8): whatever is stored is read as text, so nothing of ours has more. */
export const mostBytesOfText = 0x1fffffe8;

/** What lies where a file should be, to go on after the key, where it has too many bytes to be one. */
export const tooManyBytes = (bytes: number) => `is ${bytes} bytes of something else`;
