import { Duration } from 'aws-cdk-lib';
import { Effect, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { PrivateBucket, type PrivateBucketProps } from './private-bucket.ts';

export interface BackupsBucketProps extends Pick<PrivateBucketProps, 'key' | 'retention'> {
  readonly objectLockDays: number | null;
}

/**
 * Where backups lie. A file is written once: the bucket's policy refuses whatever would overwrite one, whoever asks. Its life
 * cycle never expires a current file, so that nights that fail cannot age out the last good backup: only pruning takes one out, by
 * reasons, and what it has deleted stays as an old version for as long as that is set.
 */
export class BackupsBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { objectLockDays, ...props }: BackupsBucketProps) {
    super(scope, id, {
      ...props,
      logicalId: 'Backups',
      // What pruning deletes becomes an old version behind a marker; the marker goes when its last version has.
      lifecycleRules: [{ expiredObjectDeleteMarker: true }],
      // Costs nothing without a retention, and makes it possible to set one later: CloudFormation would make a new bucket.
      objectLockEnabled: true,
      objectLockDefaultRetention:
        objectLockDays === null ? undefined : ObjectLockRetention.governance(Duration.days(objectLockDays)),
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'CreateOnly',
        effect: Effect.DENY,
        principals: [new StarPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects('*')],
        // Also refuses uploads in parts, which cannot say it; a backup's files are single puts, and copies that say it as well.
        conditions: { Null: { 's3:if-none-match': 'true' } },
      }),
    );
  }
}
