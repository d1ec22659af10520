import type { Stage } from '../../core/ports/reporter.ts';
import { clockTime, readableCount, roughTime } from '../output/readable.ts';
import type { ProgressView, StageProgress } from './run-progress.ts';

export const stageTitles: Readonly<Record<Stage, string>> = {
  configuration: 'Configuration',
  objects: 'Objects',
  activity: 'Activity',
  verification: 'Verification',
};

/** What a stage counts. */
export const stageUnits: Readonly<Record<Stage, readonly [one: string, many: string]>> = {
  configuration: ['schema', 'schemas'],
  objects: ['object', 'objects'],
  activity: ['object', 'objects'],
  verification: ['file', 'files'],
};

/** The stages after which nothing long comes: the time left in them is the time left at all. */
const lastStages: readonly Stage[] = ['activity', 'verification'];

/** Whole per cent, never over 100 and never 100 before all is done. Undefined where nothing was planned. */
export function percentOf({ planned, done, hasEnded }: StageProgress): number | undefined {
  if (hasEnded) return 100;
  return planned === 0 ? undefined : Math.min(100, Math.floor((done / planned) * 100));
}

/** The numbers under the bars, each to be kept on one line. */
export function statusParts(view: ProgressView): string[] {
  const { requests, left, gaps, elapsedMilliseconds } = view;
  const parts = [`${clockTime(elapsedMilliseconds)} elapsed`];
  if (left) {
    const isAll = lastStages.includes(left.stage);
    parts.push(`${roughTime(left.milliseconds)} left${isAll ? '' : ` for ${stageTitles[left.stage].toLowerCase()}`}`);
  }
  if (requests) {
    const rate = readableCount(Math.round(requests.perMinute));
    const budget = requests.budget === undefined ? '' : ` of ${readableCount(Math.floor(requests.budget))}`;
    parts.push(`${rate}${budget} requests/min`);
  }
  if (gaps > 0) parts.push(`${readableCount(gaps)} ${gaps === 1 ? 'gap' : 'gaps'}`);
  return parts;
}
