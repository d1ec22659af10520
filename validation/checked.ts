import * as v from 'valibot';
import { shownName } from './shown-words.ts';

/** What is wrong with a value. It never shows what stands there, which may be a secret that was pasted by mistake. */
export interface Problem {
  /** Names of fields where they may be shown, and numbers of entries from 0, joined by dots; undefined: the value as a whole. */
  readonly place: string | undefined;
  /** What goes on a sentence that begins with the place: `must be text`. */
  readonly what: string;
}

/** What the schema makes of a value. Where something is wrong, throws what `refuse` makes of it. */
export function checked<Output>(
  schema: v.GenericSchema<unknown, Output>,
  value: unknown,
  refuse: (problems: readonly [Problem, ...Problem[]]) => Error,
): Output {
  const parsed = v.safeParse(schema, value, { message: whatIsWrong });
  if (parsed.success) return parsed.output;
  const [first, ...others] = parsed.issues;
  throw refuse([problemOf(first), ...others.map(problemOf)]);
}

/** All that is wrong, without a full stop: `folder is missing; users must be text`. */
export function allOf(problems: readonly Problem[]): string {
  return problems.map(({ place, what }) => `${place ?? 'it'} ${what}`).join('; ');
}

function problemOf({ path, message }: v.BaseIssue<unknown>): Problem {
  return { place: path?.map(({ key }) => shownName(String(key))).join('.'), what: message };
}

/** Where a schema has no words of its own: those of valibot show what was received. */
function whatIsWrong({ expected, input, path }: v.BaseIssue<unknown>): string {
  if (expected === 'never') return 'is not known';
  if (path && input === undefined) return 'is missing';
  return `must be ${expected === 'Object' ? 'a JSON object' : (expected ?? 'something else')}`;
}

/** The schema, with these words for all that it refuses: `must be a region, as in "eu-central-1"`. */
export const saying = <Schema extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(
  what: string,
  schema: Schema,
): Schema => v.message(schema, what);

/** An object with these fields and no other; `unknown` goes on the name of another one. */
export const strictFields = <Entries extends v.ObjectEntries>(
  entries: Entries,
  unknown = `is not known; there are ${Object.keys(entries).join(', ')}`,
) => v.strictObject(entries, (issue) => (issue.expected === 'never' ? unknown : whatIsWrong(issue)));
