import type { EndpointClass } from '../../core/model/request-budget.ts';
import type { BackupStore } from '../../core/ports/backup-store.ts';
import type { Reporter } from '../../core/ports/reporter.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import type { LocalOptions } from '../../local/local-execution.ts';
import { silentReporter } from '../processes/silent-reporter.ts';
import { assumedSeconds } from './assumed-seconds.ts';
import type { StepCount } from './counts.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** That one listing gives in one request. Source: ListObjectsV2. */
const keysAListing = 1_000;

/**
 * Counts what a local run would be charged for on AWS, and lets it take the time that it would take there: pass `options`
 * to the run. A step's seconds are those of its invocations, start included.
 */
export class CountedRun {
  /** By the step's name. */
  readonly steps = new Map<string, StepCount>();
  /** As AWS charges them: states entered, retries, and children of distributed maps started. */
  transitions = 0;
  readonly #clock: SimulatedClock;
  readonly #functionSeconds: number;
  #step = newStep();

  constructor(clock: SimulatedClock, functionSeconds: number) {
    this.#clock = clock;
    this.#functionSeconds = functionSeconds;
  }

  get options(): Pick<LocalOptions, 'clock' | 'reporter' | 'decorate' | 'onState'> {
    const clock = this.#clock;
    return {
      clock,
      // Maps come one after the other, so that whoever asks the site is an invocation of the step that was started last.
      reporter: { ...silentReporter, requested: (name) => add(this.#step.site, name) },
      onState: (event) => {
        if (event.kind === 'entered' || event.kind === 'retrying') this.transitions += 1;
        if (event.kind !== 'iterating') return;
        this.transitions += event.items;
        // A map reads its items itself.
        this.#step.workB += 1;
      },
      decorate: (services) => {
        const startedAt = clock.now();
        let isStarted = false;
        const waited = async <T>(work: Promise<T>, requests = 1): Promise<T> => {
          const result = await clock.during(
            work.then(
              (value) => ({ value }),
              (error: unknown) => ({ error }),
            ),
          );
          const start = isStarted ? 0 : assumedSeconds.start;
          isStarted = true;
          await clock.sleep(1000 * (start + requests * assumedSeconds.store));
          if ('error' in result) throw result.error;
          return result.value;
        };
        const reporter: Reporter = {
          ...silentReporter,
          event: (_level, name, { step }) => {
            if (name === 'step.started') {
              this.#step = this.steps.get(String(step)) ?? newStep();
              this.steps.set(String(step), this.#step);
              this.#step.invocations += 1;
            }
            if (name === 'step.completed') this.#step.seconds += (clock.now() - startedAt) / 1000;
          },
        };
        return {
          ...services,
          reporter,
          remainingMilliseconds: () => 1000 * this.#functionSeconds - (clock.now() - startedAt),
          backups: this.#countedBackups(services.backups, waited),
          work: this.#countedWork(services.work, waited),
          // There each step has a process of its own.
          kept: null,
        };
      },
    };
  }

  #countedBackups(store: BackupStore, waited: Waited): BackupStore {
    const count = (name: 'backupsA' | 'backupsB', requests = 1) => {
      this.#step[name] += requests;
    };
    const read = (key: string) => {
      count('backupsB');
      return waited(store.read(key));
    };
    return {
      create: (key, bytes) => {
        count('backupsA');
        return waited(store.create(key, bytes));
      },
      // It is looked at, and then copied by S3: a copy is charged as a write.
      copy: (from, key) => {
        count('backupsB');
        count('backupsA');
        return waited(store.copy(from, key), 2);
      },
      read,
      stream: async function* (key) {
        yield await read(key);
      },
      list: (prefix) => listed(store.list(prefix), waited, (requests) => count('backupsA', requests)),
      folders: () => listed(store.folders(), waited, (requests) => count('backupsA', requests)),
      addressOf: (key) => store.addressOf(key),
    };
  }

  #countedWork(store: WorkStore, waited: Waited): WorkStore {
    const written = <T>(work: Promise<T>) => {
      this.#step.workA += 1;
      return waited(work);
    };
    return {
      read: async (key) => {
        this.#step.workB += 1;
        const there = await waited(store.read(key));
        if (there) return there;
        // S3 says "access denied" of what is not there to a role that may list by prefix only: a list says which of both it is.
        this.#step.workA += 1;
        return waited(Promise.resolve(undefined));
      },
      write: (key, text) => written(store.write(key, text)),
      create: (key, text) => written(store.create(key, text)),
      replace: (key, text, version) => written(store.replace(key, text, version)),
      list: (prefix) =>
        listed(store.list(prefix), waited, (requests) => {
          this.#step.workA += requests;
        }),
      addressOf: (key) => store.addressOf(key),
    };
  }
}

type Waited = <T>(work: Promise<T>, requests?: number) => Promise<T>;

const newStep = (): StepCount => ({
  invocations: 0,
  seconds: 0,
  backupsA: 0,
  backupsB: 0,
  workA: 0,
  workB: 0,
  site: {},
});

function add(counts: Partial<Record<EndpointClass, number>>, name: EndpointClass): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

async function* listed<T>(
  listing: AsyncIterable<T>,
  waited: Waited,
  count: (requests: number) => void,
): AsyncGenerator<T> {
  const keys = await waited(Array.fromAsync(listing));
  count(Math.max(1, Math.ceil(keys.length / keysAListing)));
  yield* keys;
}
