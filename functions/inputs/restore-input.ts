import * as v from 'valibot';
import type { RestoreChoices, RestoreInput } from '../../core/model/restore.ts';
import { checkedInput, inputFields } from './input-messages.ts';
import { choiceRows } from './restore-choices.ts';

/**
 * A restore's input with every default filled in: the import config of the original scripts without its login, and choices.
 * `restoreInputOf` is the way back. Throws WrongInputError with all that is wrong, in one sentence.
 */
export function parseRestoreInput(input: unknown): RestoreChoices {
  // The type of the table holds that these are the fields, each with a value of its kind.
  const { folder, objectSchemas, ...others } = checkedInput('restore', restoreInput, input) as unknown as RestoreInput;
  return { backup: folder, schemas: objectSchemas, ...others };
}

/** Version 0.1.0 wrote it into the inputs that its plans print. */
const missing = v.optional(
  v.literal(false, 'is no choice any more: what the target lacks is made, and the rest left as it is; so leave it out'),
);

const within = 'include.';
const checks = choiceRows.map(([field, { check }]) => [field, check] as const);
const isInside = ([field]: (typeof checks)[number]) => field.startsWith(within);
const inside = checks.filter(isInside).map(([field, check]) => [field.slice(within.length), check]);
const outside = checks.filter((row) => !isInside(row));

const include = v.pipe(
  inputFields('restore', { ...Object.fromEntries(inside), missing }),
  v.transform(({ missing, ...choices }) => choices),
);

const fields: v.GenericSchema<unknown, Record<string, unknown>> = inputFields('restore', {
  ...Object.fromEntries(outside),
  include: v.optional(include, {}),
});

/** They narrow what is set back, and would otherwise do nothing without a word. */
const isOfUpdates = (field: 'changedBy' | 'changedSince') =>
  v.check(
    (input: Record<string, unknown>) => input[field] === null || input.onExisting === 'update',
    `has ${field}, which is of use only where "onExisting" is "update"`,
  );

const restoreInput = v.pipe(fields, isOfUpdates('changedBy'), isOfUpdates('changedSince'));
