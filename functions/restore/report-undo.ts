import * as v from 'valibot';
import { withPage } from '../../core/report/leave-page.ts';
import { restoreFacts } from '../../core/report/restore-facts.ts';
import { reportUndo } from '../../core/restore/undo/report-undo.ts';
import { restorePage } from '../../pages/report/restore-page.ts';
import { restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Writes the report of an undo, releases the site. */
export const step = defineStep(
  'report-undo',
  v.strictObject({ run: restoreRun }),
  withPage(reportUndo, { facts: restoreFacts, page: restorePage }),
);
