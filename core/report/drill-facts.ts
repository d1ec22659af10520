import { drillFolder, drillKeys } from '../drill/drill-keys.ts';
import { NoSuchBackupError } from '../errors.ts';
import type { DrillReport } from '../model/drill.ts';
import type { Services } from '../ports/services.ts';
import { readJson } from '../work-store/json-file.ts';
import { type PageFacts, pageFacts } from './page-facts.ts';

/** All that the page of a drill shows. */
export interface DrillFacts extends PageFacts {
  readonly report: DrillReport;
}

/** Throws NoSuchBackupError where it has not come to its end, DamagedWorkFileError. */
export async function drillFacts(
  services: Pick<Services, 'work' | 'clock' | 'version'>,
  drill: string,
): Promise<DrillFacts> {
  const folder = drillFolder(drill);
  const key = folder + drillKeys.report;
  const report = await readJson<DrillReport>(services.work, key);
  if (!report)
    throw new NoSuchBackupError(
      `The drill ${drill} has not come to its end, or its report is gone, so there is nothing to show. \`assets-backup status\` says how the last one ended.`,
    );
  return { ...pageFacts(services, { report: key, pageKey: folder + drillKeys.reportPage }), report };
}
