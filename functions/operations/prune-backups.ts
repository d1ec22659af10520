import * as v from 'valibot';
import { defineStep } from '../runtime/step.ts';

/** Deletes backups that no rule and no reason keeps; no state of a machine. */
export const step = defineStep('prune-backups', v.looseObject({ dryRun: v.optional(v.boolean(), false) }), () =>
  Promise.reject(new Error('to be written')),
);
