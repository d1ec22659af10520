import * as v from 'valibot';
import { type Run, runContract } from '../../core/model/run.ts';

/** Inputs that several steps share. What one of our steps hands to the next is checked for its contract, not field by field. */

export const run = v.pipe(
  v.looseObject({ contract: v.literal(runContract), backup: v.string(), executionId: v.string() }),
  v.transform((value) => value as unknown as Run),
);

/** A batch as a planning step wrote it. */
export function batch<Batch>() {
  return v.pipe(
    v.looseObject({}),
    v.transform((value) => value as unknown as Batch),
  );
}
