import * as v from 'valibot';
import { relinkIssues } from '../../core/restore/issues/relink-issues.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Makes issues hold what was made in the place of what they held; to be called again from `next` while that is not null. */
export const step = defineStep('relink-issues', v.strictObject({ run: restoreRun, from }), relinkIssues);
