import * as v from 'valibot';
import { planRestore } from '../../core/restore/plan-restore.ts';
import { restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Writes down all that would be done, and says whether to go on. */
export const step = defineStep('plan-restore', v.strictObject({ run: restoreRun }), planRestore);
