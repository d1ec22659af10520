import * as v from 'valibot';
import { reportUndo } from '../../core/restore/undo/report-undo.ts';
import { restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Writes the report of an undo, releases the site. */
export const step = defineStep('report-undo', v.strictObject({ run: restoreRun }), reportUndo);
