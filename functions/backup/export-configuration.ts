import * as v from 'valibot';
import { exportConfiguration } from '../../core/backup/export-configuration.ts';
import type { SchemaBatch } from '../../core/backup/work-files.ts';
import { batch, run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** The configuration of one schema. */
export const step = defineStep(
  'export-configuration',
  v.strictObject({ run, batch: batch<SchemaBatch>() }),
  exportConfiguration,
);
