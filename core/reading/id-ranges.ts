import type { IdRange } from '../ports/assets-reader.ts';

/** Where a sweep by ranges stands; JSON. */
export interface RangesProgress {
  /** As many objects offsets have reached: a range with more is halved. */
  readonly reach: number;
  /** The highest id that is known, beyond which there may be others. */
  readonly highest: number;
  /** What is still to be read; the last one comes next, so that they come in rising order. */
  readonly ahead: IdRange[];
  /** The range whose pages are read, how many objects the site counts in it, and how many have come. */
  reading?: { readonly range: IdRange; readonly count: number; read: number };
  /** Ranges of which fewer objects came than the site counts in them. */
  short: number;
}

/** Before the first range, of a type of which offsets reach so many objects. */
export function allRanges(reach: number, highest: number): RangesProgress {
  return { reach, highest, ahead: [{ from: 0 }], short: 0 };
}

/**
 * Two halves of a range, the lower one first. One without an end is cut behind the highest id that is known, then at twice its
 * beginning. Undefined where it cannot be cut: a site that counts many objects of one id does not heed ranges.
 */
export function halvesOf({ from, to }: IdRange, highest: number): readonly [IdRange, IdRange] | undefined {
  const middle = to === undefined ? Math.max(highest, 2 * from, 1) : Math.floor((from + to) / 2);
  if (!Number.isSafeInteger(middle) || middle === to) return undefined;
  return [
    { from, to: middle },
    { from: middle + 1, ...(to !== undefined && { to }) },
  ];
}
