import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { freezeLogicalId, type frozenIds } from './frozen-ids.ts';
import type { Settings } from './settings.ts';

export interface PrivateBucketProps extends Pick<BucketProps, 'lifecycleRules'> {
  /** Undefined: S3's own key in KMS. */
  readonly key: IKey | undefined;
  readonly retention: Settings['retention'];
  readonly logicalId: (typeof frozenIds)[number];
}

/** What both buckets are: encrypted, versioned, for nobody else, and there to stay when the stack goes. */
export class PrivateBucket extends Bucket {
  constructor(scope: Construct, id: string, props: PrivateBucketProps & BucketProps) {
    const { key, retention, logicalId, lifecycleRules = [], ...others } = props;
    super(scope, id, {
      ...others,
      encryption: key ? BucketEncryption.KMS : BucketEncryption.KMS_MANAGED,
      encryptionKey: key,
      // Otherwise each of a backup's files is a request to KMS.
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
        ...lifecycleRules,
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    freezeLogicalId(this.node.defaultChild as CfnBucket, logicalId);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs come late and may be incomplete, so they prove nothing. Who must know who read a backup turns on data events in the trail of the account (docs/runbook.md).',
    });
  }
}
