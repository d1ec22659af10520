import * as v from 'valibot';
import { planUndo } from '../../core/restore/undo/plan-undo.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Writes down all that an undo would do, and says whether to go on; to be called again from `next` while that is not null. */
export const step = defineStep('plan-undo', v.strictObject({ run: restoreRun, from }), planUndo);
