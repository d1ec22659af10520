import * as v from 'valibot';
import { abandonBackup } from '../../core/backup/abandon-backup.ts';
import { run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Releases the site after a failure, and gives the error that made the run fail. */
export const step = defineStep(
  'abandon-backup',
  v.strictObject({ run, error: v.string(), cause: v.string() }),
  abandonBackup,
);
