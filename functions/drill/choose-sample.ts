import * as v from 'valibot';
import { chooseSample } from '../../core/drill/choose-sample.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Reads the backup, and writes down the sample that is restored; to be called again from `next` while that is not null. */
export const step = defineStep('choose-sample', v.strictObject({ run: restoreRun, from }), chooseSample);
