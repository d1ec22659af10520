import { UnexpectedAnswerError } from '../../core/errors.ts';
import type { Answer } from './answer.ts';
import { isSafeAddress } from './web-address.ts';

/** Where a redirect of a GET leads: to https or this machine only. Throws UnexpectedAnswerError, which no retry would change. */
export function redirectTarget(answer: Answer, method: string, from: URL, place: string): URL {
  const target = URL.parse(answer.headers.get('location') ?? '', from.href);
  if (answer.headers.get('location') === null || !target) {
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
  return target;
}
