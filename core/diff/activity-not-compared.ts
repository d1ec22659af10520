import { isActivityList } from '../backup-format/activity-list.ts';
import { counted } from '../counted.ts';
import { activityKinds } from '../model/activity.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import type { NotCompared } from './not-compared.ts';

/** Says what a backup does not know of comments and histories. */
export function sayActivityNotCompared(source: BackupSource, notCompared: NotCompared): void {
  const { name, options, counts, activity } = source.manifest;
  if (counts.objects === 0) return;
  if (!options.activity) notCompared.add('comments and history', `${name} was made without them`);
  else if (source.recordsIn(isActivityList) === 0) {
    notCompared.add('comments and history', `${name} has no list of how many there were of each object`);
  } else {
    for (const kind of activityKinds) {
      const { missing } = activity[kind];
      if (missing > 0) notCompared.add(`${kind} of ${counted(missing, 'object')}`, `${name} does not have them`);
    }
  }
}
