import { readableCount } from '../counted.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { needJson, writeJson } from './json-file.ts';

/**
 * Leaves what a worker asked of the site, for its run's sum. A worker that fails leaves nothing.
 * @param folder key of the run's folder of such files, with its slash
 */
export async function recordRequests(
  work: WorkStore,
  folder: string,
  worker: { readonly id: string; requests(): object },
): Promise<void> {
  await writeJson(work, `${folder}${worker.id}.json`, worker.requests());
}

/** How many requests these counts are: what was sent again, or refused with a 429, stands in its class already. */
export function requestsSent({
  retries: _,
  throttled: _throttled,
  ...byClass
}: Readonly<Record<string, number>>): number {
  return Object.values(byClass).reduce((sum, count) => sum + count, 0);
}

/** `412`, `1,204; the site asked 166 times to slow down`, of the counts that a run keeps. */
export function requestsText(requests: Readonly<Record<string, number>>): string {
  const { throttled = 0 } = requests;
  const asked = throttled === 0 ? '' : `; the site asked ${timesOver(throttled)} to slow down`;
  return `${readableCount(requestsSent(requests))}${asked}`;
}

/** `once`, `166 times` */
export const timesOver = (count: number) => (count === 1 ? 'once' : `${readableCount(count)} times`);

/** Requests of all workers of a run, by class of endpoint. */
export async function sumRequests(work: WorkStore, folder: string): Promise<Record<string, number>> {
  const sum: Record<string, number> = {};
  for await (const key of work.list(folder)) {
    const requests = await needJson<Record<string, number>>(work, key);
    for (const [name, count] of Object.entries(requests)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}
