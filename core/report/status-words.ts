import type { Measure } from '../model/loss-alarm.ts';
import type { BackupStatus } from '../model/outcome.ts';
import type { RestoreOutcome } from '../model/restore.ts';

/** What a backup's status means. */
export const statusWords: Readonly<Record<BackupStatus, string>> = {
  complete: 'complete: everything that the account can see is stored',
  'complete-with-gaps':
    'complete-with-gaps: all configuration and objects that the account sees are stored; something else is missing, or hidden from it',
  partial: 'partial: some configuration or objects are missing',
};

/** The same of a restore's outcome. */
export const outcomeWords: Readonly<Record<RestoreOutcome, string>> = {
  planned: 'planned: nothing was written',
  'needs-approval': 'needs-approval: nothing was written',
  restored: 'restored: everything that can be brought back is there',
  'restored-with-losses': 'restored-with-losses: some values or things are not brought back',
  'differences-found': 'differences-found: the target is not what the backup says',
};

/** What a backup is held against. */
export const measureWords: Readonly<Record<Measure, string>> = {
  last: 'the last one that is not suspicious',
  week: 'the newest such that is 7 days older',
  month: 'the newest such that is 30 days older',
};
