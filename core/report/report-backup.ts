import { identityOf } from '../backup-format/manifest.ts';
import type { Run } from '../model/run.ts';
import type { Services } from '../ports/services.ts';
import { writeJson } from '../work-store/json-file.ts';
import { type BackupFacts, backupFacts } from './backup-facts.ts';
import type { ChangesFile } from './earlier-backups.ts';
import { reportKeys } from './report-keys.ts';

/** Shows what a report is to say, as one file of HTML. */
export type ReportPage<Facts> = (facts: Facts) => string;

/** Writes the report of a backup that this run has finished, and what it leaves for those of later ones. Run again it writes them again. */
export async function reportBackup(
  services: Services,
  { run }: { readonly run: Run },
  page: ReportPage<BackupFacts>,
): Promise<{ readonly report: string }> {
  const { work } = services;
  const facts = await backupFacts(services, run.backup);
  const keys = reportKeys(identityOf(facts.manifest));
  const counts = facts.changes?.counts;
  if (facts.previous !== null && counts)
    await writeJson<ChangesFile>(work, keys.changes, { previous: facts.previous, counts });
  await work.write(keys.page, page(facts));
  return { report: keys.page };
}
