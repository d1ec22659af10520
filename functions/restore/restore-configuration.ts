import * as v from 'valibot';
import { restoreConfiguration } from '../../core/restore/configuration/restore-configuration.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Catalogue, schemas, object types and attributes; to be called again from `next` while that is not null. */
export const step = defineStep(
  'restore-configuration',
  v.strictObject({ run: restoreRun, from }),
  restoreConfiguration,
);
