import * as v from 'valibot';
import { undoObjects } from '../../core/restore/undo/undo-objects.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Sets back and deletes objects; to be called again from `next` while that is not null. */
export const step = defineStep('undo-objects', v.strictObject({ run: restoreRun, from }), undoObjects);
