import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { diffDays } from '../core/model/diff-days.ts';
import { drillDays } from '../core/model/drill-days.ts';
import { PrivateBucket, type PrivateBucketProps } from './private-bucket.ts';
import type { Settings } from './settings.ts';

/**
 * What finished backups leave behind, files of accounts and objects that restores were given, plans that wait for approval, and
 * marks of those who read backups, which count for eight days.
 * What drills left, their reports too, stays until the next two have come at least: by journals the next one removes what a stopped
 * one left on the site. What restores wrote over, and what comparisons have found, has a time of its own. All else stays for ever: journals are
 * the map from old ids to new ones, without which a restore could make objects twice; a restore's own folder has its report, as `reports/` has those of backups,
 * and the lists by which the next one tells what a stopped one made; locks and marks of schedules are few.
 */
const expiringPrefixes = ['backups/', 'users/', 'same/', 'plans/', 'readers/'] as const;

export interface WorkBucketProps extends Pick<PrivateBucketProps, 'key'> {
  readonly settings: Pick<Settings, 'retention' | 'undoDays' | 'drill'>;
}

/** Where runs keep what changes. */
export class WorkBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { key, settings }: WorkBucketProps) {
    const { retention, undoDays, drill } = settings;
    const expiration = Duration.days(retention.workDays);
    // Values of objects: once their time is over, no old version of them stays for `noncurrentVersionDays`.
    const personal = [
      { prefix: 'before-images/', days: undoDays },
      { prefix: 'diffs/', days: diffDays },
      { prefix: 'drills/', days: Math.max(drillDays, daysOfTwo(drill)) },
    ];
    const lifecycleRules = [
      ...expiringPrefixes.map((prefix) => ({ prefix, expiration })),
      ...personal.map(({ prefix, days }) => ({
        prefix,
        expiration: Duration.days(days),
        noncurrentVersionExpiration: Duration.days(1),
      })),
      { expiredObjectDeleteMarker: true },
    ];
    super(scope, id, { key, retention, logicalId: 'Work', lifecycleRules });
  }
}

/** Days in which two drills should have come. */
function daysOfTwo(drill: Settings['drill']): number {
  return drill ? Math.ceil((2 * drill.alarmAfterHours) / 24) : 0;
}
