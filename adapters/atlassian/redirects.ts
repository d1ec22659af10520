import { UnexpectedAnswerError } from '../../core/errors.ts';
import { isSafeAddress } from '../../validation/safe-address.ts';
import { type Answer, WrongAnswer } from './answer.ts';

/** Where a redirect of a GET leads: to https or this machine only. Throws UnexpectedAnswerError, which no retry would change. */
export function redirectTarget(answer: Answer, method: string, from: URL, place: string): URL {
  const { location } = answer.headers;
  const target = location === undefined ? null : URL.parse(location, from.href);
  if (!target) {
    throw new UnexpectedAnswerError(`${place} was answered ${answer.status} without an address to go to.`);
  }
  if (method !== 'GET') {
    throw new UnexpectedAnswerError(
      `${place} was redirected to ${target.origin}: only a GET may be, so correct the address.`,
    );
  }
  if (!isSafeAddress(target)) {
    throw new UnexpectedAnswerError(`${place} was redirected to ${target.origin}, which is not https.`);
  }
  if (target.username !== '' || target.password !== '') {
    throw new UnexpectedAnswerError(
      `${place} was redirected to ${target.origin} with a login of somebody in the address.`,
    );
  }
  return target;
}

/**
 * The answer to a request that was redirected to another host: without the login, so that what is refused there (by a login page, a
 * proxy, a store of files) says nothing about the login, a right, or what is there. Throws WrongAnswer.
 */
export function notRefused(answer: Answer, { origin }: URL): Answer {
  if (answer.status < 400 || answer.status > 499) return answer;
  throw new WrongAnswer(`${answer.status} at ${origin}, to which the site redirects`);
}
