import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PrivateBucket, type PrivateBucketProps } from './private-bucket.ts';

/**
 * What finished backups leave behind, and files of accounts and objects that restores were given. All else stays for ever: journals are
 * the map from old ids to new ones, without which a restore could make objects twice; a restore's own folder has its report,
 * and the lists by which the next one tells what a stopped one made; locks and marks of schedules are few.
 */
const expiringPrefixes = ['backups/', 'users/', 'same/'] as const;

/** Where runs keep what changes. */
export class WorkBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { key, retention }: Pick<PrivateBucketProps, 'key' | 'retention'>) {
    const expiration = Duration.days(retention.workDays);
    const lifecycleRules = [
      ...expiringPrefixes.map((prefix) => ({ prefix, expiration })),
      { expiredObjectDeleteMarker: true },
    ];
    super(scope, id, { key, retention, logicalId: 'Work', lifecycleRules });
  }
}
