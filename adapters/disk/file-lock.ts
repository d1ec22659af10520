import { createHash, randomUUID } from 'node:crypto';
import { closeSync, openSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StorageError } from '../../core/errors.ts';
import { codeOf } from './disk-error.ts';
import { NotAFile, readText } from './regular-file.ts';
import { type ProcessIdentity, type ProcessState, thisMachine } from './this-machine.ts';

/**
 * Lets one process of this machine at a time look at a file and put another in its place: compare-and-swap.
 *
 * The lock is a file that only one can create. It is held for a moment and holds who created it; what a killed process left is
 * taken away by whoever waits for it. That is where such locks usually break: two see the dead lock, the first removes it and
 * takes the lock, the second removes the first one's. So a dead lock is only removed under a lock of its own, named by the dead
 * lock's unique text, and only while it still holds that text. (Whoever dies doing that leaves a dead lock as any other.)
 */
export class FileLock {
  readonly #folder: string;

  /** @param folder where lock files may lie; it must exist when a lock is taken */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs `work` while no other process, nor another call in this one, does so for the same path. */
  async hold<T>(path: string, work: () => Promise<T>): Promise<T> {
    // Two spellings may be one file on disks that ignore case: they share a lock.
    const lock = join(this.#folder, `lock-${mark(path.normalize('NFC').toLowerCase())}`);
    return await inTurn(lock, () => held(lock, work));
  }
}

/** Of the same process the calls wait in line, instead of trying again and again. */
const lines = new Map<string, Promise<unknown>>();

async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = lines.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  lines.set(name, mine);
  try {
    return await mine;
  } finally {
    if (lines.get(name) === mine) lines.delete(name);
  }
}

async function held<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const mine = JSON.stringify({ ...thisMachine.self, token: randomUUID() });
  await take(lock, mine);
  try {
    return await work();
  } finally {
    // Not so where this process was held up on another machine's disk until others took it for dead.
    if (textOf(lock) === mine) unlinkIfThere(lock);
  }
}

async function take(lock: string, mine: string): Promise<void> {
  let seen: string | undefined;
  let looks = 0;
  while (!created(lock, mine)) {
    const text = textOf(lock);
    if (text === undefined) continue;
    looks = text === seen ? looks + 1 : 0;
    seen = text;
    const state = stateOf(text);
    if (state === 'ended' || (state === 'unknown' && looks >= looksAtUnknown)) await removeDead(lock, text);
    else if (looks >= looksAtRunning) throw standsStill(lock, text);
    else await sleep(Math.min(1 + looks, longestPause) + Math.random());
  }
}

/**
 * Looks are counted, not time: a machine that slept shows hours gone by, and its processes have not had a moment.
 * Some 30 s of looking for an owner on another machine, or one that died before it wrote who it is; a minute for one that runs.
 */
const longestPause = 50;
const looksAtUnknown = 600;
const looksAtRunning = 1_200;

async function removeDead(lock: string, text: string): Promise<void> {
  await held(join(dirname(lock), `lock-${mark(lock + text)}`), async () => {
    if (textOf(lock) === text) unlinkIfThere(lock);
  });
}

function standsStill(lock: string, text: string): StorageError {
  const pid = ownerOf(text)?.pid;
  return new StorageError(
    `Process ${pid} holds the file ${lock} and does not go on: end that process, then start again.`,
  );
}

function created(lock: string, text: string): boolean {
  const descriptor = openNew(lock);
  if (descriptor === undefined) return false;
  try {
    try {
      writeFileSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    // A full disk takes the name but not the text.
    unlinkIfThere(lock);
    throw error;
  }
  return true;
}

function openNew(lock: string): number | undefined {
  try {
    return openSync(lock, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  }
}

/** What tells one taking of the lock from another; undefined where it is free. */
function textOf(lock: string): string | undefined {
  try {
    const text = readText(lock, { links: false });
    if (text !== '') return text;
    const { ino, mtimeMs } = statSync(lock);
    return `empty ${ino} ${mtimeMs}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (error instanceof NotAFile)
      throw new StorageError(`${lock} ${error.instead}, where a file should be: remove it.`, { cause: error });
    throw error;
  }
}

function stateOf(text: string): ProcessState {
  const owner = ownerOf(text);
  return owner === undefined ? 'unknown' : thisMachine.stateOf(owner);
}

/** Undefined where the text is not whole: being written, or its writer was killed. */
function ownerOf(text: string): ProcessIdentity | undefined {
  try {
    const owner: unknown = JSON.parse(text);
    return isOwner(owner) ? owner : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isOwner(value: unknown): value is ProcessIdentity {
  return (
    typeof value === 'object' && value !== null && 'host' in value && 'pid' in value && typeof value.pid === 'number'
  );
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function mark(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
