import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { VersionConflictError } from '../../core/errors.ts';
import { giveBackIfWhole } from '../../core/give-back.ts';
import type { Versioned, WorkStore } from '../../core/ports/work-store.ts';
import { damagedFile } from '../../core/work-store/damaged-file.ts';
import { Directory } from './directory.ts';
import { NotAFile } from './regular-file.ts';

export interface DirectoryWorkStoreOptions {
  /** False: go about it as on a disk without hard links. For tests; a disk without them is noticed. */
  readonly namesByLink?: boolean;
}

/**
 * Work as text files in the folder `.work` of the backups' folder. A version is the SHA-256 of the text, so writing the same
 * text again gives the same version, as an ETag of S3 does. Compare-and-swap holds between the processes of one machine.
 */
export class DirectoryWorkStore implements WorkStore {
  readonly #directory: Directory;

  /** @param root the folder of the backups, as DirectoryBackupStore takes it */
  constructor(root: string, options: DirectoryWorkStoreOptions = {}) {
    const work = join(root, '.work');
    this.#directory = new Directory({ ...options, root: work, temporary: join(work, 'tmp'), hidden: ['tmp'] });
  }

  async read(key: string): Promise<Versioned | undefined> {
    const bytes = await this.#asFile(key, () => this.#directory.read(key));
    if (bytes === undefined) return undefined;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
    const version = versionOf(bytes);
    giveBackIfWhole(bytes);
    return { text, version };
  }

  async write(key: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    await this.#directory.replace(key, bytes);
    giveBackIfWhole(bytes);
  }

  async create(key: string, text: string): Promise<string> {
    const bytes = Buffer.from(text);
    await this.#directory.create(key, bytes);
    return versionOf(bytes);
  }

  async replace(key: string, text: string, version: string): Promise<string> {
    const bytes = Buffer.from(text);
    const check = (old: Uint8Array | undefined) => {
      if (old !== undefined && versionOf(old) === version) return;
      throw new VersionConflictError(`${key} ${old === undefined ? 'is gone' : 'has changed'} since it was read.`);
    };
    await this.#asFile(key, () => this.#directory.replace(key, bytes, check));
    return versionOf(bytes);
  }

  async *list(prefix: string): AsyncIterable<string> {
    for await (const { key } of this.#directory.list(prefix)) yield key;
  }

  addressOf(key: string): string {
    return this.#directory.pathOf(key);
  }

  /** Removes all keys that begin with `prefix`. Not part of the port: local mode clears away what old runs left. */
  async removeUnder(prefix: string): Promise<void> {
    await this.#directory.removeUnder(prefix);
  }

  /** The same of what was written before a moment, in milliseconds: on AWS the life cycle of the bucket does that. */
  async removeOlder(prefix: string, writtenBefore: number): Promise<void> {
    await this.#directory.removeUnder(prefix, writtenBefore);
  }

  /** A link or a pipe in the place of a file is damage, and never taken for no file at all. */
  async #asFile<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NotAFile)) throw error;
      if (error.isFolder) return undefined;
      throw damagedFile(this, key, error.instead, error);
    }
  }
}

function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
