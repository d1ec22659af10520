import * as v from 'valibot';
import { reconcileObjects } from '../../core/backup/reconcile-objects.ts';
import { run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Looks for what went from type to type while they were read one after the other. */
export const step = defineStep('reconcile-objects', v.strictObject({ run }), reconcileObjects);
