import * as v from 'valibot';
import { openRestore } from '../../core/restore/open-restore.ts';
import { parseRestoreInput } from '../inputs/restore-input.ts';
import { defineStep } from '../runtime/step.ts';

const input = v.pipe(
  v.strictObject({ executionId: v.string(), startedAt: v.pipe(v.string(), v.isoTimestamp()), input: v.unknown() }),
  v.transform(({ input, ...execution }) => ({ ...execution, choices: parseRestoreInput(input) })),
);

/** Checks the backup's manifest, logs in, takes the site's lock. */
export const step = defineStep('open-backup', input, openRestore);
