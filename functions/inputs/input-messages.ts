import * as v from 'valibot';
import { WrongInputError } from '../../core/errors.ts';
import { allOf, checked, strictFields } from '../../validation/checked.ts';
import { loginFields } from '../../validation/login.ts';

/**
 * Sentences for what is wrong with an input that a person wrote. They name a place and never what stands there, which may be
 * a secret that was pasted by mistake.
 */

export type MachineInput = 'backup' | 'restore' | 'undo' | 'relink';

/** The configuration files of the original scripts hold a login, and are what people paste. Throws WrongInputError. */
function refuseLogin(machine: MachineInput, input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  const found = loginFields.filter((field) => Object.hasOwn(input, field));
  if (found.length === 0) return;
  const secret = `Credentials belong in the ${machine === 'backup' ? 'backup' : 'restore'} secret; start again without siteName, username and apiToken.`;
  throw new WrongInputError(
    found.includes('apiToken')
      ? `The input holds a login (${found.join(', ')}). Revoke this token: it now stands in the execution's history. ${secret}`
      : `The input holds a part of a login (${found.join(', ')}). ${secret}`,
  );
}

/** What the schema makes of an input that holds no login. Throws WrongInputError with all that is wrong, in one sentence. */
export function checkedInput<Output>(
  machine: MachineInput,
  schema: v.GenericSchema<unknown, Output>,
  input: unknown,
): Output {
  refuseLogin(machine, input);
  return checked(
    schema,
    input,
    (problems) => new WrongInputError(`The ${machine}'s input is wrong: ${allOf(problems)}.`),
  );
}

export const inputFields = <Entries extends v.ObjectEntries>(machine: MachineInput, entries: Entries) =>
  strictFields(entries, `is not a field of ${machine === 'undo' ? 'an' : 'a'} ${machine}`);

export const filledText = v.pipe(
  v.string('must be text'),
  v.trim(),
  v.nonEmpty('is empty'),
  v.check((value) => !/^<.*>$/.test(value), 'still holds the placeholder of the template'),
);

export const yesOrNo = (otherwise: boolean) => v.optional(v.boolean('must be true or false'), otherwise);
