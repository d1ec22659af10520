import { displayedText, type ValueSeen } from '../../core/backup-format/object-values.ts';
import { kind } from '../../core/reading/attribute-kinds.ts';
import type { ValueShown } from '../../pages/answers.ts';

/** Whether the backup holds an object; undefined while nobody knows. */
export type IsHere = ((id: string) => boolean) | undefined;

/** A value as people see it, whole. */
export function shownValue(value: ValueSeen, isHere: IsHere): ValueShown {
  const text = displayedText(value);
  if (value.type !== kind.reference || value.id === undefined) return { text };
  return isHere?.(value.id) === false ? { text, object: value.id, isOutside: true } : { text, object: value.id };
}

const mostCharacters = 200;

/** The same for a cell of a grid. */
export function cutValue(value: ValueShown): ValueShown {
  const { text } = value;
  if (text.length <= mostCharacters) return value;
  // Half of a pair is no character.
  return { ...value, text: text.slice(0, mostCharacters).toWellFormed(), length: text.length };
}
