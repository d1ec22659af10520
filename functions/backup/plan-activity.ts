import * as v from 'valibot';
import { planActivity } from '../../core/backup/activity/plan-activity.ts';
import { run } from '../runtime/inputs.ts';
import { defineStep } from '../runtime/step.ts';

/** Cuts all stored objects into batches, and finds out whether the site has comments. */
export const step = defineStep('plan-activity', v.strictObject({ run }), planActivity);
