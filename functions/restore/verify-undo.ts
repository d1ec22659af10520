import * as v from 'valibot';
import { verifyUndo } from '../../core/restore/undo/verify-undo.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Reads again what was undone; to be called again from `next` while that is not null. */
export const step = defineStep('verify-undo', v.strictObject({ run: restoreRun, from }), verifyUndo);
