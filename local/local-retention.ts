import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readFolderSettings } from '../adapters/disk/folder-settings.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { ListedBackup } from '../core/backup-format/open-backup.ts';
import { WrongInputError } from '../core/errors.ts';
import type { BackupDeleter } from '../core/ports/backup-deleter.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import type { RetentionPlan } from '../core/retention/plan-retention.ts';
import type { PruneReport, PruneServices } from '../core/retention/prune-backups.ts';
import { localRoot } from './local-root.ts';
import { LocalRuns } from './local-runs.ts';
import { openLocalDeleter, openLocalStores } from './local-stores.ts';

export interface LocalPruneOptions {
  /** Where the backups lie. */
  readonly directory: string;
  /** Says what would be deleted, and changes nothing. */
  readonly dryRun: boolean;
  readonly reporter: Reporter;
  /** For tests: time, and something between pruning and what it uses. */
  readonly clock?: Clock;
  readonly decorate?: (used: PruneTools) => PruneTools;
}

/** What pruning uses. */
export interface PruneTools {
  readonly services: PruneServices;
  readonly deleter: BackupDeleter;
}

/** A folder has no time zone of its own: days are those of UTC, in which backups are named too. */
const timeZone = 'UTC';

/**
 * Deletes the backups of a folder that no rule in its settings and no reason keeps. Throws WrongInputError where no rules are set, and
 * DamagedWorkFileError.
 */
export async function pruneLocally(options: LocalPruneOptions): Promise<PruneReport> {
  const { directory, dryRun, reporter, clock = systemClock, decorate = (used) => used } = options;
  const settings = await readFolderSettings(directory);
  if (settings.keep === null) throw noRules(directory);
  const { pruneBackups } = await import('../core/retention/prune-backups.ts');
  const { pruneIndexes } = await import('./browse-folder.ts');
  const { backups, work } = openLocalStores(directory);
  const runs = new LocalRuns(work, clock);
  const { keep, undoDays } = settings;
  const { services, deleter } = decorate({
    services: {
      ...{ backups, work, runs, clock, reporter, keep, undoDays, timeZone, watched: null },
      remainingMilliseconds: () => Number.POSITIVE_INFINITY,
    },
    deleter: openLocalDeleter(directory),
  });
  const executionId = `local:${hostname()}:${process.pid}:${randomUUID()}`;
  // Its marks count as long as it is known to run. What changes nothing leaves none.
  const stopHeartbeat = dryRun ? async () => {} : await runs.startHeartbeat(executionId);
  try {
    const report = await pruneBackups(services, deleter, { dryRun, executionId });
    // What `browse` has made of a backup goes with it.
    if (!dryRun) await pruneIndexes(directory, await Array.fromAsync(backups.folders()));
    return report;
  } finally {
    await stopHeartbeat();
  }
}

/** What the rules in a folder's settings keep of its backups, and why; null where none are set. */
export async function keptLocally(directory: string, listed: readonly ListedBackup[]): Promise<RetentionPlan | null> {
  const { keep, undoDays } = await readFolderSettings(localRoot(directory).root);
  if (keep === null) return null;
  // Not loaded by `list` of a folder without rules.
  const { gatherFacts } = await import('../core/retention/gather-facts.ts');
  const { planRetention } = await import('../core/retention/plan-retention.ts');
  const { backups, work } = openLocalStores(directory);
  const clock = systemClock;
  const runs = new LocalRuns(work, clock);
  const services = { backups, work, clock, runs, undoDays, timeZone, watched: null };
  const { facts } = await gatherFacts(services, keep, null, listed);
  return planRetention(facts);
}

function noRules(directory: string): WrongInputError {
  const example = '"keep": { "last": 3, "daily": 14, "weekly": 8, "monthly": 12, "yearly": 5 }';
  return new WrongInputError(
    `${join(directory, 'settings.json')} says nothing of which backups are kept, so none is ever deleted. Set rules there first, for example { ${example} }.`,
  );
}
