import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { noAccessLog } from './backups-bucket.ts';
import { freezeLogicalId } from './frozen-ids.ts';
import type { Settings } from './settings.ts';

export interface WorkBucketProps {
  readonly key: IKey | undefined;
  readonly retention: Settings['retention'];
}

/**
 * What finished backups leave behind, and files of accounts that restores were given. All else stays for ever: journals are
 * the map from old ids to new ones, without which a restore could make objects twice; a restore's own folder has its report,
 * and the lists by which the next one tells what a stopped one made; locks and marks of schedules are few.
 */
export const expiringPrefixes = ['backups/', 'users/'] as const;

/** Where runs keep what changes. It stays when the stack goes, because the journals do. */
export class WorkBucket extends Bucket {
  constructor(scope: Construct, id: string, { key, retention }: WorkBucketProps) {
    super(scope, id, {
      encryption: key ? BucketEncryption.KMS : BucketEncryption.KMS_MANAGED,
      encryptionKey: key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      versioned: true,
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          noncurrentVersionExpiration: Duration.days(retention.noncurrentVersionDays),
        },
        ...expiringPrefixes.map((prefix) => ({ prefix, expiration: Duration.days(retention.workDays) })),
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    freezeLogicalId(this.node.defaultChild as CfnBucket, 'Work');
    Validations.of(this).acknowledge({ id: 'AwsSolutions-S1', reason: noAccessLog });
  }
}
