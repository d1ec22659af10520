import { systemClock } from '../adapters/system-clock.ts';
import type { WorkStore } from '../core/ports/work-store.ts';
import { LocalRuns } from './local-runs.ts';

/** What is known of the runs of a folder, for a command that is none itself. */
export function folderRuns(work: WorkStore): LocalRuns {
  return new LocalRuns(work, systemClock);
}
