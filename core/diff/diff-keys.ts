/** What comparisons have found, and what their invocations leave for each other. */
export const allDiffs = 'diffs/';

/** Keys of a comparison in the work store, all made here. They hold values, and so lie where they can be removed by themselves. */
export function diffKeys(diff: string) {
  const root = `${allDiffs}${diff}/`;
  const padded = (number: number) => String(number).padStart(5, '0');
  return {
    root,
    /** The site's configuration, as the first invocation has read it. */
    site: `${root}site.json`,
    /** What the backup's objects come to, in parts. */
    expected: (part: number) => `${root}expected/part-${padded(part)}.json`,
    /** How far the comparison has come, by the number of the invocation that goes on from there. */
    progress: (invocation: number) => `${root}progress/${padded(invocation)}.json`,
    /** Objects of the site that are not as the backup has them, as the site gives them, by shard of the backup. */
    differing: (shard: number) => `${root}differing/${padded(shard)}/`,
    /** Differences, a line each, by the number of the invocation that has found them. */
    lines: (invocation: number, part: number) => `${root}lines/${padded(invocation)}-${padded(part)}.jsonl`,
  };
}
