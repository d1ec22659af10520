import type { DirectoryWorkStore } from '../adapters/disk/directory-work-store.ts';
import { allDiffs } from '../core/diff/diff-keys.ts';
import { diffWithSite } from '../core/diff/diff-with-site.ts';
import type { LiveDiff, SiteDiffRequest } from '../core/diff/site-diff.ts';
import { diffDays } from '../core/model/diff-days.ts';
import { type LocalOptions, withLocalExecution } from './local-execution.ts';

export interface LocalDiffOptions extends LocalOptions, Omit<SiteDiffRequest, 'from'> {}

/**
 * Compares a backup with its site on this machine, without its lock, since nothing is written there: what others write meanwhile is
 * seen or not, as it comes.
 */
export function diffWithSiteLocally(options: LocalDiffOptions): Promise<LiveDiff> {
  const { diff, backup, filters } = options;
  return withLocalExecution(options, async (execution) => {
    const services = execution.servicesFor(execution.signal);
    for (let from = 0; ; ) {
      const { next, summary, files } = await diffWithSite(services, { diff, backup, filters, from });
      if (summary) return { summary, files };
      if (next === null) throw new Error('The comparison ended without a summary.');
      from = next;
    }
  });
}

/** Removes what comparisons have left and nobody needs any more; in a stack the life cycle of the bucket does that. */
export async function clearOldDiffs(work: DirectoryWorkStore, now: number): Promise<void> {
  await work.removeOlder(allDiffs, now - diffDays * 86_400_000);
}
