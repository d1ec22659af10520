import * as v from 'valibot';
import { pruneBackups } from '../../core/retention/prune-backups.ts';
import { stackDeleter } from '../runtime/stack-deleter.ts';
import { defineStep } from '../runtime/step.ts';

const input = v.looseObject({
  dryRun: v.optional(v.boolean(), false),
  /** How long whoever called waits for an answer at most. */
  seconds: v.optional(v.pipe(v.number(), v.minValue(120)), 900),
});

/** Deletes backups that no rule and no reason keeps, as many as there is time for; no state of a machine. */
export const step = defineStep('prune-backups', input, (services, { dryRun, seconds }) => {
  const until = services.clock.now() + seconds * 1000;
  const remainingMilliseconds = () => Math.min(services.remainingMilliseconds(), until - services.clock.now());
  // Each call is a run of its own: one that was cut off does not come back.
  const executionId = `pruning-${crypto.randomUUID()}`;
  return pruneBackups({ ...services, remainingMilliseconds }, stackDeleter(), { dryRun, executionId });
});
