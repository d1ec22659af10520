import type { RestoreRun } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import { causeMessage } from '../runs/execution-error.ts';
import { releaseSiteLock } from '../runs/site-lock.ts';

/**
 * Ends a restore that cannot go on: releases the target. What was written stays, and so do the journals: the same restore
 * started again goes on where this one stopped.
 */
export async function abandonRestore(
  services: Services,
  { run, error, cause }: { run: RestoreRun; error: string; cause: string },
): Promise<{ error: string; cause: string }> {
  await releaseSiteLock(services, run.workspace.workspaceId, run.executionId);
  return { error, cause: causeMessage(cause) };
}
