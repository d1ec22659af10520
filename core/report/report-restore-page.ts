import { messageOf, nameOf } from '../errors.ts';
import type { RestoreResult, RestoreRun } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import { restoreKeys } from '../restore/restore-keys.ts';
import type { ReportPage } from './report-backup.ts';
import { type RestoreFacts, restoreFacts } from './restore-facts.ts';

/** Does what ends a restore, and shows it on a page. The restore is done: it ends as it is, whatever becomes of the page. */
export function withPage<Input extends { readonly run: RestoreRun }>(
  report: (services: Services, input: Input) => Promise<RestoreResult>,
  page: ReportPage<RestoreFacts>,
): (services: Services, input: Input) => Promise<RestoreResult> {
  return async (services, input) => {
    const result = await report(services, input);
    const { restore } = result;
    try {
      await services.work.write(restoreKeys(restore).reportPage, page(await restoreFacts(services, restore)));
    } catch (error) {
      services.reporter.event('error', 'report.failed', { restore, error: nameOf(error), message: messageOf(error) });
    }
    return result;
  };
}
