import * as v from 'valibot';
import { checkBackup } from '../../core/restore/check-backup.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Verifies the stored files that this restore reads; to be called again from `next` while that is not null. */
export const step = defineStep('check-backup', v.strictObject({ run: restoreRun, from }), checkBackup);
