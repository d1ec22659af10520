import * as v from 'valibot';
import { planBackup } from '../../core/backup/plan-backup.ts';
import { defineStep } from '../runtime/step.ts';

/** What a person or a schedule gives the execution; all of it is optional. */
const executionInput = v.strictObject({
  objectSchemaKeys: v.optional(v.nullable(v.array(v.pipe(v.string(), v.nonEmpty()))), null),
  full: v.optional(v.boolean(), true),
  activity: v.optional(v.boolean(), true),
});

const input = v.pipe(
  v.strictObject({ executionId: v.string(), startedAt: v.pipe(v.string(), v.isoTimestamp()), input: executionInput }),
  v.transform(({ input: { objectSchemaKeys, ...others }, ...execution }) => ({
    ...execution,
    options: { objectSchemaKeys: objectSchemaKeys?.length ? objectSchemaKeys : null, ...others },
  })),
);

/** Logs in, takes the site's lock, writes down what this backup holds. */
export const step = defineStep('plan-backup', input, planBackup);
