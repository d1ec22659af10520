import * as v from 'valibot';
import { planRestore } from '../../core/restore/plan/plan-restore.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Writes down all that would be done, and says whether to go on; to be called again from `next` while that is not null. */
export const step = defineStep('plan-restore', v.strictObject({ run: restoreRun, from }), planRestore);
