import type { Offered } from '../../core/ports/assets-reader.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { type Refusal, refusalOf, writeRefusalOf } from './refusals.ts';

interface OfferedRead<T> {
  readonly alsoRead: readonly number[];
  readonly read: (answer: Answer) => Offered<T>;
}

/**
 * Reads an endpoint that not every site has, where `statuses` say that this one has it not. `reasons` are by status. A web page says
 * nothing about the site: a proxy, a maintenance page or a page to log in stands between.
 */
export function readOffered<T>(
  place: string,
  statuses: readonly number[],
  read: (answer: Answer) => T,
  reasons: Reasons = {},
): OfferedRead<T> {
  const { read: ofSite, alsoRead } = offered({ place, statuses, read, refusal: refusalOf, reasons });
  return {
    alsoRead,
    read(answer) {
      if (answer.status >= 300 && answer.isWebPage) throw new WrongAnswer(`${answer.status} with a web page`);
      return ofSite(answer);
    },
  };
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
