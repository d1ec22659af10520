import { isRecord, type Json } from '../model/json.ts';
import type { RestoreRun } from '../model/restore.ts';
import type { Run } from '../model/run.ts';
import type { Services } from '../ports/services.ts';
import { releaseRunAtEnd } from './release-run.ts';

/** The sentence in an error's cause: Lambda gives `{"errorType", "errorMessage", "trace"}` as text, Step Functions plain text. */
export function causeMessage(cause: string): string {
  try {
    const value = JSON.parse(cause) as Json;
    if (isRecord(value) && typeof value.errorMessage === 'string') return value.errorMessage;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error; // Plain text.
  }
  return cause;
}

/**
 * Ends a run that cannot go on: lets go of what it holds, and gives the error in words. What was written stays, and so do a restore's
 * journals: the same restore started again goes on where this one stopped.
 */
export async function abandonRun(
  services: Services,
  { run, error, cause }: { run: Run | RestoreRun; error: string; cause: string },
): Promise<{ error: string; cause: string }> {
  await releaseRunAtEnd(services, run);
  return { error, cause: causeMessage(cause) };
}
