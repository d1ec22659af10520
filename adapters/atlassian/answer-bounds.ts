import type { EndpointClass } from '../../core/model/request-budget.ts';

/** How much an answer may be: bytes, unpacked, and values, records and lists among them. */
export interface AnswerBounds {
  readonly bytes: number;
  readonly values: number;
}

/**
 * Nothing documents what an answer may weigh; a page of 400 objects of 40 attributes weighs 8 MB, one object that refers to 5,000
 * others, which come with their types and icons, 12 MB, and a history of 10,000 entries 4 MB. The memory of the steps is for as many
 * answers of this size as they can have at once (`npm run bench -- --only answers`); histories and comments are the most at once.
 */
const ofActivity: AnswerBounds = { bytes: 8 * 2 ** 20, values: 500_000 };
const ofAllElse: AnswerBounds = { bytes: 16 * 2 ** 20, values: 1_000_000 };

export function boundsOf(endpointClass: EndpointClass): AnswerBounds {
  return endpointClass === 'history' || endpointClass === 'comments' ? ofActivity : ofAllElse;
}

/** Answers up to this size are read side by side, as many as a step has in flight; larger ones one after the other. */
export const smallBytes = 64 * 2 ** 10;
/** How deep values may be nested. What the API documents has twelve levels, and common readers of JSON stop at some hundreds. */
export const mostDepth = 200;
/** Pages of a list; at the documented size these are 100,000 schemas and 2,000,000 users, at the default budget three minutes. */
export const mostPages = 2000;
/** Pages of a list of fields, or of their contexts: at the documented size 20,000 fields. */
export const mostFieldPages = 200;
/** Pages of one search for issues: at the documented size a million issues. */
export const mostIssuePages = 10_000;
/** Pages of a search in a row that bring nothing new: one that is hidden from the login as a whole is empty, and not the last. */
export const mostIdlePages = 100;

/** What an answer beyond these bounds is, to go after "answered". What was asked for may be had in smaller pieces. */
export class ExcessiveAnswer extends Error {
  override readonly name = 'ExcessiveAnswer';
}
