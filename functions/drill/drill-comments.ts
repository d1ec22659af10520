import * as v from 'valibot';
import { restoreComments } from '../../core/restore/activity/restore-comments.ts';
import { drilling } from '../runtime/drilling.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Comments, and history as comments; to be called again from `next` while that is not null. */
export const step = defineStep('drill-comments', v.strictObject({ run: restoreRun, from }), drilling(restoreComments));
