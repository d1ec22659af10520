import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { hasToken, parseSiteSettings } from '../../adapters/atlassian/site-settings.ts';
import type { BackupResult } from '../../core/backup/finish-backup.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { endpointClasses } from '../../core/model/request-budget.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { EventFields, Reporter } from '../../core/ports/reporter.ts';
import { backUpLocally, type LocalBackupOptions } from '../../local/local-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/start-simulator.ts';
import { roomyPlace } from '../roomy-place.ts';
import { VirtualClock } from '../virtual-clock.ts';

/** A folder that goes with the test. */
export function testDirectory(): string {
  const directory = mkdtempSync(join(roomyPlace(), 'assets-backup-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A simulator that is closed with the test, in the time of the product. */
export async function testSimulator(options: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator({ clock: testClock, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

/**
 * Time that does not wait: a sleep moves it on at once, so that back-offs and pacing cost a test nothing. Deadlines of
 * tasks and machines, which are sleeps too, are only ended, never reached.
 */
export class HurriedClock implements Clock {
  #ahead: number;
  readonly #machine: () => number;

  /** @param machine the time of this machine; one that stands still is no second late, however busy the machine is */
  constructor(startsAt = Date.now(), machine: () => number = Date.now) {
    this.#machine = machine;
    this.#ahead = startsAt - machine();
  }

  now(): number {
    return this.#machine() + this.#ahead;
  }

  /** Back to the time of this machine. */
  reset(): void {
    this.#ahead = 0;
  }

  /** Lets hours or days pass while nothing runs. */
  pass(milliseconds: number): void {
    this.#ahead += milliseconds;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (milliseconds >= shortestDeadline) return untilAborted(signal);
    const until = this.now() + milliseconds;
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    this.#ahead += Math.max(0, until - this.now());
  }
}

/**
 * The one clock of a test file, for product and simulators alike, unless they are given another: what a site is late with
 * comes while the product waits for it, costs nothing, and does not come where the product does not wait.
 */
export const testClock = new HurriedClock();

/** A clock that moves by itself, whose deadlines are only ended, never reached. */
export class RunningClock extends VirtualClock {
  constructor() {
    super({ runs: true });
  }

  override sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return milliseconds >= shortestDeadline ? untilAborted(signal) : super.sleep(milliseconds, signal);
  }
}

/** Time-outs of tasks and machines are 16 minutes and more; no pause of a request or of a rate limiter is as long. */
const shortestDeadline = 900_000;

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

export interface RecordedEvent {
  readonly level: string;
  readonly name: string;
  readonly fields: EventFields;
}

/** Keeps what it is told. */
export class RecordingReporter implements Reporter {
  readonly events: RecordedEvent[] = [];
  readonly plannedCounts: Record<string, number> = {};
  readonly advancedCounts: Record<string, number> = {};
  requestCount = 0;

  planned(stage: string, count: number): void {
    this.plannedCounts[stage] = (this.plannedCounts[stage] ?? 0) + count;
  }
  advanced(stage: string, count: number): void {
    this.advancedCounts[stage] = (this.advancedCounts[stage] ?? 0) + count;
  }
  requested(): void {
    this.requestCount += 1;
  }
  event(level: string, name: string, fields: EventFields): void {
    this.events.push({ level, name, fields });
  }
}

export interface FinishedRun {
  readonly directory: string;
  readonly reporter: RecordingReporter;
  readonly result?: BackupResult;
  readonly manifest?: Manifest;
  readonly error?: Error;
}

/** Backs up a simulated site by the real client, steps, definition and directory stores, in hurried time. */
export async function backUp(
  simulator: Simulator,
  options: Partial<LocalBackupOptions> & { site?: object } = {},
): Promise<FinishedRun> {
  const { site, directory = testDirectory(), ...others } = options;
  const reporter = new RecordingReporter();
  try {
    const result = await backUpLocally({
      directory,
      settings: settingsFor(simulator, site),
      objectSchemaKeys: null,
      activity: true,
      reporter,
      clock: testClock,
      requestTimeoutMilliseconds: 5_000,
      ...others,
    });
    const manifest = await openBackup(openLocalStores(directory).backups, result.backup);
    return { directory, reporter, result, manifest };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { directory, reporter, error };
  }
}

/** Settings with a budget that does not matter. */
export function settingsFor({ url, credentials }: Simulator, more: object = {}) {
  const byClass = Object.fromEntries(endpointClasses.map((name) => [name, 6_000_000]));
  const { settings } = parseSiteSettings({
    siteName: url,
    apiUrl: url,
    ...credentials,
    requestBudget: { total: 6_000_000, byClass },
    ...more,
  });
  if (!hasToken(settings)) throw new Error('The test gave no token.');
  return settings;
}
