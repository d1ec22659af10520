import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, diskError } from '../adapters/disk/disk-error.ts';
import { isRecord } from '../core/model/json.ts';
import { logFolder } from './local-stores.ts';

/** A run on this computer, as its log tells it, in the words of a stack's executions. */
export interface LoggedRun {
  /** Of the log, without its ending. */
  readonly name: string;
  readonly log: string;
  readonly machine: 'backup' | 'restore' | 'drill';
  /** `RUNNING` of one whose log has no end; whether it does run, its lock says. */
  readonly status: 'SUCCEEDED' | 'FAILED' | 'RUNNING';
  /** ISO 8601. */
  readonly startedAt: string;
  /** Of one that has no end so far, or until it was cut off. */
  readonly milliseconds: number;
  /** `complete`, `planned`, the error's name; empty where it says nothing. */
  readonly result: string;
  /** Where it failed: why. */
  readonly message: string | null;
  /** By which its lock knows it; null where it had none. */
  readonly executionId: string | null;
}

const logName = /^(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)\.log$/;

/** The newest runs whose logs are there, newest first. A folder without logs has none. Throws StorageError. */
export async function lastLoggedRuns(directory: string, most: number): Promise<LoggedRun[]> {
  const folder = join(directory, logFolder);
  const names = (await orMissing(folder, readdir(folder))) ?? [];
  const runs: LoggedRun[] = [];
  for (const name of names
    .filter((one) => logName.test(one))
    .sort()
    .reverse()) {
    const log = join(folder, name);
    // A run that begins meanwhile removes old ones.
    const run = readRun(name, log, (await orMissing(log, readFile(log, 'utf8'))) ?? '');
    if (run) runs.push(run);
    if (runs.length === most) break;
  }
  return runs;
}

async function orMissing<T>(path: string, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw diskError(error, path);
  }
}

/** The step with which a machine begins. */
const machines: Readonly<Record<string, LoggedRun['machine']>> = {
  PlanBackup: 'backup',
  OpenBackup: 'restore',
  OpenDrill: 'drill',
};

/** Undefined where the log is of no machine, as that of pruning, or where it broke off before its first step. */
function readRun(name: string, log: string, text: string): LoggedRun | undefined {
  const lines = text.split('\n').flatMap(eventIn);
  const [first] = lines;
  const step = lines.find(({ event }) => event === 'step.started')?.step;
  const machine = machines[String(step)];
  if (!first || !machine) return undefined;
  const end = lines.findLast(({ event }) => event === 'run.ended' || event === 'run.failed');
  const locked = lines.find(({ event }) => event === 'run.locked')?.executionId;
  const result = end?.event === 'run.failed' ? end.error : (end?.status ?? end?.outcome);
  return {
    name: name.replace(logName, '$1'),
    log,
    machine,
    status: end === undefined ? 'RUNNING' : isFailure(end) ? 'FAILED' : 'SUCCEEDED',
    startedAt: first.time,
    milliseconds: Date.parse((end ?? lines.at(-1) ?? first).time) - Date.parse(first.time),
    result: typeof result === 'string' ? result : '',
    message: end?.event === 'run.failed' ? String(end.message) : null,
    executionId: typeof locked === 'string' ? locked : null,
  };
}

/** As the machine ends in a stack: by an error also where it has a result that is not what was hoped for. */
const isFailure = ({ event, status, outcome }: LoggedEvent) =>
  event === 'run.failed' || status === 'partial' || outcome === 'differences-found';

type LoggedEvent = Readonly<Record<string, unknown>> & { readonly time: string };

/** A line that was cut off is none. */
function eventIn(line: string): LoggedEvent[] {
  try {
    const event: unknown = JSON.parse(line);
    return isRecord(event) && typeof event.time === 'string' ? [event as LoggedEvent] : [];
  } catch {
    return [];
  }
}
