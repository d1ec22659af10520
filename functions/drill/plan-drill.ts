import * as v from 'valibot';
import { planDrill } from '../../core/drill/plan-drill.ts';
import { drilling } from '../runtime/drilling.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Writes down all that would be done; to be called again from `next` while that is not null. */
export const step = defineStep('plan-drill', v.strictObject({ run: restoreRun, from }), drilling(planDrill));
