/**
 * Does the work for every item, at most `limit` at a time, and returns the results in the items' order.
 * When one fails, the others are stopped by their signal and waited for; then the first failure is thrown.
 */
export async function runConcurrently<Item, Result>(
  items: readonly Item[],
  { limit, signal }: { limit: number; signal: AbortSignal },
  work: (item: Item, index: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const results: Result[] = new Array(items.length);
  // One iterator for all workers: each takes the next item that nobody has.
  const remaining = items.entries();

  const worker = async (): Promise<void> => {
    for (const [index, item] of remaining) {
      if (either.aborted) return;
      try {
        results[index] = await work(item, index, either);
      } catch (error) {
        failed.abort(error);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));

  signal.throwIfAborted();
  // The reason is the first failure: a second abort does not change it.
  failed.signal.throwIfAborted();
  return results;
}
