import type { AssetsWriter } from '../../core/ports/assets-writer.ts';
import type { IssuesWriter } from '../../core/ports/issues-writer.ts';
import type { Services } from '../../core/ports/services.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { toldByWorker } from './told-by-worker.ts';

interface Lock {
  readonly state: string;
  readonly holder: { readonly executionId: string };
}

/**
 * Stands for another run that takes a restore's lock over just before one of its writes, as happens to a computer that slept.
 * Counts writes as `Killer` does.
 */
export class Thief {
  isSeen = false;
  /** Writes to the target that began after the run had read whose lock it is. */
  readonly writesAfterwards: string[] = [];
  readonly #at: number;
  #writes = 0;
  #stolen: { readonly key: string; readonly work: WorkStore } | undefined;

  constructor(at: number) {
    this.#at = at;
  }

  readonly decorate = (services: Services): Services => {
    const { work, site } = services;
    const storing =
      <Words extends [string, ...unknown[]], Answer>(store: (...words: Words) => Promise<Answer>) =>
      async (...words: Words) => {
        await this.#count(work);
        return store(...words);
      };
    return {
      ...services,
      work: {
        read: async (key) => {
          const there = await work.read(key);
          if (key === this.#stolen?.key) this.isSeen = true;
          return there;
        },
        write: storing((key, text) => work.write(key, text)),
        create: storing((key, text) => work.create(key, text)),
        replace: storing((key, text, version) => work.replace(key, text, version)),
        list: (prefix) => work.list(prefix),
        addressOf: (key) => work.addressOf(key),
      },
      site: {
        discover: () => site.discover(),
        reader: (...words) => site.reader(...words),
        writer: (...words) => this.#watched(site.writer(...words), work),
        issuesReader: (...words) => site.issuesReader(...words),
        issuesWriter: (...words) => this.#watched(site.issuesWriter(...words), work),
      },
    };
  };

  /** The other run ends. */
  async leave(): Promise<void> {
    if (!this.#stolen) return;
    const { key, work } = this.#stolen;
    const lock = JSON.parse((await work.read(key))?.text ?? '{}') as Lock;
    await work.write(key, JSON.stringify({ ...lock, state: 'released' }));
  }

  #watched<T extends AssetsWriter | IssuesWriter>(writer: T, work: WorkStore): T {
    return new Proxy(writer, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function' || toldByWorker.has(name))
          return typeof value === 'function' ? value.bind(target) : value;
        return async (...words: unknown[]) => {
          if (this.isSeen) this.writesAfterwards.push(String(name));
          await this.#count(work);
          return Reflect.apply(value, target, words) as unknown;
        };
      },
    });
  }

  async #count(work: WorkStore): Promise<void> {
    this.#writes += 1;
    if (this.#writes !== this.#at) return;
    for await (const key of work.list('locks/')) {
      const lock = JSON.parse((await work.read(key))?.text ?? '{}') as Lock;
      if (lock.state !== 'held') continue;
      await work.write(key, JSON.stringify({ ...lock, holder: { executionId: 'another-run' } }));
      this.#stolen = { key, work };
    }
  }
}
