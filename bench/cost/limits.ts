import { defaultSearchLagMilliseconds } from '../../core/ports/services.ts';
import { pageSize } from '../../core/reading/page-sweep.ts';
import backupDefinition from '../../functions/backup/backup.asl.json' with { type: 'json' };
import restoreDefinition from '../../functions/restore/restore.asl.json' with { type: 'json' };
import { functionNeeds, type StepFile } from '../../functions/step-list.ts';
import { backupUse } from './backup-use.ts';
import { assumed } from './circumstances.ts';
import { markdownTable, written } from './markdown-table.ts';
import { restoreUse } from './restore-use.ts';
import { evenSite, type SiteShape } from './site-shape.ts';
import { totalsOf } from './use.ts';

/** The sizes at which a limit is reached that somebody's site could have, by the assumptions of the formula. */
export function limitsTable(): string {
  const backupSeconds = (options: { activity: boolean }) => (site: SiteShape) =>
    totalsOf(backupUse(site, assumed, options)).seconds;
  const restoreSeconds = (site: SiteShape) => totalsOf(restoreUse(site, assumed)).seconds;
  const planSeconds = (site: SiteShape) => restoreUse(site, assumed)['plan-restore']?.seconds ?? 0;
  const aReadObject = assumed.pageSeconds / (pageSize - 1);
  return markdownTable(
    ['what', 'limit', 'reached at about'],
    [
      [
        'a backup with history and comments',
        hours(backupDefinition.TimeoutSeconds),
        objects(sizeAt(backupDefinition.TimeoutSeconds, backupSeconds({ activity: true }))),
      ],
      [
        'a backup without them',
        hours(backupDefinition.TimeoutSeconds),
        objects(sizeAt(backupDefinition.TimeoutSeconds, backupSeconds({ activity: false }))),
      ],
      [
        'the end of a backup: manifest, references, counts',
        minutesOf('finish-backup'),
        objects(sizeAt(secondsOf('finish-backup'), (site) => backupUse(site, assumed)['finish-backup']?.seconds ?? 0)),
      ],
      [
        'a restore to an empty site',
        hours(restoreDefinition.TimeoutSeconds),
        objects(sizeAt(restoreDefinition.TimeoutSeconds, restoreSeconds)),
      ],
      [
        'the plan of a restore, once the target is read',
        minutesOf('plan-restore'),
        objects(sizeAt(secondsOf('plan-restore'), planSeconds)),
      ],
      [
        'a new start after lost answers to creates: reading their types',
        minutesOf('plan-restore'),
        `${objects((secondsOf('plan-restore') - defaultSearchLagMilliseconds / 1_000) / aReadObject)} of such types`,
      ],
    ],
  );
}

/** Objects of the largest site whose run ends in time, to a thousand. */
function sizeAt(seconds: number, secondsFor: (site: SiteShape) => number): number {
  const takesTooLong = (thousands: number) => {
    const site = evenSite({ objects: thousands * 1_000, schemas: 30, types: 600 });
    return secondsFor(site) > seconds;
  };
  let [least, most] = [1, 1_000_000];
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (takesTooLong(middle)) most = middle;
    else least = middle;
  }
  return least * 1_000;
}

const secondsOf = (file: StepFile) => functionNeeds[file].minutes * 60 - assumed.startSeconds;
const minutesOf = (file: StepFile) => `${functionNeeds[file].minutes} minutes, one invocation`;
const hours = (seconds: number) => `${seconds / 3_600} hours`;
const objects = (count: number) => `${written(count)} objects`;
