import * as v from 'valibot';
import { withPage } from '../../core/report/leave-page.ts';
import { restoreFacts } from '../../core/report/restore-facts.ts';
import { relinkIssues } from '../../core/restore/issues/relink-issues.ts';
import { restorePage } from '../../pages/report/restore-page.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Makes issues hold what was made in the place of what they held; to be called again from `next` while that is not null. */
export const step = defineStep(
  'relink-issues',
  v.strictObject({ run: restoreRun, from }),
  // Within a restore it has no result, and the page is that of the restore.
  withPage(relinkIssues, { facts: restoreFacts, page: restorePage, isEnd: ({ result }) => result !== null }),
);
