import * as v from 'valibot';
import { exportObjects } from '../../core/backup/export-objects.ts';
import type { TypeBatch } from '../../core/backup/work-files.ts';
import { batch, run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** All objects of a batch of types; to be called again while it is not done. */
export const step = defineStep('export-objects', v.strictObject({ run, batch: batch<TypeBatch>() }), exportObjects);
