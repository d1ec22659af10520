import * as v from 'valibot';
import { finishBackup } from '../../core/backup/finish-backup.ts';
import { run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Reconciles, writes the manifest, releases the site. */
export const step = defineStep('finish-backup', v.strictObject({ run }), finishBackup);
