import { unlimitedBudget } from './budgets.ts';
import { PretendSite } from './pretend-site.ts';
import type { BackupInput, BackupReport } from './processes/backup.ts';
import type { RestoreInput, RestoreMeasured } from './processes/restore.ts';
import type { SiteInput } from './processes/site.ts';
import type { StoredBackup } from './processes/verify.ts';
import type { Workshop } from './workshop.ts';

/** What every measurement is given. */
export interface Bench {
  readonly workshop: Workshop;
  readonly sizes: Sizes;
  /** Says on stderr what is going on. */
  progress(text: string): void;
}

export interface Sizes {
  /** Objects backed up within a real budget: 1,000 of them take a minute. */
  readonly budgetObjects: number;
  /** Objects restored within a real budget, each written twice: 1,000 of them take two minutes. */
  readonly writtenObjects: number;
  readonly largeObjects: number;
  readonly restoredObjects: number;
  /** Sites of so many objects are backed up twice. */
  readonly nights: readonly number[];
  /** Objects of a site of which a second night is planned. */
  readonly plannedObjects: number;
  /** Objects of a site of which an import gets an eighth, roughly, wrong. */
  readonly repairedObjects: number;
  /** Objects of a site of which two backups are compared. */
  readonly diffedObjects: number;
  /** Times that something short is measured; the median counts. */
  readonly repetitions: number;
}

/** One backup, in a process of its own. Throws where it is not complete: its figures would say nothing. */
export async function backUp(workshop: Workshop, input: BackupInput): Promise<BackupReport> {
  const report = await workshop.run<BackupReport>('backup', input);
  if (report.status !== 'complete') throw new Error(`The backup ${report.backup} is ${report.status}.`);
  return report;
}

/** Backs up a site of this seed, and leaves only the backup. */
export async function storeSite(
  workshop: Workshop,
  { seed, activity }: { readonly seed: SiteInput['seed']; readonly activity: boolean },
): Promise<StoredBackup> {
  const site = await PretendSite.start(workshop, { seed });
  const directory = workshop.folder();
  const { backup } = await backUp(workshop, { directory, site: site.ready, budget: unlimitedBudget, activity });
  await site.stop();
  return { directory, backup };
}

/** One restore, in a process of its own. Throws where it is not what was asked for: its figures would say nothing. */
export async function restore(workshop: Workshop, input: RestoreInput): Promise<RestoreMeasured> {
  const measured = await workshop.run<RestoreMeasured>('restore', input);
  if (measured.outcome !== (input.dryRun ? 'planned' : 'restored')) {
    throw new Error(`The restore of ${input.backup} ended as ${measured.outcome}.`);
  }
  return measured;
}
