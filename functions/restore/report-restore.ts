import * as v from 'valibot';
import { withPage } from '../../core/report/leave-page.ts';
import { restoreFacts } from '../../core/report/restore-facts.ts';
import { reportRestore } from '../../core/restore/report/report-restore.ts';
import { restorePage } from '../../pages/report/restore-page.ts';
import { restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Writes the report, releases the site. */
export const step = defineStep(
  'report-restore',
  v.strictObject({ run: restoreRun }),
  withPage(reportRestore, { facts: restoreFacts, page: restorePage }),
);
