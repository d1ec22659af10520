/**
 * The most bytes of an answer, unpacked. Nothing documents what an answer may weigh; a page of 400 objects of 40 attributes weighs
 * 8 MB, and one object that refers to 5,000 others, which come with their types and icons, 12 MB. The memory of the steps is for as
 * many answers of this size as they can have at once (`npm run bench -- --only answers`).
 */
export const mostBytes = 16 * 2 ** 20;
/** Answers up to this size are read side by side, as many as a step has in flight; larger ones one after the other. */
export const smallBytes = 64 * 2 ** 10;
/** Values of an answer, records and lists among them; an object that refers to 5,000 others has a quarter of them. */
export const mostValues = 1_000_000;
/** How deep values may be nested. What the API documents has twelve levels, and common readers of JSON stop at some hundreds. */
export const mostDepth = 200;
/** Pages of a list; at the documented size these are 100,000 schemas and 2,000,000 users, at the default budget three minutes. */
export const mostPages = 2000;

/** What an answer beyond these bounds is, to go after "answered". What was asked for may be had in smaller pieces. */
export class ExcessiveAnswer extends Error {
  override readonly name = 'ExcessiveAnswer';
}
