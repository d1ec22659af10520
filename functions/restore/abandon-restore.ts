import * as v from 'valibot';
import { abandonRestore } from '../../core/restore/abandon-restore.ts';
import { restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Releases the site after a failure, and gives the error that made the restore fail. */
export const step = defineStep(
  'abandon-restore',
  v.strictObject({ run: restoreRun, error: v.string(), cause: v.string() }),
  abandonRestore,
);
