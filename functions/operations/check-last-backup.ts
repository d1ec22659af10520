import * as v from 'valibot';
import { checkLastBackup } from '../../core/operations/check-last-backup.ts';
import { defineStep } from '../runtime/step.ts';

/** Says every hour how old the newest backup is; no state of a machine. What a clock puts into its input does not matter. */
export const step = defineStep('check-last-backup', v.looseObject({}), checkLastBackup);
