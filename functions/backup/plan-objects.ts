import * as v from 'valibot';
import { planObjects } from '../../core/backup/plan-objects.ts';
import { run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Cuts all object types into batches. */
export const step = defineStep('plan-objects', v.strictObject({ run }), planObjects);
