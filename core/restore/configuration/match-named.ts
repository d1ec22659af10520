import { type JsonRecord, textOf } from '../../model/json.ts';

/**
 * Pairs records of the source with records of the target: those that are known first, the others by name. Of several of one
 * name the first goes to the first, the second to the second.
 * @param known the record of the target that one is, whatever it is called by now
 */
export function matchNamed<T extends JsonRecord>(
  source: readonly T[],
  target: readonly T[],
  known: (record: T) => T | undefined,
): Map<T, T> {
  const matched = new Map<T, T>();
  const free = new Set(target);
  const pair = (from: T, to: T | undefined) => {
    if (!to) return;
    matched.set(from, to);
    free.delete(to);
  };
  for (const record of source) pair(record, known(record));
  for (const record of source) {
    if (matched.has(record)) continue;
    pair(
      record,
      free.values().find((candidate) => isNamedAlike(record, candidate)),
    );
  }
  return matched;
}

const isNamedAlike = (a: JsonRecord, b: JsonRecord) => textOf(a.name) === textOf(b.name);
