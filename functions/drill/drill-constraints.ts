import * as v from 'valibot';
import { applyConstraints } from '../../core/restore/configuration/apply-constraints.ts';
import { drilling } from '../runtime/drilling.ts';
import { from, restoreRun } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Restrictions of attributes, and the order of types and attributes; to be called again from `next` while that is not null. */
export const step = defineStep(
  'drill-constraints',
  v.strictObject({ run: restoreRun, from }),
  drilling(applyConstraints),
);
