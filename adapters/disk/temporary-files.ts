import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsync, linkSync, openSync, unlinkSync, writeFile, writeFileSync } from 'node:fs';
import { constants, copyFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf } from './disk-error.ts';
import { makePrivate, PrivateFolders } from './private-folders.ts';
import { thisMachine } from './this-machine.ts';

/**
 * Files that are being written, before they get their name. They lie in a folder of their own on the same disk, so that a
 * process that is killed leaves nothing half-written where a key could be read.
 */
export class TemporaryFiles {
  readonly #folder: string;
  readonly #folders = new PrivateFolders();
  #cleaned: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** To be called where a folder turned out to be gone, or was removed. */
  forget(): void {
    this.#folders.forget();
  }

  /**
   * Writes bytes to a new private file, safe on the disk, and returns its path. A night has a hundred thousand small files: what only
   * touches the system's memory is called in place, which costs a tenth of the way to another thread and back. Only what waits for the
   * disk goes that way.
   */
  async write(bytes: Uint8Array): Promise<string> {
    return await this.#fill(async (path) => {
      await this.#synced(openSync(path, 'wx', 0o600), async (descriptor) => {
        if (bytes.length <= smallBytes) writeFileSync(descriptor, bytes);
        else await written(descriptor, bytes);
      });
    });
  }

  /**
   * Makes a new private file of another one: a clone where the disk can share blocks, a copy elsewhere.
   * @param check reads the new file, before it is safe on the disk, and throws where it is none
   */
  async copy(source: string, check: (descriptor: number) => Promise<void>): Promise<string> {
    return await this.#fill(async (path) => {
      await copyFile(source, path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      await this.#synced(openSync(path, 'r+'), check);
    });
  }

  /** Gives a file a second name, here. Its bytes are as safe as they were. */
  async link(source: string): Promise<string> {
    return await this.#fill((path) => linkSync(source, path));
  }

  async #fill(make: (path: string) => Promise<void> | void): Promise<string> {
    await this.#folders.ensure(this.#folder);
    this.#cleaned ??= this.#removeLeftOver().catch((error: unknown) => {
      this.#cleaned = undefined;
      throw error;
    });
    await this.#cleaned;
    const path = join(this.#folder, nextName());
    try {
      await make(path);
    } catch (error) {
      this.discard(path);
      throw error;
    }
    return path;
  }

  async #synced(descriptor: number, fill: (descriptor: number) => Promise<void>): Promise<void> {
    try {
      await makePrivate((mode) => fchmodSync(descriptor, mode), 0o600);
      await fill(descriptor);
      await synced(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** Removes the temporary name, where it is still there. */
  discard(path: string): void {
    try {
      unlinkSync(path);
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      // Gone already, or the disk is failing: the error that matters is the write's, and the next start cleans up.
    }
  }

  /** What killed processes left: of this machine when the process is gone, of any when it is a day old. No write takes a day. */
  async #removeLeftOver(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const owner = ownName.exec(name);
      if (owner === null) continue;
      const [, host, pid] = owner;
      const path = join(this.#folder, name);
      const ownerIsGone = host === hostMark && thisMachine.stateOf({ host: ownHost, pid: Number(pid) }) === 'ended';
      if (ownerIsGone || (await isDayOld(path))) this.discard(path);
    }
  }
}

/** Larger ones may have to wait until the system has written others out. */
const smallBytes = 64 * 1024;
const written = promisify(writeFile);
const synced = promisify(fsync);

const ownHost = thisMachine.self.host;
const hostMark = createHash('sha256').update(ownHost).digest('hex').slice(0, 8);
const ownName = /^write-([0-9a-f]{8})-(\d+)-[0-9a-f]{12}-\d+$/;
/** A later process may have the same number, and worker threads share theirs. */
const session = randomBytes(6).toString('hex');
let number = 0;

function nextName(): string {
  number += 1;
  return `write-${hostMark}-${thisMachine.self.pid}-${session}-${number}`;
}

async function isDayOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > 24 * 60 * 60 * 1000;
  } catch (error) {
    // Another process cleaned up first, or its write is done.
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
