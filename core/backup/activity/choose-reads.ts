/** An object whose history, or comments, the base has, and of which nothing says that it has changed. */
export interface ReadCandidate {
  readonly id: string;
  /** `activityHash` of its id. */
  readonly hash: number;
}

/** By what a night chooses: nothing else, so that a retry chooses the same. All but the age in milliseconds since 1970. */
export interface NightTimes {
  readonly start: number;
  /** The start of the backup that this one builds upon. */
  readonly baseStart: number;
  readonly maxAgeDays: number;
}

const day = 24 * 3_600_000;

/**
 * Which of the unchanged are read all the same: what would be older than it may be by the next expected night, and the oldest, up to
 * an even share of all. That nothing has changed is only what the site says, and nobody documents what moves `updated`.
 * @param candidates all that are built upon the same base
 * @param readOn when a candidate was read, in milliseconds since 1970
 */
export function chooseReads<C extends ReadCandidate>(
  candidates: readonly C[],
  readOn: (candidate: C) => number,
  { start, baseStart, maxAgeDays }: NightTimes,
): readonly C[] {
  if (maxAgeDays === 0) return candidates;
  const maxAge = maxAgeDays * day;
  // Until the next night it is as long as since the last one, as far as anybody knows; and no longer than it turns out to be.
  const period = Math.max(day, start - baseStart);
  // A schedule does not start to the second: what is a little late then is due a night later.
  const oldest = start + period - maxAge - period / 24;
  const due = candidates.reduce((sum, candidate) => sum + (readOn(candidate) < oldest ? 1 : 0), 0);
  const share = Math.ceil((candidates.length * period) / maxAge);
  if (Math.max(due, share) >= candidates.length) return candidates;
  // By their hashes, so that those of one night lie in few shards, and all nights have alike much to read.
  const byAge = (one: C, other: C) =>
    readOn(one) - readOn(other) || one.hash - other.hash || (one.id < other.id ? -1 : Number(one.id > other.id));
  return candidates.toSorted(byAge).slice(0, Math.max(due, share));
}
