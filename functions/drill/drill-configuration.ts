import * as v from 'valibot';
import { restoreConfiguration } from '../../core/restore/configuration/restore-configuration.ts';
import { drilling } from '../runtime/drilling.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Scratch schemas, with their object types and attributes; to be called again from `next` while that is not null. */
export const step = defineStep(
  'drill-configuration',
  v.strictObject({ run: restoreRun, from }),
  drilling(restoreConfiguration),
);
