import type { RestoreResult, UndoChoices } from '../../core/model/restore.ts';
import type { UndoPlanSummary, UndoReport } from '../../core/model/undo.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { parseUndoInput } from '../../functions/inputs/undo-input.ts';
import { type LocalUndoOptions, undoLocally } from '../../local/local-restore.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { RecordingReporter, settingsFor, testClock } from './local-run.ts';
import { json } from './restore-run.ts';

export interface FinishedUndo {
  readonly reporter: RecordingReporter;
  readonly result?: RestoreResult;
  readonly plan?: UndoPlanSummary;
  readonly report?: UndoReport;
  readonly error?: Error;
}

/** Undoes a restore on a simulated site by the real client, steps, definition and directory stores, in hurried time. */
export async function undo(
  simulator: Simulator,
  directory: string,
  input: { readonly undo: string } & Partial<UndoChoices>,
  options: Partial<LocalUndoOptions> = {},
): Promise<FinishedUndo> {
  const reporter = new RecordingReporter();
  try {
    const result = await undoLocally({
      directory,
      settings: settingsFor(simulator),
      choices: parseUndoInput(input),
      reporter,
      clock: testClock,
      requestTimeoutMilliseconds: 5_000,
      ...options,
    });
    const keys = restoreKeys(result.restore);
    const report = result.report === null ? undefined : json<UndoReport>(directory, keys.report);
    return { reporter, result, plan: json<UndoPlanSummary>(directory, keys.plan), ...(report && { report }) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { reporter, error };
  }
}

/** Plans the undo, approves what was planned, and carries it out. */
export async function undoApproved(
  simulator: Simulator,
  directory: string,
  name: string,
  options: Partial<LocalUndoOptions> = {},
): Promise<FinishedUndo> {
  const planned = await undo(simulator, directory, { undo: name }, options);
  if (planned.result?.outcome !== 'needs-approval') return planned;
  return undo(simulator, directory, { undo: name, approve: planned.result.hash }, options);
}
