import * as v from 'valibot';
import { undoConfiguration } from '../../core/restore/undo/undo-configuration.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Deletes configuration that is empty by then; to be called again from `next` while that is not null. */
export const step = defineStep('undo-configuration', v.strictObject({ run: restoreRun, from }), undoConfiguration);
