import * as v from 'valibot';
import { planBackup } from '../../core/backup/plan-backup.ts';
import { parseBackupInput } from '../inputs/backup-input.ts';
import { defineStep } from '../runtime/step.ts';

const input = v.pipe(
  v.strictObject({ executionId: v.string(), startedAt: v.pipe(v.string(), v.isoTimestamp()), input: v.unknown() }),
  v.transform(({ input, ...execution }) => ({ ...execution, ...parseBackupInput(input) })),
);

/** Logs in, takes the site's lock, writes down what this backup holds; or finds that another execution does that. */
export const step = defineStep('plan-backup', input, planBackup);
