/** The most starts in any closed window of 60 seconds. `starts` are in order. */
export function busiestMinute(starts: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [index, start] of starts.entries()) {
    while ((starts[first] ?? start) < start - 60_000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
