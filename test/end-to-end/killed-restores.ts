import type { AssetsWriter } from '../../core/ports/assets-writer.ts';
import type { Services } from '../../core/ports/services.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import type { FaultRule } from '../../simulator/start-simulator.ts';
import { toldByWorker } from './told-by-worker.ts';

/**
 * When a process dies at a write: before it is sent; after it was carried out and before anybody hears of it; or after its
 * answer, before anything follows from it.
 */
export type Moment = 'before' | 'after' | 'answered';

class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * Stands for a process that is killed: from the moment on, nothing that it does has any effect, so it cannot even tidy up.
 * Counts every write to the target and to the work store, or only those of one name, such as `createObject`, or that are meant.
 */
export class Killer {
  /** What each write was: the method of the writer, or the key in the work store. */
  readonly names: string[] = [];
  readonly #at: number;
  readonly #moment: Moment;
  readonly #isCounted: (name: string) => boolean;
  #isDead = false;

  constructor(at = Number.POSITIVE_INFINITY, moment: Moment = 'before', named?: string | ((name: string) => boolean)) {
    this.#at = at;
    this.#moment = moment;
    this.#isCounted = typeof named === 'function' ? named : (name) => name === (named ?? name);
  }

  get writes(): number {
    return this.names.length;
  }

  get hasStruck(): boolean {
    return this.#isDead;
  }

  /**
   * For a site: what else the process had under way when it died never arrives. Without it, and where the answer came, all of
   * that arrives, and nobody hears of it.
   */
  readonly cutsOff: FaultRule = {
    endpoint: '*',
    match: () => this.#isDead && this.#moment !== 'answered',
    fault: { kind: 'close' },
  };

  readonly decorate = (services: Services): Services => ({
    ...services,
    work: this.#watched<WorkStore>(services.work, ['write', 'create', 'replace']),
    site: {
      discover: () => this.#alive(() => services.site.discover()),
      reader: (...words) => this.#watched(services.site.reader(...words), []),
      writer: (...words) => this.#watched<AssetsWriter>(services.site.writer(...words), 'all'),
      issuesReader: (...words) => this.#watched(services.site.issuesReader(...words), []),
      issuesWriter: (...words) => this.#watched(services.site.issuesWriter(...words), 'all'),
    },
  });

  #watched<T extends object>(thing: T, writes: readonly string[] | 'all'): T {
    return new Proxy(thing, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function' || toldByWorker.has(name) || name === 'addressOf') {
          return typeof value === 'function' ? value.bind(target) : value;
        }
        const call = (...words: unknown[]) => Reflect.apply(value, target, words) as unknown;
        if (name === 'list') return call;
        const isWrite = writes === 'all' || writes.includes(String(name));
        return (...words: unknown[]) => {
          const named = String(writes === 'all' ? name : words[0]);
          const isCounted = isWrite && this.#isCounted(named);
          return isCounted ? this.#write(named, () => call(...words)) : this.#alive(() => call(...words));
        };
      },
    });
  }

  async #write(name: string, call: () => unknown): Promise<unknown> {
    this.#check();
    this.names.push(name);
    const isLast = this.writes === this.#at;
    if (isLast && this.#moment === 'before') this.#die();
    try {
      return await call();
    } finally {
      // A refusal is an answer as well.
      if (isLast && this.#moment === 'after') this.#isDead = true;
      this.#check();
      if (isLast) this.#isDead = true;
    }
  }

  async #alive<T>(call: () => T | Promise<T>): Promise<T> {
    this.#check();
    const answer = await call();
    this.#check();
    return answer;
  }

  #check(): void {
    if (this.#isDead) throw new Killed('The process was killed.');
  }

  #die(): never {
    this.#isDead = true;
    throw new Killed('The process was killed.');
  }
}
