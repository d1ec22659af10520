import type { DrillRun } from '../model/drill.ts';
import type { Services } from '../ports/services.ts';

export function abandonDrill(
  _services: Services,
  _input: { run: DrillRun; error: string; cause: string },
): Promise<{ error: string; cause: string }> {
  throw new Error('Not made yet.');
}
