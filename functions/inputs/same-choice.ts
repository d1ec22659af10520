import * as v from 'valibot';
import type { SameChoice } from '../../core/model/restore.ts';
import { filledText, inputFields } from './input-messages.ts';

/** What objects of the backup are by now: as an input says it, and as one text each, `OLD=KEY`. */
export const sameChoices = v.optional(
  v.array(inputFields('restore', { old: filledText, is: filledText }), 'must be a list, [ ... ]'),
  [],
);

/** Of `OLD=KEY` or `OLD=none`; undefined of anything else. */
export function sameOf(text: string): SameChoice | undefined {
  const [, old = '', is = ''] = /^\s*([^=\s]+)\s*=\s*([^=\s]+)\s*$/.exec(text) ?? [];
  return old === '' ? undefined : { old, is };
}

export const textOfSame = ({ old, is }: SameChoice) => `${old}=${is}`;
