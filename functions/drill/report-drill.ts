import * as v from 'valibot';
import { reportDrill } from '../../core/drill/report-drill.ts';
import { drillFacts } from '../../core/report/drill-facts.ts';
import { withPage } from '../../core/report/leave-page.ts';
import { drillPage } from '../../pages/report/drill-page.ts';
import { restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Writes the report of a drill, releases the site. */
export const step = defineStep(
  'report-drill',
  v.strictObject({ run: restoreRun }),
  withPage(reportDrill, { facts: drillFacts, page: drillPage }),
);
