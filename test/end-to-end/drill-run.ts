import type { DrillReport, DrillResult } from '../../core/model/drill.ts';
import { drillLocally } from '../../local/local-drill.ts';
import type { LocalOptions } from '../../local/local-execution.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { RecordingReporter, settingsFor, testClock } from './local-run.ts';
import { json } from './restore-run.ts';

export interface FinishedDrill {
  readonly reporter: RecordingReporter;
  readonly result?: DrillResult;
  readonly report?: DrillReport;
  readonly error?: Error;
}

/** Runs a drill on a simulated site by the real client, steps, definition and directory stores, in hurried time. */
export async function drill(
  simulator: Simulator,
  directory: string,
  options: Partial<LocalOptions> & { site?: object } = {},
): Promise<FinishedDrill> {
  const { site, ...others } = options;
  const reporter = new RecordingReporter();
  try {
    const result = await drillLocally({
      directory,
      settings: settingsFor(simulator, site),
      reporter,
      clock: testClock,
      requestTimeoutMilliseconds: 5_000,
      ...others,
    });
    return { reporter, result, report: json<DrillReport>(directory, result.report) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { reporter, error };
  }
}
