import type { DrillChoices, DrillRun } from '../model/drill.ts';
import type { Services } from '../ports/services.ts';

export function openDrill(
  _services: Services,
  _input: { executionId: string; startedAt: string; choices: DrillChoices },
): Promise<{ run: DrillRun }> {
  throw new Error('Not made yet.');
}
