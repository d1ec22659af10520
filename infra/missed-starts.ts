import { Duration, Validations } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * Where the scheduler leaves what it could not start, with the reason: without it a start that was refused is nowhere. SQS's own key, since
 * a key of ours would have to let the scheduler in, and a message says no more than which schedule it was.
 */
export class MissedStarts extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // So long the alarm rings, unless somebody has read and removed the message.
      retentionPeriod: Duration.days(4),
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue itself: nothing takes messages out of it but a person.',
    });
  }

  /** Messages that lie there. */
  get waiting(): IMetric {
    return this.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' });
  }
}
