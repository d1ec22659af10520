import type * as v from 'valibot';
import { type FieldRefusal, type RefusalKind, refusalReasons } from '../../core/model/refusal.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { ExcessiveAnswer } from './answer-bounds.ts';
import { jsonOf, refusedFieldsShape } from './answer-shapes.ts';

/**
 * What the texts of a 400 mean, the first that fits. A text may begin with the attribute's name and quote a value, so what no name
 * is likely to hold comes first. Source of the texts: reference, section 7 ("Messages seen"), and the simulator's for what is
 * missing there.
 */
const kindsByText: readonly (readonly [RegExp, RefusalKind])[] = [
  [/invalid group\(s\)/i, 'unknown-group'],
  [/user\(s\)/i, 'unknown-user'],
  [/has duplicated value/i, 'duplicate'],
  [/invalid due to restrictions/i, 'restricted'],
  [/can only contain max/i, 'too-many-values'],
  [/must be (less than|at most) \d+|too long/i, 'too-long'],
  [/refers to the schema/i, 'other-schema'],
  [/\b(name|key) has to be unique|already exists/i, 'name-taken'],
  [/value provided is invalid|invalid values/i, 'invalid'],
  [/\bnot found\b|^no .* found\b/i, 'not-found'],
  [/\brequired\b/i, 'required'],
];

const attributeField = /^rlabs-insight-attribute-(\d+)$/;
/** No name of a field is of another form; such a text might be a value. */
const plainField = /^[\w.-]{1,60}$/;
/** A sentence names so many. */
const mostNamed = 5;

/** The fields that an answer refuses, without its texts, which may quote values. Empty where it names none. */
export function fieldRefusalsOf(answer: Answer): FieldRefusal[] {
  return Object.entries(errorsOf(answer)).map(([key, text]) => {
    const field = plainField.test(key) ? key : 'a field';
    const attributeId = attributeField.exec(key)?.[1];
    return { field, kind: kindOf(text), ...(attributeId !== undefined && { attributeId }) };
  });
}

/** `attribute 1881 (the target does not know the group), name (the name is taken on the target)`. */
export function namesOf(refusals: readonly FieldRefusal[]): string {
  const named = refusals
    .slice(0, mostNamed)
    .map(({ field, attributeId, kind }) => {
      const what = attributeId === undefined ? field : `attribute ${attributeId}`;
      return `${what} (${refusalReasons[kind]})`;
    })
    .join(', ');
  return refusals.length > mostNamed ? `${named} and ${refusals.length - mostNamed} more` : named;
}

/** What an answer says that no kind tells, in its own words: they may quote values. Empty where it says nothing. */
export function wordsOf(answer: Answer): string {
  const { errorMessages, detail, message } = bodyOf(answer);
  const unknown = Object.values(errorsOf(answer)).filter((text) => kindOf(text) === 'other');
  return [errorMessages, unknown, detail, message]
    .flat(2)
    .filter((text) => typeof text === 'string')
    .join(' ');
}

function errorsOf(answer: Answer): Readonly<Record<string, unknown>> {
  return bodyOf(answer).errors ?? {};
}

function bodyOf(answer: Answer): v.InferOutput<typeof refusedFieldsShape> {
  try {
    return jsonOf(refusedFieldsShape, answer);
  } catch (error) {
    // A refusal with a body of another form is a refusal all the same.
    if (error instanceof WrongAnswer || error instanceof ExcessiveAnswer) return {};
    throw error;
  }
}

function kindOf(text: unknown): RefusalKind {
  const words = Array.isArray(text) ? text.join(' ') : String(text);
  return kindsByText.find(([pattern]) => pattern.test(words))?.[1] ?? 'other';
}
