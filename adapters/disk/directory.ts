import { closeSync, linkSync, lstatSync, renameSync } from 'node:fs';
import { lstat, rmdir, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { KeyExistsError, MissingKeyError, StorageError } from '../../core/errors.ts';
import { type FileToCopy, mostBytesOfText, tooManyBytes } from '../../core/ports/backup-store.ts';
import { Semaphore } from '../../core/semaphore.ts';
import { codeOf, diskError, saysMissing } from './disk-error.ts';
import { FileCopies, withoutLinks } from './file-copies.ts';
import { FileLock } from './file-lock.ts';
import { KeyPaths } from './key-path.ts';
import { filesUnder, foldersAtTop, type ListedFile } from './listing.ts';
import { PrivateFolders } from './private-folders.ts';
import { bytesOf, NotAFile, type OpenedFile, openRegular, readInto } from './regular-file.ts';
import { TemporaryFiles } from './temporary-files.ts';

export interface DirectorySettings {
  /** Where the keys lie. Made at the first write, with the folders above it that are missing. */
  readonly root: string;
  /** Where files are written before they get their name, and locks are held: on the same disk, and no place for keys. */
  readonly temporary: string;
  /** Names at the top of the root, besides those with a leading dot, that are not part of this store. */
  readonly hidden?: readonly string[];
  /** False: go about it as on a disk without hard links. For tests; a disk without them is noticed. */
  readonly namesByLink?: boolean;
  /** Copies are second names of the files that they are of, where the disk has hard links. @default false */
  readonly copiesAreLinks?: boolean;
}

/**
 * Keys as files of a folder: private (0600, folders 0700), whole or not there at all, and safe on the disk when a write returns.
 * A file is written under a temporary name and synced, gets its name in one operation of the file system, and then the folder
 * is synced.
 */
export class Directory {
  readonly #root: string;
  readonly #paths: KeyPaths;
  readonly #namesByLink: boolean;
  readonly #folders: PrivateFolders;
  readonly #temporaries: TemporaryFiles;
  readonly #copies: FileCopies;
  readonly #locks: FileLock;
  readonly #openFiles = new Semaphore(filesAtOnce);

  constructor({ root, temporary, hidden = [], namesByLink = true, copiesAreLinks = false }: DirectorySettings) {
    this.#root = resolve(root);
    this.#paths = new KeyPaths(hidden);
    this.#namesByLink = namesByLink;
    this.#folders = new PrivateFolders(this.#root);
    this.#temporaries = new TemporaryFiles(resolve(temporary));
    this.#copies = new FileCopies(this.#temporaries, copiesAreLinks && namesByLink);
    this.#locks = new FileLock(resolve(temporary));
  }

  /** Writes a new file. Throws KeyExistsError, FolderInTheWay. */
  async create(key: string, bytes: Uint8Array): Promise<void> {
    await this.#write(
      key,
      () => this.#temporaries.write(bytes),
      (temporary, path) => this.#nameNew(key, temporary, path),
    );
  }

  /**
   * Makes a new file of the bytes of another one. A copy is read once more and held against the sum; of a link only the size is.
   * Throws KeyExistsError, FolderInTheWay, MissingKeyError, NotAFile, ChangedFileError.
   */
  async copy(from: FileToCopy, key: string): Promise<void> {
    await this.#write(
      key,
      () => this.#copyOf(from),
      (temporary, path) => this.#nameNew(key, temporary, path),
    );
  }

  /**
   * Puts new bytes in the place of the old ones. `check` sees what is there (undefined: nothing) and throws where it must stay;
   * between its look and the change no other process of this machine changes the file through this class.
   */
  async replace(key: string, bytes: Uint8Array, check?: (old: Uint8Array | undefined) => void): Promise<void> {
    await this.#write(
      key,
      () => this.#temporaries.write(bytes),
      (temporary, path) =>
        this.#locks.hold(path, async () => {
          if (check) check(await this.#readPath(path));
          renameSync(temporary, path);
        }),
    );
  }

  /** The bytes, or undefined where there is no such file. Throws NotAFile, also where it has more than `mostBytes`. */
  async read(key: string, mostBytes?: number): Promise<Uint8Array | undefined> {
    const path = this.pathOf(key);
    return await this.#inWords(path, () => this.#openFiles.run(() => this.#readPath(path, mostBytes)));
  }

  /** Some bytes of a file, as many as it has there. Throws MissingKeyError, NotAFile. */
  async readPart(key: string, from: number, bytes: number): Promise<Uint8Array> {
    const path = this.pathOf(key);
    return await this.#inWords(path, () =>
      this.#openFiles.run(async () => {
        const { descriptor, stats } = await this.#openPath(key, path);
        try {
          const part = new Uint8Array(Math.max(0, Math.min(bytes, stats.size - from)));
          return part.subarray(0, await readInto(part, descriptor, from));
        } finally {
          closeSync(descriptor);
        }
      }),
    );
  }

  /** The bytes in pieces of 256 KiB. Throws MissingKeyError, NotAFile. The file is closed as soon as the consumer stops. */
  async *stream(key: string): AsyncGenerator<Uint8Array> {
    const path = this.pathOf(key);
    const { descriptor, stats } = await this.#inWords(path, () => this.#openPath(key, path));
    try {
      for (let at = 0; at < stats.size; ) {
        // A new buffer for each piece: the consumer may keep them.
        const piece = new Uint8Array(Math.min(pieceBytes, stats.size - at));
        const filled = await this.#inWords(path, () => readInto(piece, descriptor, at));
        if (filled > 0) yield piece.subarray(0, filled);
        if (filled < piece.length) return;
        at += filled;
      }
    } finally {
      closeSync(descriptor);
    }
  }

  /** The files whose key begins with `prefix`, in the order of the UTF-8 bytes of their keys. */
  async *list(prefix: string): AsyncGenerator<ListedFile> {
    try {
      yield* filesUnder(this.#root, this.#paths, prefix);
    } catch (error) {
      throw diskError(error, this.#root);
    }
  }

  /** The first segments of the keys that have more than one. */
  async *folders(): AsyncGenerator<string> {
    try {
      yield* foldersAtTop(this.#root, this.#paths);
    } catch (error) {
      throw diskError(error, this.#root);
    }
  }

  /** How many bytes a listed file has, or undefined where it is gone meanwhile. */
  async bytesOf({ path }: ListedFile): Promise<number | undefined> {
    return await this.#inWords(path, async () => (await this.#ifThere(() => lstatSync(path)))?.size);
  }

  /**
   * Removes the files whose key begins with `prefix`, and the folders that this empties.
   * @param writtenBefore milliseconds since the epoch; files that were written later stay
   */
  async removeUnder(prefix: string, writtenBefore?: number): Promise<void> {
    const folders = new Set<string>();
    for await (const { path } of this.list(prefix)) {
      await this.#inWords(path, () =>
        this.#ifThere(async () => {
          if (writtenBefore === undefined || (await lstat(path)).mtimeMs < writtenBefore) await unlink(path);
        }),
      );
      for (let folder = dirname(path); folder !== this.#root; folder = dirname(folder)) folders.add(folder);
    }
    this.#folders.forget();
    this.#temporaries.forget();
    const deepestFirst = [...folders].sort((left, right) => right.length - left.length);
    for (const folder of deepestFirst) await this.#inWords(folder, () => removeEmptyFolder(folder));
  }

  /** The sentence for a key that is not there. */
  missing(key: string, instead?: string): MissingKeyError {
    return new MissingKeyError(`There is no ${key} in ${this.#root}.`, { instead });
  }

  async #write(
    key: string,
    make: () => Promise<string>,
    name: (temporary: string, path: string) => Promise<void>,
  ): Promise<void> {
    const path = this.pathOf(key);
    const write = () => this.#openFiles.run(() => this.#writeOnce(path, make, name));
    await this.#inWords(path, async () => {
      try {
        await write();
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error;
        // A folder that we had made was removed: by `removeUnder`, or by hand.
        this.#folders.forget();
        this.#temporaries.forget();
        await write();
      }
    });
  }

  async #writeOnce(
    path: string,
    make: () => Promise<string>,
    name: (temporary: string, path: string) => Promise<void>,
  ): Promise<void> {
    const temporary = await make();
    try {
      await this.#folders.ensure(dirname(path));
      await name(temporary, path);
    } finally {
      this.#temporaries.discard(temporary);
    }
    await this.#folders.sync(dirname(path));
  }

  async #copyOf(from: FileToCopy): Promise<string> {
    const source = this.pathOf(from.key);
    const opened = await this.#inWords(source, () => this.#openPath(from.key, source));
    return await this.#copies.make(source, opened, from);
  }

  /** link(2) gives a second name and refuses one that exists, in one operation. Two spellings of one name count as one, where the disk says so. */
  async #nameNew(key: string, temporary: string, path: string): Promise<void> {
    try {
      if (this.#namesByLink) return linkSync(temporary, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw await this.#taken(key, path, error);
      if (!withoutLinks.has(codeOf(error))) throw error;
    }
    await this.#nameNewWithoutLinks(key, temporary, path);
  }

  /**
   * For disks without hard links (FAT, some network disks). Opening the file itself with O_EXCL would be exclusive too, but a
   * kill in the middle would leave half a file under a key that nobody may write again. So: look and rename under a lock. That
   * leaves a whole file or nothing, and what it gives up is only protection from a program that takes no lock.
   */
  async #nameNewWithoutLinks(key: string, temporary: string, path: string): Promise<void> {
    await this.#locks.hold(path, async () => {
      if ((await this.#ifThere(() => lstatSync(path))) !== undefined) throw await this.#taken(key, path);
      renameSync(temporary, path);
    });
  }

  /** Whoever takes what lies there for his own goes by it, and whoever put it there may have been cut off before its name was safe. */
  async #taken(key: string, path: string, cause?: unknown): Promise<Error> {
    if (lstatSync(path).isDirectory())
      return new FolderInTheWay(`${path} is a folder, so no file of this name can be written.`, { cause });
    await this.#folders.sync(dirname(path));
    return new KeyExistsError(`${key} exists already; it was left as it is.`, { cause });
  }

  async #readPath(path: string, mostBytes = mostBytesOfText): Promise<Uint8Array | undefined> {
    const opened = await this.#ifThere(() => openRegular(this.#root, path));
    if (opened === undefined) return undefined;
    try {
      const { size } = opened.stats;
      // A sparse file of any size takes no room on a disk.
      if (size > Math.min(mostBytes, mostBytesOfText)) throw new NotAFile(tooManyBytes(size));
      return await bytesOf(opened);
    } finally {
      closeSync(opened.descriptor);
    }
  }

  async #openPath(key: string, path: string): Promise<OpenedFile> {
    const opened = await this.#ifThere(() => openRegular(this.#root, path));
    if (opened === undefined) throw this.missing(key);
    return opened;
  }

  async #ifThere<T>(work: () => Promise<T> | T): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (await saysMissing(error, this.#root)) return undefined;
      throw error;
    }
  }

  async #inWords<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw diskError(error, path);
    }
  }

  pathOf(key: string): string {
    if (!key.isWellFormed()) throw new StorageError(`The key ${JSON.stringify(key)} is not valid Unicode.`);
    return join(this.#root, ...this.#paths.encode(key.split('/')));
  }
}

/** A caller may start thousands of works; so many files at once are few enough for any limit (macOS: 256 open files a process). */
const filesAtOnce = 64;
const pieceBytes = 256 * 1024;

/** A folder has the name of a key, so that no file can get it. */
export class FolderInTheWay extends StorageError {}

async function removeEmptyFolder(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    // ENOTEMPTY, and EEXIST on some systems: another file lies there. ENOENT: another process was first.
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) throw error;
  }
}
