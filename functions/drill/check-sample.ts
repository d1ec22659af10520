import * as v from 'valibot';
import { checkBackup } from '../../core/restore/check-backup.ts';
import { drilling } from '../runtime/drilling.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Verifies the sample, and the stored files that it was taken from; to be called again from `next` while that is not null. */
export const step = defineStep('check-sample', v.strictObject({ run: restoreRun, from }), drilling(checkBackup));
