import { counted, readableCount } from '../../core/counted.ts';
import { clockTime, roughTime } from '../output/readable.ts';
import type { ProgressView, StageProgress, Waiting } from './run-progress.ts';

/** Whole per cent, never over 100 and never 100 before all is done. Undefined where nothing was planned. */
export function percentOf({ planned, done, hasEnded }: StageProgress): number | undefined {
  if (hasEnded) return 100;
  return planned === 0 ? undefined : Math.min(100, Math.floor((done / planned) * 100));
}

/** The numbers under the bars, each to be kept on one line. */
export function statusParts(view: ProgressView): string[] {
  const { state, requests, left, missing, elapsedMilliseconds } = view;
  const parts = [`${clockTime(elapsedMilliseconds)} elapsed`];
  if (state) parts.unshift(`${state.name} (${clockTime(state.milliseconds)})`);
  if (left) {
    const { isLast, title } = left.stage;
    parts.push(`${roughTime(left.milliseconds)} left${isLast ? '' : ` for ${title.toLowerCase()}`}`);
  }
  if (requests) {
    const rate = readableCount(Math.round(requests.perMinute));
    const budget = requests.budget === undefined ? '' : ` of ${readableCount(Math.floor(requests.budget))}`;
    parts.push(`${rate}${budget} requests/min`);
  }
  if (missing.count > 0) parts.push(counted(missing.count, ...missing.unit));
  return parts;
}

/** `Waiting until 03:14:05 UTC for ...` */
export function waitingLine({ what, until }: Waiting): string {
  return `Waiting until ${until.slice(11, 19)} UTC ${what}`;
}
