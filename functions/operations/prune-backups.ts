import * as v from 'valibot';
import { pruneBackups } from '../../core/retention/prune-backups.ts';
import { defineStep } from '../runtime/step.ts';

/** Deletes backups that no rule and no reason keeps; no state of a machine. */
export const step = defineStep(
  'prune-backups',
  v.looseObject({ dryRun: v.optional(v.boolean(), false) }),
  pruneBackups,
);
