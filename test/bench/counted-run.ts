import type { BackupStore } from '../../core/ports/backup-store.ts';
import type { Reporter } from '../../core/ports/reporter.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import type { LocalOptions } from '../../local/local-execution.ts';

const keysAListing = 1_000;
const functionMilliseconds = 15 * 60_000;

export interface CountedStep {
  invocations: number;
  milliseconds: number;
  readonly backups: { classA: number; classB: number };
  readonly work: { classA: number; classB: number };
}

/** Counts what a local run would cost on AWS: states entered, invocations, and requests to the stores as S3 counts them. */
export class CountedRun {
  /** By the step's name. */
  readonly steps = new Map<string, CountedStep>();
  /** As AWS charges them: states entered, retries, and children of distributed maps started. */
  transitions = 0;

  /** Also gives each invocation the time that a function has. */
  readonly options: Pick<LocalOptions, 'decorate' | 'onState'> = {
    onState: (event) => {
      if (event.kind === 'entered' || event.kind === 'retrying') this.transitions += 1;
      if (event.kind === 'iterating') this.transitions += event.items;
    },
    decorate: (services) => {
      const { clock } = services;
      const startedAt = clock.now();
      let step: CountedStep = newStep();
      const reporter: Reporter = Object.assign(Object.create(services.reporter), {
        event: (...[level, name, fields]: Parameters<Reporter['event']>) => {
          if (name === 'step.started') {
            step = this.steps.get(String(fields.step)) ?? newStep();
            this.steps.set(String(fields.step), step);
            step.invocations += 1;
          }
          if (name === 'step.completed') step.milliseconds += clock.now() - startedAt;
          services.reporter.event(level, name, fields);
        },
      });
      return {
        ...services,
        reporter,
        remainingMilliseconds: () => functionMilliseconds - (clock.now() - startedAt),
        backups: countedBackups(services.backups, () => step.backups),
        work: countedWork(services.work, () => step.work),
      };
    },
  };
}

const newStep = (): CountedStep => ({
  invocations: 0,
  milliseconds: 0,
  backups: { classA: 0, classB: 0 },
  work: { classA: 0, classB: 0 },
});

type Counts = () => CountedStep['work'];

function countedBackups(store: BackupStore, counts: Counts): BackupStore {
  return {
    create(key, bytes) {
      counts().classA += 1;
      return store.create(key, bytes);
    },
    read(key) {
      counts().classB += 1;
      return store.read(key);
    },
    stream(key) {
      counts().classB += 1;
      return store.stream(key);
    },
    list: (prefix) => countedListing(store.list(prefix), counts),
    folders: () => countedListing(store.folders(), counts),
    addressOf: (key) => store.addressOf(key),
  };
}

function countedWork(store: WorkStore, counts: Counts): WorkStore {
  return {
    read(key) {
      counts().classB += 1;
      return store.read(key);
    },
    write(key, text) {
      counts().classA += 1;
      return store.write(key, text);
    },
    create(key, text) {
      counts().classA += 1;
      return store.create(key, text);
    },
    replace(key, text, version) {
      counts().classA += 1;
      return store.replace(key, text, version);
    },
    list: (prefix) => countedListing(store.list(prefix), counts),
    addressOf: (key) => store.addressOf(key),
  };
}

/** One request for each thousand keys, and one where there are none. */
async function* countedListing<T>(listing: AsyncIterable<T>, counts: Counts): AsyncGenerator<T> {
  let keys = 0;
  for await (const key of listing) {
    if (keys % keysAListing === 0) counts().classA += 1;
    keys += 1;
    yield key;
  }
  if (keys === 0) counts().classA += 1;
}
