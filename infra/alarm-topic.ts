import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** Where alarms go: to the topic that the company has, or to one of the stack's own. */
export function alarmTopic(
  scope: Construct,
  { alarmTopicArn, alarmEmail: email }: Pick<Settings, 'alarmTopicArn' | 'alarmEmail'>,
): ITopic {
  return alarmTopicArn === null
    ? new AlarmTopic(scope, 'AlarmTopic', { email })
    : Topic.fromTopicArn(scope, 'AlarmTopic', alarmTopicArn);
}

/** A topic of the stack's own. Encrypted with a key that lets CloudWatch in: with the key of SNS itself its alarms would stay silent. */
class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { email }: { readonly email: string | null }) {
    const { account, region, partition } = Stack.of(scope);
    // Alarms of other accounts come from the same service.
    const ofThisAccount = { StringEquals: { 'aws:SourceAccount': account } };
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    const key = new Key(scope, `${id}Key`, {
      description: 'Encrypts alarms of assets-backup on their way. Holds nothing.',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        // In the policy of a key this is the key itself.
        resources: ['*'],
        conditions: ofThisAccount,
      }),
    );
    super(scope, id, { masterKey: key, enforceSSL: true });
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: {
          ...ofThisAccount,
          ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
        },
      }),
    );
    if (email !== null) this.addSubscription(new EmailSubscription(email));
  }
}
