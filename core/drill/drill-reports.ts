import type { DrillReport } from '../model/drill.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson } from '../work-store/json-file.ts';
import { allDrills, drillKeys } from './drill-keys.ts';

/** A drill runs for a day at most, and one that began before midnight of a month is of that month. */
const longestDrill = 86_400_000;

/**
 * Reports of drills that have ended since then, the newest first, by when they began. Times are milliseconds. Lists a month at a
 * time, from the last one back, so that whoever wants the newest does not list what years have left.
 * Throws DamagedWorkFileError at a report that cannot be read.
 */
export async function* drillReports(
  work: WorkStore,
  { since, now }: { readonly since: number; readonly now: number },
): AsyncGenerator<DrillReport> {
  const first = monthOf(since - longestDrill);
  for (let month = monthOf(now); month >= first; month = monthBefore(month)) {
    const keys = await Array.fromAsync(work.list(`${allDrills}${month}`));
    const drills = new Set(keys.map((key) => key.split('/')[1] ?? ''));
    for (const drill of [...drills].reverse()) {
      const { report: key } = drillKeys(drill);
      const report = keys.includes(key) ? await readJson<DrillReport>(work, key) : undefined;
      if (report && Date.parse(report.finishedAt) >= since) yield report;
    }
  }
}

/** `2026-11`. */
function monthOf(time: number): string {
  return new Date(time).toISOString().slice(0, 7);
}

function monthBefore(month: string): string {
  return monthOf(Date.parse(`${month}-01T00:00:00.000Z`) - 1);
}
