import * as v from 'valibot';
import { abandonRun } from '../../core/runs/abandon-run.ts';
import { restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Releases the site after a failure, and gives the error that made the restore fail. */
export const step = defineStep(
  'abandon-restore',
  v.strictObject({ run: restoreRun, error: v.string(), cause: v.string() }),
  abandonRun,
);
