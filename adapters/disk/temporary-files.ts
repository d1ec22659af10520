import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
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

  /** Writes bytes to a new private file, safe on the disk, and returns its path. */
  async write(bytes: Uint8Array): Promise<string> {
    await this.#folders.ensure(this.#folder);
    this.#cleaned ??= this.#removeLeftOver().catch((error: unknown) => {
      this.#cleaned = undefined;
      throw error;
    });
    await this.#cleaned;
    const path = join(this.#folder, nextName());
    const handle = await open(path, 'wx', 0o600);
    try {
      try {
        await makePrivate((mode) => handle.chmod(mode), 0o600);
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      await this.discard(path);
      throw error;
    }
    return path;
  }

  /** Removes the temporary name, where it is still there. */
  async discard(path: string): Promise<void> {
    try {
      await unlink(path);
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
      if (ownerIsGone || (await isDayOld(path))) await this.discard(path);
    }
  }
}

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
