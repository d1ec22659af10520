import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { freezeLogicalId } from './frozen-ids.ts';
import type { Settings } from './settings.ts';

export interface BackupsBucketProps {
  readonly key: IKey | undefined;
  readonly retention: Settings['retention'];
  readonly objectLockDays: number | null;
}

/**
 * Where backups lie. A file is written once: the bucket's policy refuses whatever would overwrite one, whoever asks. Its life
 * cycle never expires a current file, so that nights that fail cannot age out the last good backup. It stays when the stack goes.
 */
export class BackupsBucket extends Bucket {
  constructor(scope: Construct, id: string, { key, retention, objectLockDays }: BackupsBucketProps) {
    super(scope, id, {
      encryption: key ? BucketEncryption.KMS : BucketEncryption.KMS_MANAGED,
      encryptionKey: key,
      // Otherwise each of a backup's files is a request to KMS.
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      versioned: true,
      // Costs nothing without a retention, and makes it possible to set one later: CloudFormation would make a new bucket.
      objectLockEnabled: true,
      objectLockDefaultRetention:
        objectLockDays === null ? undefined : ObjectLockRetention.governance(Duration.days(objectLockDays)),
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          noncurrentVersionExpiration: Duration.days(retention.noncurrentVersionDays),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    freezeLogicalId(this.node.defaultChild as CfnBucket, 'Backups');
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'CreateOnly',
        effect: Effect.DENY,
        principals: [new StarPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects('*')],
        // Also refuses uploads in parts and copies, which cannot say it; a backup's files are single puts.
        conditions: { Null: { 's3:if-none-match': 'true' } },
      }),
    );
    Validations.of(this).acknowledge({ id: 'AwsSolutions-S1', reason: noAccessLog });
  }
}

/** Why neither bucket has a log of accesses (AwsSolutions-S1). */
export const noAccessLog =
  'Server access logs come late and may be incomplete, so they prove nothing. Who must know who read a backup turns on data events in the trail of the account (docs/runbook.md).';
