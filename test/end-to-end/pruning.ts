import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pruneReport } from '../../cli/output/prune-report.ts';
import { listBackups } from '../../core/backup-format/open-backup.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import type { PruneReport } from '../../core/retention/prune-backups.ts';
import { type LocalPruneOptions, type PruneTools, pruneLocally } from '../../local/local-retention.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { plantNight } from '../core/backup/planted-night.ts';
import { HurriedClock, RecordingReporter, testDirectory } from './local-run.ts';

export const day = 86_400_000;

export function keepRules(directory: string, keep: object): void {
  writeFileSync(join(directory, 'settings.json'), JSON.stringify({ keep }));
}

/** Prunes a folder, and keeps what is told meanwhile. */
export async function prune(directory: string, options: Partial<LocalPruneOptions> & Pick<LocalPruneOptions, 'clock'>) {
  const reporter = new RecordingReporter();
  const report = await pruneLocally({ directory, dryRun: false, reporter, ...options });
  return { report, reporter };
}

/** What the command prints. */
export function printed(report: PruneReport): string[] {
  const place = {
    ...{ name: './backups', words: ['--local', './backups'], newBackup: '' },
    ...{ addressOfBackup: (name: string) => name, addressOfWork: (key: string) => key },
  };
  return pruneReport(report, place, 110).split('\n');
}

/** Names of the backups of a folder with their states, the oldest first. */
export async function statesIn(directory: string): Promise<string[]> {
  const listed = await Array.fromAsync(listBackups(openLocalStores(directory).backups));
  return listed.map(({ name, state }) => `${name} ${state}`);
}

/** A folder of small nights, one a day, the last of them two hours old. */
export async function plantedNights(count: number) {
  const directory = testDirectory();
  const first = Date.parse('2026-11-01T02:00:00Z');
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAt = new Date(first + index * day).toISOString();
    const objects = [1, 2, 3].map((id) => ({ id: `${id}`, history: { read: startedAt, records: 1 } }));
    const schemas = { FAC: [{ id: '1', objects }], USERS: [] };
    names.push((await plantNight(openLocalStores(directory), { startedAt, schemas })).name);
  }
  const clock = new HurriedClock(first + (count - 1) * day + day / 12);
  return { directory, names, clock };
}

/** Stands for a process that dies. */
export class Killed extends Error {}

/** Deletes one file after the other, and dies before the step of that number. */
export function dyingAt(at: number, { services, deleter }: PruneTools, steps: string[]): PruneTools {
  let count = 0;
  let isDead = false;
  const step = (name: string) => {
    steps.push(name);
    if (isDead || count === at) {
      isDead = true;
      throw new Killed(name);
    }
    count += 1;
  };
  return {
    services: {
      ...services,
      work: telling(services.work, async (what, key) => step(`${what} ${key}`)),
    },
    deleter: {
      lockedUntil: (key) => deleter.lockedUntil(key),
      delete: async (keys) => {
        for (const key of keys) {
          step(`delete ${key}`);
          await deleter.delete([key]);
        }
      },
    },
  };
}

/** Tells of each new mark before it is written. */
export function telling(work: WorkStore, tell: (what: string, key: string) => Promise<void>): WorkStore {
  return {
    create: async (key, text) => {
      await tell('create', key);
      return work.create(key, text);
    },
    replace: async (key, text, version) => {
      await tell('replace', key);
      return work.replace(key, text, version);
    },
    write: (key, text) => work.write(key, text),
    read: (key) => work.read(key),
    list: (prefix) => work.list(prefix),
    addressOf: (key) => work.addressOf(key),
  };
}
