import { messageOf } from '../errors.ts';
import type { DrillRun } from '../model/drill.ts';
import type { Services } from '../ports/services.ts';
import { abandonRun, causeMessage } from '../runs/abandon-run.ts';
import { noteDrill } from './drill-record.ts';
import { removeScratch } from './remove-scratch.ts';

/** So often a removal that hands back is gone on with. */
const mostTurns = 10;

/**
 * Ends a drill that cannot go on: removes what it has made where it can, lets go of what it holds, and gives the error in words. What
 * stays the next drill removes.
 */
export async function abandonDrill(
  services: Services,
  { run, error, cause }: { run: DrillRun; error: string; cause: string },
): Promise<{ error: string; cause: string }> {
  const tried = async (what: () => Promise<void>) => {
    try {
      await what();
    } catch (other) {
      // How the drill ended is settled by what came first.
      services.reporter.event('warn', 'drill.notice', { drill: run.restore, message: messageOf(other) });
    }
  };
  await tried(async () => {
    let next: number | null = 0;
    for (let turn = 0; next !== null && turn < mostTurns; turn += 1)
      ({ next } = await removeScratch(services, { run, from: next }));
  });
  const at = new Date(services.clock.now()).toISOString();
  const message = causeMessage(cause);
  await tried(() => noteDrill(services.work, run.restore, { ended: { at, outcome: 'failed', message, error } }));
  return abandonRun(services, { run, error, cause });
}
