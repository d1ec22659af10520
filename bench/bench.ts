import type { BackupInput, BackupReport } from './processes/backup.ts';
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
  readonly largeObjects: number;
  /** Times that something short is measured; the median counts. */
  readonly repetitions: number;
}

/** One backup, in a process of its own. Throws where it is not complete: its figures would say nothing. */
export async function backUp(workshop: Workshop, input: BackupInput): Promise<BackupReport> {
  const report = await workshop.run<BackupReport>('backup', input);
  if (report.status !== 'complete') throw new Error(`The backup ${report.backup} is ${report.status}.`);
  return report;
}
