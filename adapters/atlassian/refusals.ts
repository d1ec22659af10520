import {
  type AssetsBackupError,
  LoginRefusedError,
  NotFoundError,
  PermissionRefusedError,
  RequestRefusedError,
} from '../../core/errors.ts';
import type { Answer } from './answer.ts';
import { tokenPage } from './api-token.ts';
import { fieldRefusalsOf, namesOf, wordsOf } from './field-refusals.ts';

/** The error for an answer that no retry would change. `place` is the method and the path. Bodies stay out: they may hold values. */
export type Refusal = (answer: Answer, place: string) => AssetsBackupError;

/** Source: reference, section 5. */
const writeScopes =
  'write:cmdb-object:jira, write:cmdb-schema:jira, write:cmdb-type:jira, write:cmdb-attribute:jira and write:cmdb-config:jira';

const deleteScopes =
  'delete:cmdb-object:jira, delete:cmdb-schema:jira, delete:cmdb-type:jira, delete:cmdb-attribute:jira and delete:cmdb-config:jira';

/** The refusal of a read. */
export const refusalOf: Refusal = (answer, place) => {
  switch (answer.status) {
    case 401:
      return (
        jiraScopeMissing(answer, place, 'read:jira-work') ?? loginRefused(answer, place, 'all read scopes of Assets')
      );
    case 403:
      return new PermissionRefusedError(
        `${place} was refused (403): give the account the right to see it, in Assets and in Jira Service Management.`,
      );
    case 404:
      return notFound(place);
    default:
      return new RequestRefusedError(
        `${place} was refused (${answer.status}): the API may have changed, so look for a newer version of this program.`,
      );
  }
};

/** The refusal of a write, with the fields that it names. */
export const writeRefusalOf: Refusal = (answer, place) => {
  switch (answer.status) {
    case 401:
      return (
        jiraScopeMissing(answer, place, 'write:jira-work') ??
        loginRefused(answer, place, `the write scopes of Assets (${writeScopes})`)
      );
    case 403:
      return new PermissionRefusedError(
        `${place} was refused (403): the account may not write this, so give it the right to, in Assets and in Jira Service Management.`,
      );
    case 404:
      return notFound(place);
    default: {
      const refusals = fieldRefusalsOf(answer);
      const what = refusals.length === 0 ? 'the site names no field that is wrong' : namesOf(refusals);
      return new RequestRefusedError(`${place} was refused (${answer.status}): ${what}.`, {
        refusals,
        words: wordsOf(answer),
      });
    }
  }
};

/** The refusal of a delete: a scope that the token lacks is a right that it lacks, and no login that has ended. */
export const deleteRefusalOf: Refusal = (answer, place) =>
  answer.status === 403 || answer.saysScopeMismatch
    ? new PermissionRefusedError(
        `${place} was refused (${answer.status}): the account or its API token may not delete this (${deleteScopes}).`,
      )
    : writeRefusalOf(answer, place);

/** Issues are besides what a backup or a restore is for: a token without their scope lacks a right, and its login has not ended. */
function jiraScopeMissing(answer: Answer, place: string, scope: string): PermissionRefusedError | undefined {
  if (!answer.saysScopeMismatch || !place.includes(' /rest/api/')) return undefined;
  return new PermissionRefusedError(
    `${place} was refused (401 "Unauthorized; scope does not match"): the API token lacks the scope ${scope}.`,
  );
}

function loginRefused(answer: Answer, place: string, scopes: string): LoginRefusedError {
  return new LoginRefusedError(
    answer.saysScopeMismatch
      ? `${place} was refused (401 "Unauthorized; scope does not match"): make an API token with ${scopes} at ${tokenPage}.`
      : `${place} was refused (401): the user name or the API token is wrong, or the token has expired; make a new one at ${tokenPage}.`,
  );
}

function notFound(place: string): NotFoundError {
  return new NotFoundError(`${place} was answered 404: there is no such thing, or the account may not see it.`);
}
