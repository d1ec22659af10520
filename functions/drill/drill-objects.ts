import * as v from 'valibot';
import { createObjects } from '../../core/restore/objects/create-objects.ts';
import { drilling } from '../runtime/drilling.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Creates the objects of the sample; to be called again from `next` while that is not null. */
export const step = defineStep('drill-objects', v.strictObject({ run: restoreRun, from }), drilling(createObjects));
