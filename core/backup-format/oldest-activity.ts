import { type ActivityKind, activityKinds } from '../model/activity.ts';
import type { Manifest } from './manifest.ts';

/** The start of the backup that read the oldest of each kind (ISO 8601); null where there is nothing of it. */
export type OldestActivity = Readonly<Record<ActivityKind, string | null>>;

export function oldestActivity({ activity: { history, comments } }: Pick<Manifest, 'activity'>): OldestActivity {
  return { history: history.oldest, comments: comments.oldest };
}

/** `history of 2026-11-10, comments of 2026-11-12`, days in UTC; empty where there is none. */
export function oldestActivityText(oldest: OldestActivity): string {
  return activityKinds
    .flatMap((kind) => (oldest[kind] === null ? [] : [`${kind} of ${dayOf(oldest[kind])}`]))
    .join(', ');
}

const dayOf = (iso: string) => new Date(iso).toISOString().slice(0, 10);

/** How old the oldest history or comments of a backup were at its end, in days with one decimal; null where it has none. */
export function oldestActivityDays(manifest: Pick<Manifest, 'activity' | 'finishedAt'>): number | null {
  const [oldest] = Object.values(oldestActivity(manifest))
    .filter((date) => date !== null)
    .sort();
  if (oldest === undefined) return null;
  return Math.round((Date.parse(manifest.finishedAt) - Date.parse(oldest)) / 8_640_000) / 10;
}
