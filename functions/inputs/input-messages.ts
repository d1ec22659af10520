import * as v from 'valibot';
import { WrongInputError } from '../../core/errors.ts';

/**
 * Sentences for what is wrong with an input that a person wrote. They name a place and never what stands there, which may be
 * a secret that was pasted by mistake.
 */

export type MachineInput = 'backup' | 'restore';

const loginLines = ['siteName', 'username', 'apiToken'];

/** The configuration files of the original scripts hold a login, and are what people paste. Throws WrongInputError. */
export function refuseLogin(machine: MachineInput, input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  const found = loginLines.filter((line) => Object.hasOwn(input, line));
  if (found.length === 0) return;
  const secret = `Credentials belong in the ${machine} secret; start again without siteName, username and apiToken.`;
  throw new WrongInputError(
    found.includes('apiToken')
      ? `The input holds a login (${found.join(', ')}). Revoke this token: it now stands in the execution's history. ${secret}`
      : `The input holds a part of a login (${found.join(', ')}). ${secret}`,
  );
}

/** All that is wrong, as one sentence. */
export function wrongInput(machine: MachineInput, issues: readonly v.BaseIssue<unknown>[]): WrongInputError {
  const problems = issues.map((issue) => `${v.getDotPath(issue) ?? 'it'} ${issue.message}`);
  return new WrongInputError(`The ${machine}'s input is wrong: ${problems.join('; ')}.`);
}

/** Says of a field that it is missing or unknown, and of anything else that it is no object. */
export function objectMessage(machine: MachineInput) {
  return ({ expected, input, path }: v.StrictObjectIssue): string => {
    if (expected === 'never') return `is not a field of a ${machine}`;
    return path && input === undefined ? 'is missing' : 'must be an object, { ... }';
  };
}

export const filledText = v.pipe(
  v.string('must be text'),
  v.trim(),
  v.nonEmpty('is empty'),
  v.check((value) => !/^<.*>$/.test(value), 'still holds the placeholder of the template'),
);

export const yesOrNo = (otherwise: boolean) => v.optional(v.boolean('must be true or false'), otherwise);
