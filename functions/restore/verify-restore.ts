import * as v from 'valibot';
import { verifyRestore } from '../../core/restore/proof/verify-restore.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Compares the target with the backup; to be called again from `next` while that is not null. */
export const step = defineStep('verify-restore', v.strictObject({ run: restoreRun, from }), verifyRestore);
