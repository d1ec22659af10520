import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanSummary, RestoreChoices, RestoreReport, RestoreResult } from '../../core/model/restore.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';
import { type LocalRestoreOptions, restoreLocally } from '../../local/local-restore.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Quirks, Simulator } from '../../simulator/start-simulator.ts';
import { backUp, RecordingReporter, settingsFor, testClock, testSimulator } from './local-run.ts';

export interface FinishedRestore {
  readonly reporter: RecordingReporter;
  readonly result?: RestoreResult;
  readonly plan?: PlanSummary;
  readonly report?: RestoreReport;
  readonly error?: Error;
  /** Target ids by source id, from the table of keys. */
  readonly objects: Map<string, string>;
}

/** Restores a backup into a simulated site by the real client, steps, definition and directory stores, in hurried time. */
export async function restore(
  simulator: Simulator,
  directory: string,
  input: { readonly folder: string } & Record<string, unknown>,
  options: Partial<LocalRestoreOptions> & { site?: object } = {},
): Promise<FinishedRestore> {
  const { site, ...others } = options;
  const reporter = new RecordingReporter();
  const choices: RestoreChoices = parseRestoreInput(input);
  try {
    const result = await restoreLocally({
      directory,
      settings: settingsFor(simulator, site),
      choices,
      reporter,
      clock: testClock,
      requestTimeoutMilliseconds: 5_000,
      ...others,
    });
    const keys = restoreKeys(result.restore);
    const report = result.report === null ? undefined : json<RestoreReport>(directory, keys.report);
    return {
      reporter,
      result,
      plan: json<PlanSummary>(directory, keys.plan),
      ...(report && { report }),
      objects: report?.files.keys ? objectsIn(directory, report.files.keys) : new Map(),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { reporter, error, objects: new Map() };
  }
}

export interface Copied {
  readonly restored: FinishedRestore;
  /** Of the target; its requests are those of the restore alone, unless it is the source too. */
  readonly simulator: Simulator;
  readonly directory: string;
  readonly backup: string;
  /** The same restore again, with other choices if need be. */
  again(input?: Record<string, unknown>): Promise<FinishedRestore>;
}

/** Backs a site up and restores it into another one, or into itself when both are the same. */
export async function copySite(
  source: SimulatedSite,
  target: SimulatedSite,
  input: Record<string, unknown> = {},
  quirks: { readonly source?: Partial<Quirks>; readonly target?: Partial<Quirks> } = {},
): Promise<Copied> {
  const from = await testSimulator({ site: source, ...(quirks.source && { quirks: quirks.source }) });
  const { directory, result } = await backUp(from);
  const backup = result?.backup ?? 'no backup was made';
  const simulator =
    target === source ? from : await testSimulator({ site: target, ...(quirks.target && { quirks: quirks.target }) });
  const run = (more: Record<string, unknown> = {}) =>
    restore(simulator, directory, { folder: backup, ...input, ...more });
  return { restored: await run(), simulator, directory, backup, again: run };
}

export function json<T>(directory: string, key: string): T {
  return JSON.parse(readFileSync(join(directory, '.work', key), 'utf8')) as T;
}

/** Lines of a `.jsonl` file of the work store. */
export function linesIn<T>(directory: string, key: string): T[] {
  const text = readFileSync(join(directory, '.work', key), 'utf8').trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as T);
}

function objectsIn(directory: string, key: string): Map<string, string> {
  return objectsOfTable(readFileSync(join(directory, '.work', key), 'utf8'));
}

/** Source id → target id, of a restore's table of keys. */
export function objectsOfTable(csv: string): Map<string, string> {
  const rows = csv.trimEnd().split('\r\n').slice(1);
  return new Map(
    rows.map((row) => {
      const [, source = '', , target = ''] = row.split(',');
      return [source, target];
    }),
  );
}
