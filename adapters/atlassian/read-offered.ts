import { messageOf, UnexpectedAnswerError } from '../../core/errors.ts';
import type { Offered } from '../../core/ports/assets-reader.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { type Refusal, refusalOf, writeRefusalOf } from './refusals.ts';

interface OfferedRead<T> {
  readonly alsoRead: readonly number[];
  readonly read: (answer: Answer) => Offered<T>;
}

/**
 * Reads an endpoint that not every site has, where `statuses` say that this one has it not. `reasons` are by status. A web page says
 * nothing about the site, and nothing was done: a proxy, a maintenance page or a page to log in stands between, so it is asked again.
 */
export function readOffered<T>(
  place: string,
  statuses: readonly number[],
  read: (answer: Answer) => T,
  reasons: Reasons = {},
): OfferedRead<T> {
  return offered({ place, statuses, read, refusal: refusalOf, reasons });
}

/** The same for what is written. */
export function writeOffered<T>(
  place: string,
  statuses: readonly number[],
  read: (answer: Answer) => T,
  reasons: Reasons = {},
): OfferedRead<T> {
  const ownReasons = { 403: 'The site answers 403: the account may not write this.', ...reasons };
  return offered({ place, statuses, read, refusal: writeRefusalOf, reasons: ownReasons });
}

/** Of a request that a restore can do without: web pages to the last try cost it, and not the whole restore. */
export async function unlessPagesCome<T>(answer: Promise<Offered<T>>): Promise<Offered<T>> {
  try {
    return await answer;
  } catch (error) {
    const isPage =
      error instanceof UnexpectedAnswerError && error.cause instanceof WrongAnswer && error.cause.isSurelyUndone;
    if (!isPage) throw error;
    return { offered: false, reason: messageOf(error) };
  }
}

type Reasons = Readonly<Partial<Record<number, string>>>;

interface OfferedInput<T> {
  readonly place: string;
  readonly statuses: readonly number[];
  readonly read: (answer: Answer) => T;
  readonly refusal: Refusal;
  readonly reasons: Reasons;
}

function offered<T>({ place, statuses, read, refusal, reasons }: OfferedInput<T>): OfferedRead<T> {
  return {
    alsoRead: statuses,
    read(answer) {
      if (answer.status < 300) return { offered: true, value: read(answer) };
      if (answer.isWebPage) throw new WrongAnswer(`${answer.status} with a web page`, { isSurelyUndone: true });
      // Any other 401 is a login that has ended, which must not pass for an endpoint that is not there.
      if (answer.status === 401 && !answer.saysScopeMismatch) throw refusal(answer, place);
      return { offered: false, reason: reasons[answer.status] ?? reasonOf(answer) };
    },
  };
}

function reasonOf(answer: Answer): string {
  switch (answer.status) {
    case 401:
      return 'The site answers 401 "Unauthorized; scope does not match": no scope of API tokens is known to open this endpoint.';
    case 403:
      return 'The site answers 403: the account may not read this.';
    default:
      return `The site answers ${answer.status}: it does not have this endpoint.`;
  }
}
