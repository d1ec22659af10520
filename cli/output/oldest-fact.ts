import { type OldestActivity, oldestActivityText } from '../../core/backup-format/oldest-activity.ts';

/** When the oldest history and the oldest comments were read: not every night reads all of them. Nothing where there are none. */
export function oldestFact(oldest: OldestActivity): (readonly [title: string, value: string])[] {
  const text = oldestActivityText(oldest);
  return text === '' ? [] : [['Oldest activity', text]];
}
