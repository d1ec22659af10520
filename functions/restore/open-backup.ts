import * as v from 'valibot';
import { openRelink } from '../../core/restore/issues/open-relink.ts';
import { openRestore } from '../../core/restore/open-restore.ts';
import { openUndo } from '../../core/restore/undo/open-undo.ts';
import { isRelinkInput, parseRelinkInput } from '../inputs/relink-input.ts';
import { parseRestoreInput } from '../inputs/restore-input.ts';
import { isUndoInput, parseUndoInput } from '../inputs/undo-input.ts';
import { defineStep } from '../runtime/step.ts';

const input = v.strictObject({
  executionId: v.string(),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  input: v.unknown(),
});

/** Checks the backup's manifest, or the restore that is to be undone, or whose issues are to be linked; logs in, takes the site's lock. */
export const step = defineStep('open-backup', input, (services, { input, ...execution }) => {
  if (isUndoInput(input)) return openUndo(services, { ...execution, choices: parseUndoInput(input) });
  if (isRelinkInput(input)) return openRelink(services, { ...execution, choices: parseRelinkInput(input) });
  return openRestore(services, { ...execution, choices: parseRestoreInput(input) });
});
