import { join } from 'node:path';
import { KeyExistsError } from '../../core/errors.ts';
import type { BackupStore, FileToCopy, StoredKey } from '../../core/ports/backup-store.ts';
import { Directory, FolderInTheWay } from './directory.ts';
import type { ListedFile } from './listing.ts';
import { NotAFile } from './regular-file.ts';

export interface DirectoryBackupStoreOptions {
  /** Folders of the program beside the backups, such as `logs`; names with a leading dot need not be named. */
  readonly hidden?: readonly string[];
  /** False: go about it as on a disk without hard links. For tests; a disk without them is noticed. */
  readonly namesByLink?: boolean;
  /** Copies are second names of the files that they are of, where the disk has hard links. @default false */
  readonly copiesAreLinks?: boolean;
}

/** Backups as files below a folder. Work, and files while they are written, lie beside them in `.work`. */
export class DirectoryBackupStore implements BackupStore {
  readonly #directory: Directory;

  /** @param root the folder of the backups; it is made, for the owner only, at the first write */
  constructor(root: string, options: DirectoryBackupStoreOptions = {}) {
    this.#directory = new Directory({ ...options, root, temporary: join(root, '.work', 'tmp') });
  }

  async create(key: string, bytes: Uint8Array): Promise<void> {
    await this.#directory.create(key, bytes).catch(refuseTaken);
  }

  async copy(from: FileToCopy, key: string): Promise<void> {
    try {
      await this.#directory.copy(from, key).catch(refuseTaken);
    } catch (error) {
      throw this.#missingWhere(from.key, error);
    }
  }

  async read(key: string, mostBytes?: number): Promise<Uint8Array> {
    const bytes = await this.#directory.read(key, mostBytes).catch((error: unknown) => {
      throw this.#missingWhere(key, error);
    });
    if (bytes === undefined) throw this.#directory.missing(key);
    return bytes;
  }

  async readPart(key: string, from: number, bytes: number): Promise<Uint8Array> {
    return this.#directory.readPart(key, from, bytes).catch((error: unknown) => {
      throw this.#missingWhere(key, error);
    });
  }

  async *stream(key: string): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#directory.stream(key);
    } catch (error) {
      throw this.#missingWhere(key, error);
    }
  }

  async *list(prefix: string): AsyncIterable<StoredKey> {
    let files: ListedFile[] = [];
    for await (const file of this.#directory.list(prefix)) {
      files.push(file);
      if (files.length < sizesAtOnce) continue;
      yield* await this.#withSizes(files);
      files = [];
    }
    yield* await this.#withSizes(files);
  }

  folders(): AsyncIterable<string> {
    return this.#directory.folders();
  }

  addressOf(key: string): string {
    return this.#directory.pathOf(key);
  }

  /** A key is missing where its place is taken by what is no file. */
  #missingWhere(key: string, error: unknown): unknown {
    return error instanceof NotAFile ? this.#directory.missing(key, error.instead) : error;
  }

  async #withSizes(files: readonly ListedFile[]): Promise<StoredKey[]> {
    const sizes = await Promise.all(files.map((file) => this.#directory.bytesOf(file)));
    return files.flatMap(({ key }, index) => {
      const bytes = sizes[index];
      return bytes === undefined ? [] : [{ key, bytes }];
    });
  }
}

/** A file's size is a question of its own: several on their way together are several times as quick. */
const sizesAtOnce = 64;

/** What has the name, file or folder, is in the way of a new file. */
function refuseTaken(error: unknown): never {
  throw error instanceof FolderInTheWay ? new KeyExistsError(error.message, { cause: error }) : error;
}
