import { identityOf } from '../backup-format/manifest.ts';
import type { Run } from '../model/run.ts';
import type { Services } from '../ports/services.ts';
import { type BackupFacts, backupFacts } from './backup-facts.ts';
import { reportKeys } from './report-keys.ts';

/** Shows what a report is to say. */
export type ReportPage<Facts> = (facts: Facts) => string;

/** Writes the report of a backup that this run has finished. Run again it writes it again. */
export async function reportBackup(
  services: Services,
  { run }: { readonly run: Run },
  page: ReportPage<BackupFacts>,
): Promise<{ readonly report: string }> {
  return { report: await writeBackupReport(services, run.backup, page) };
}

/** Gives the key under which the report lies in the work store. Throws NoSuchBackupError, DamagedBackupError, UnsupportedFormatError. */
export async function writeBackupReport(
  services: Parameters<typeof backupFacts>[0],
  backup: string,
  page: ReportPage<BackupFacts>,
): Promise<string> {
  const facts = await backupFacts(services, backup);
  const { page: key } = reportKeys(identityOf(facts.manifest));
  await services.work.write(key, page(facts));
  return key;
}
