import * as v from 'valibot';
import { recordFailure } from '../../core/backup/record-failure.ts';
import { run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

const input = v.strictObject({
  run,
  kind: v.picklist(['configuration', 'objects', 'issues', 'activity']),
  id: v.string(),
  error: v.string(),
  cause: v.string(),
});

/** Writes down why a batch failed, and says whether the run has to stop. */
export const step = defineStep('record-failure', input, recordFailure);
