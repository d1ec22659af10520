import * as v from 'valibot';
import { removeScratch } from '../../core/drill/remove-scratch.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Removes scratch schemas of drills that have ended, and at the end those of this one; to be called again from `next` while that is not null. */
export const step = defineStep('remove-scratch', v.strictObject({ run: restoreRun, from }), removeScratch);
