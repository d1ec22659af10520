import type { Services } from '../../core/ports/services.ts';
import { named } from '../local/interpreter/fake-host.ts';

/** Where an invocation breaks off: before it has stored how far it came, or when all is stored and its answer gets lost. */
export type BreakingPoint = 'before it stores' | 'when all is stored';

/**
 * Breaks off the first try of every invocation of some steps that hands back or ends, as Lambda sometimes does; the machine
 * tries them again from the same cursor.
 */
export class BreakingOff {
  broken = 0;
  readonly #steps: readonly string[];
  readonly #point: BreakingPoint;
  /** Invocations that were broken off, by what they were about to store. */
  readonly #done = new Set<string>();

  readonly #handedOn: RegExp;

  /** @param handedOn keys of what invocations of these steps leave */
  constructor(steps: readonly string[], point: BreakingPoint, handedOn = leftByRestores) {
    this.#steps = steps;
    this.#point = point;
    this.#handedOn = handedOn;
  }

  readonly decorate = (services: Services): Services => {
    const { work, reporter } = services;
    let step = '';
    let stored = '';
    const breakOff = (name: string) => {
      if (!this.#steps.includes(step) || name === '' || this.#done.has(name)) return;
      this.#done.add(name);
      this.broken += 1;
      throw named('Lambda.Unknown', `${step} breaks off at ${name}`);
    };
    const store = async <T>(key: string, write: () => Promise<T>): Promise<T> => {
      // The requests come last, after what an invocation hands on.
      const isLast = key.includes('/requests/');
      if (!isLast && this.#point === 'before it stores' && this.#handedOn.test(key)) breakOff(key);
      if (this.#handedOn.test(key)) stored = key;
      const written = await write();
      if (isLast && this.#point === 'when all is stored') breakOff(stored);
      return written;
    };
    return {
      ...services,
      reporter: Object.assign(Object.create(reporter), {
        event: (...[level, name, fields]: Parameters<typeof reporter.event>) => {
          if (name === 'step.started') step = String(fields.step);
          reporter.event(level, name, fields);
        },
      }),
      work: Object.assign(Object.create(work), {
        write: (key: string, text: string) => store(key, () => work.write(key, text)),
        create: (key: string, text: string) => store(key, () => work.create(key, text)),
        read: (key: string) => work.read(key),
        replace: (key: string, text: string, version: string) => work.replace(key, text, version),
        list: (prefix: string) => work.list(prefix),
        addressOf: (key: string) => work.addressOf(key),
      }),
    };
  };
}

/** Keys of what "Plan restore" and "Verify restore" leave. */
const leftByRestores = /^restores\/[^/]+\/(target\/part-\d+|plan|verified\/part-\d+|verification)\.json$/;
