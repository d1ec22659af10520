import * as v from 'valibot';
import { exportActivity } from '../../core/backup/activity/export-activity.ts';
import type { ActivityBatch } from '../../core/backup/work-files.ts';
import { batch, from, run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** History and comments of a batch of objects; to be called again from `next` while that is not null. */
export const step = defineStep(
  'export-activity',
  v.strictObject({ run, batch: batch<ActivityBatch>(), from }),
  exportActivity,
);
