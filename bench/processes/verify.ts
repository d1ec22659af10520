import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { finish, inputOf, peakMegabytes, secondsSince } from './parent.ts';
import { silentReporter } from './silent-reporter.ts';

export interface StoredBackup {
  readonly directory: string;
  readonly backup: string;
}

/** Of one pass over all files of a backup. */
export interface ReadingReport {
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const { directory, backup } = await inputOf<StoredBackup>();
const start = performance.now();
const { backups } = openLocalStores(directory);
const { files, bytes, problems } = await verifyBackup({ backups, reporter: silentReporter }, backup);
if (problems.length > 0) throw new Error(`The backup has ${problems.length} problems: ${JSON.stringify(problems[0])}`);
const report: ReadingReport = { files, bytes, seconds: secondsSince(start), peakMegabytes: peakMegabytes() };
await finish(report);
