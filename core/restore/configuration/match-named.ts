import { type JsonRecord, textOf } from '../../model/json.ts';

/**
 * Pairs records of the source with records of the target: by id where both are of the same site, otherwise by name. Of
 * several of one name the first goes to the first, the second to the second.
 */
export function matchNamed<T extends JsonRecord>(
  source: readonly T[],
  target: readonly T[],
  { sameSite }: { sameSite: boolean },
): Map<T, T> {
  const matched = new Map<T, T>();
  const free = new Set(target);
  const pair = (from: T, to: T | undefined) => {
    if (!to) return;
    matched.set(from, to);
    free.delete(to);
  };
  if (sameSite) {
    for (const record of source) {
      pair(
        record,
        target.find(
          (candidate) =>
            record.id !== undefined && String(candidate.id) === String(record.id) && isNamedAlike(record, candidate),
        ),
      );
    }
  }
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
