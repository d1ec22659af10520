import * as v from 'valibot';
import { pruneBackups } from '../../core/retention/prune-backups.ts';
import { stackDeleter } from '../runtime/stack-deleter.ts';
import { defineStep } from '../runtime/step.ts';

/** Deletes backups that no rule and no reason keeps; no state of a machine. */
export const step = defineStep(
  'prune-backups',
  v.looseObject({ dryRun: v.optional(v.boolean(), false) }),
  // Each call is a run of its own: one that was cut off is no more.
  (services, { dryRun }) =>
    pruneBackups(services, stackDeleter(), { dryRun, executionId: `pruning-${crypto.randomUUID()}` }),
);
