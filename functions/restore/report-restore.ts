import * as v from 'valibot';
import { reportRestore } from '../../core/restore/report/report-restore.ts';
import { restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Writes the report, releases the site. */
export const step = defineStep('report-restore', v.strictObject({ run: restoreRun }), reportRestore);
