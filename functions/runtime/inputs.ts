import * as v from 'valibot';
import { type RestoreRun, restoreContract } from '../../core/model/restore.ts';
import { type Run, runContract } from '../../core/model/run.ts';

/** Inputs that several steps share. What one of our steps hands to the next is checked for its contract, not field by field. */

/** Another version of this program planned the run: its functions were replaced while it went on. */
const contractOf = (version: number) =>
  v.pipe(
    v.unknown(),
    v.check(
      (found) => found === version,
      'says that the run was begun by another version of this program, so start a new one',
    ),
  );

export const run = v.pipe(
  v.looseObject({ contract: contractOf(runContract), backup: v.string(), executionId: v.string() }),
  v.transform((value) => value as unknown as Run),
);

/** The same for a restore; a backup's run is refused, because it names no restore. */
export const restoreRun = v.pipe(
  v.looseObject({
    contract: contractOf(restoreContract),
    restore: v.string(),
    backup: v.string(),
    executionId: v.string(),
  }),
  v.transform((value) => value as unknown as RestoreRun),
);

/** Where a step that is called in a loop goes on: the `next` that it handed back, 0 at first. */
export const from = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A batch as a planning step wrote it. */
export function batch<Batch>() {
  return v.pipe(
    v.looseObject({}),
    v.transform((value) => value as unknown as Batch),
  );
}
