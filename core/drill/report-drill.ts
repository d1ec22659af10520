import type { DrillResult, DrillRun } from '../model/drill.ts';
import type { Services } from '../ports/services.ts';

export function reportDrill(_services: Services, _input: { run: DrillRun }): Promise<DrillResult> {
  throw new Error('Not made yet.');
}
