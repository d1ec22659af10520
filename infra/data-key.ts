import { RemovalPolicy } from 'aws-cdk-lib';
import { type CfnKey, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { freezeLogicalId } from './frozen-ids.ts';

/**
 * The key of both buckets, as the setting `encryptionKey` says: the stack's own, one that exists, or none, which is S3's own
 * key in KMS. A bucket whose key is gone is lost, so the stack's own stays when the stack goes.
 */
export function dataKey(scope: Construct, setting: string | null): IKey | undefined {
  if (setting === null) return undefined;
  if (setting !== 'own') return Key.fromKeyArn(scope, 'DataKey', setting);
  const key = new Key(scope, 'DataKey', {
    description: 'Encrypts the backups of Assets and the work on them. Without it they cannot be read.',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  freezeLogicalId(key.node.defaultChild as CfnKey, 'DataKey');
  return key;
}
