import type { DrillRun } from '../model/drill.ts';
import type { Services } from '../ports/services.ts';

export function removeScratch(
  _services: Services,
  _input: { run: DrillRun; from: number },
): Promise<{ next: number | null }> {
  throw new Error('Not made yet.');
}
