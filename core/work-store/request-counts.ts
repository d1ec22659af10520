import { readableCount } from '../counted.ts';
import { longestWaits, type SiteWait } from '../model/site-wait.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { needJson, writeJson } from './json-file.ts';

const waitsEnding = '.waits.json';

interface WaitsFile {
  readonly longest: readonly SiteWait[];
}

/**
 * Leaves what a worker asked of the site, for its run's sum. A worker that fails leaves nothing.
 * @param folder key of the run's folder of such files, with its slash
 */
export async function recordRequests(
  work: WorkStore,
  folder: string,
  worker: { readonly id: string; requests(): object; waits(): readonly SiteWait[] },
): Promise<void> {
  await writeJson(work, `${folder}${worker.id}.json`, worker.requests());
  const longest = worker.waits();
  if (longest.length > 0) await writeJson<WaitsFile>(work, `${folder}${worker.id}${waitsEnding}`, { longest });
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

/** What all workers of a run asked, by class of endpoint, and the longest times for which the site held one of them back. */
export async function sumRequests(
  work: WorkStore,
  folder: string,
): Promise<{ readonly requests: Record<string, number>; readonly waits: readonly SiteWait[] }> {
  const requests: Record<string, number> = {};
  let waits: readonly SiteWait[] = [];
  for await (const key of work.list(folder)) {
    if (key.endsWith(waitsEnding)) {
      waits = longestWaits([...waits, ...(await needJson<WaitsFile>(work, key)).longest]);
      continue;
    }
    const counts = await needJson<Record<string, number>>(work, key);
    for (const [name, count] of Object.entries(counts)) requests[name] = (requests[name] ?? 0) + count;
  }
  return { requests, waits };
}
