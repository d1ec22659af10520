import {
  type AssetsBackupError,
  LoginRefusedError,
  NotFoundError,
  PermissionRefusedError,
  RequestRefusedError,
} from '../../core/errors.ts';
import type { Answer } from './answer.ts';
import { tokenPage } from './api-token.ts';

/** The error for an answer that no retry would change. `place` is the method and the path. Bodies stay out: they may hold values. */
export function refusalOf(answer: Answer, place: string): AssetsBackupError {
  switch (answer.status) {
    case 401:
      return new LoginRefusedError(
        answer.saysScopeMismatch
          ? `${place} was refused (401 "Unauthorized; scope does not match"): make an API token with all read scopes of Assets at ${tokenPage}.`
          : `${place} was refused (401): the user name or the API token is wrong, or the token has expired; make a new one at ${tokenPage}.`,
      );
    case 403:
      return new PermissionRefusedError(
        `${place} was refused (403): give the account the right to see it, in Assets and in Jira Service Management.`,
      );
    case 404:
      return new NotFoundError(`${place} was answered 404: there is no such thing, or the account may not see it.`);
    default:
      return new RequestRefusedError(
        `${place} was refused (${answer.status}): the API may have changed, so look for a newer version of this program.`,
      );
  }
}
