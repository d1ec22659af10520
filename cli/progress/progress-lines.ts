import { counted, readableCount } from '../../core/counted.ts';
import { clockTime, roughTime } from '../../core/readable.ts';
import { timesOver } from '../../core/work-store/request-counts.ts';
import type { ProgressView, StageProgress, Waiting } from './run-progress.ts';

/** Whole per cent, never over 100 and never 100 before all is done. Undefined where nothing was planned. */
export function percentOf({ planned, done, hasEnded }: StageProgress): number | undefined {
  if (hasEnded) return 100;
  return planned === 0 ? undefined : Math.min(100, Math.floor((done / planned) * 100));
}

/** The numbers under the bars, each to be kept on one line. */
export function statusParts(view: ProgressView): string[] {
  const { state, requestsPerMinute, throttled, left, missing, elapsedMilliseconds } = view;
  const parts = [`${clockTime(elapsedMilliseconds)} elapsed`];
  if (state) parts.unshift(`${state.name} (${clockTime(state.milliseconds)})`);
  if (left) {
    const { isLast, title } = left.stage;
    const of = isLast ? '' : ` for ${title.toLowerCase()}`;
    parts.push(left.isOverdue ? `longer than estimated${of}` : `${roughTime(left.milliseconds)} left${of}`);
  }
  if (requestsPerMinute !== undefined) parts.push(`${readableCount(Math.round(requestsPerMinute))} requests/min`);
  if (throttled.count > 0) parts.push(`the site asked ${timesOver(throttled.count)} to slow down`);
  if (throttled.wait > 0) parts.push(`waiting ${Math.ceil(throttled.wait / 1000)} s for the site`);
  if (missing.count > 0) parts.push(counted(missing.count, ...missing.unit));
  return parts;
}

/** `Waiting until 03:14:05 UTC for ...` */
export function waitingLine({ what, until }: Waiting): string {
  return `Waiting until ${until.slice(11, 19)} UTC ${what}`;
}
