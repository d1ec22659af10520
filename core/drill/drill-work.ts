import type { Versioned, WorkStore } from '../ports/work-store.ts';
import { drillFolder } from './drill-keys.ts';

/** First segments of keys that all runs share: who holds a site, who reads a backup, who prunes. */
const shared = ['locks/', 'backup-locks/', 'readers/', 'pruning/'];

/**
 * The work store as the steps of one drill see it: all that they leave lies in the drill's own folder, under the keys that a restore
 * gives it there. So no restore ever goes by what a drill has made, and a drill by nothing that was made before it. Only what all runs share
 * lies where it always does.
 */
export class DrillWork implements WorkStore {
  readonly #work: WorkStore;
  readonly #folder: string;

  constructor(work: WorkStore, drill: string) {
    this.#work = work;
    this.#folder = drillFolder(drill);
  }

  #there(key: string): string {
    return shared.some((folder) => key.startsWith(folder)) ? key : this.#folder + key;
  }

  read(key: string): Promise<Versioned | undefined> {
    return this.#work.read(this.#there(key));
  }

  write(key: string, text: string): Promise<void> {
    return this.#work.write(this.#there(key), text);
  }

  create(key: string, text: string): Promise<string> {
    return this.#work.create(this.#there(key), text);
  }

  replace(key: string, text: string, version: string): Promise<string> {
    return this.#work.replace(this.#there(key), text, version);
  }

  async *list(prefix: string): AsyncGenerator<string> {
    const there = this.#there(prefix);
    const added = there.length - prefix.length;
    for await (const key of this.#work.list(there)) yield key.slice(added);
  }

  addressOf(key: string): string {
    return this.#work.addressOf(this.#there(key));
  }
}
