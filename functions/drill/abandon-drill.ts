import * as v from 'valibot';
import { abandonDrill } from '../../core/drill/abandon-drill.ts';
import { restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Removes what it can, releases the site after a failure, and gives the error that made the drill fail. */
export const step = defineStep(
  'abandon-drill',
  v.strictObject({ run: restoreRun, error: v.string(), cause: v.string() }),
  abandonDrill,
);
