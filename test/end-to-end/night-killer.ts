import { cpSync, rmSync } from 'node:fs';
import type { Services } from '../../core/ports/services.ts';

class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * Stands for a process that is killed at a write to either store, and leaves its folder as it is at that moment, as a copy: what the
 * process still does there, such as tidying up, is done to the folder that nobody looks at any more.
 */
export class NightKiller {
  /** What each write was: the method of the store and the key. */
  readonly writes: string[] = [];
  readonly #from: string;
  readonly #to: string;
  readonly #at: number;
  #isDead = false;

  /**
   * @param from the folder of the run
   * @param to where the copy is made
   * @param at before which write, from 1, the process dies; beyond the last one it does not
   */
  constructor(from: string, to: string, at = Number.POSITIVE_INFINITY) {
    this.#from = from;
    this.#to = to;
    this.#at = at;
  }

  get hasStruck(): boolean {
    return this.#isDead;
  }

  readonly decorate = (services: Services): Services => {
    const { backups, work } = services;
    return {
      ...services,
      backups: Object.assign(Object.create(backups), {
        create: (key: string, bytes: Uint8Array) => this.#write(`create ${key}`, () => backups.create(key, bytes)),
        copy: (from: Parameters<typeof backups.copy>[0], key: string) =>
          this.#write(`copy ${key}`, () => backups.copy(from, key)),
        read: (...words: Parameters<typeof backups.read>) => this.#alive(() => backups.read(...words)),
        stream: (key: string) => backups.stream(key),
        list: (prefix: string) => backups.list(prefix),
        folders: () => backups.folders(),
        addressOf: (key: string) => backups.addressOf(key),
        ofScripts: async (name: string) => backups.ofScripts?.(name),
      }),
      work: Object.assign(Object.create(work), {
        write: (key: string, text: string) => this.#write(`write ${key}`, () => work.write(key, text)),
        create: (key: string, text: string) => this.#write(`create ${key}`, () => work.create(key, text)),
        replace: (key: string, text: string, version: string) =>
          this.#write(`replace ${key}`, () => work.replace(key, text, version)),
        read: (key: string) => this.#alive(() => work.read(key)),
        list: (prefix: string) => work.list(prefix),
        addressOf: (key: string) => work.addressOf(key),
      }),
    };
  };

  async #write<Answer>(name: string, write: () => Promise<Answer>): Promise<Answer> {
    this.#check();
    this.writes.push(name);
    if (this.writes.length === this.#at) {
      this.#isDead = true;
      copyFolder(this.#from, this.#to);
    }
    return this.#alive(write);
  }

  async #alive<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    this.#check();
    const answer = await call();
    this.#check();
    return answer;
  }

  #check(): void {
    if (this.#isDead) throw new Killed('The process was killed.');
  }
}

/** Other writes that were under way may still come to their ends, and take their temporary files away, while it is copied. */
function copyFolder(from: string, to: string, triesLeft = 5): void {
  try {
    cpSync(from, to, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || triesLeft === 0) throw error;
    rmSync(to, { recursive: true, force: true });
    copyFolder(from, to, triesLeft - 1);
  }
}
