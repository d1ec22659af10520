import * as v from 'valibot';
import { verifyDrill } from '../../core/drill/verify-drill.ts';
import { drilling } from '../runtime/drilling.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Compares the scratch schemas with the sample; to be called again from `next` while that is not null. */
export const step = defineStep('verify-drill', v.strictObject({ run: restoreRun, from }), drilling(verifyDrill));
