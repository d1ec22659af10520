/** A value of the left, and what it is on the right: undefined where it has no counterpart there. */
export interface ComparedValue {
  /** In the spelling by which values are compared. */
  readonly there: string | undefined;
}

/** What the values of one attribute come to, of an object that stands on both sides. */
export interface ValueDifference<Value extends ComparedValue> {
  /** Values of the left that have no counterpart on the right. */
  readonly lost: readonly Value[];
  /** Values that the right could have, and has not. */
  readonly missing: readonly Value[];
  /** How many values the right has that are none of the left's. */
  readonly surplus: number;
}

/** Several values of one attribute are a multiset: each counts as often as it stands, and their order does not. */
export function compareValues<Value extends ComparedValue>(
  left: readonly Value[],
  right: readonly string[],
): ValueDifference<Value> {
  const free = new Map<string, number>();
  for (const text of right) free.set(text, (free.get(text) ?? 0) + 1);
  const lost: Value[] = [];
  const missing: Value[] = [];
  let matched = 0;
  for (const value of left) {
    const count = value.there === undefined ? 0 : (free.get(value.there) ?? 0);
    if (value.there === undefined) lost.push(value);
    else if (count === 0) missing.push(value);
    else {
      free.set(value.there, count - 1);
      matched += 1;
    }
  }
  return { lost, missing, surplus: right.length - matched };
}
