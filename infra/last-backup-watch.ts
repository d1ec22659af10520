import { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { ClockRole } from './clock-role.ts';

/**
 * Asks every hour how old the newest backup is, and so writes the metrics that the alarm for a missing backup watches.
 *
 * A function, because CloudWatch cannot count so far back: an alarm looks at seven days at most, so "no backup within
 * `alarmAfterHours`" could not be said of a weekly schedule by hours of the metric `BackupStored`. Nor would that metric know
 * of a backup whose files were removed.
 */
export class LastBackupWatch extends Construct {
  constructor(scope: Construct, id: string, { watcher }: { readonly watcher: IFunction }) {
    super(scope, id);
    const role = new ClockRole(this, 'Role', { action: 'lambda:InvokeFunction', arn: watcher.functionArn });
    new CfnSchedule(this, 'Schedule', {
      description: `Looks how old the newest backup of ${Stack.of(this).stackName} is`,
      scheduleExpression: 'rate(1 hour)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: watcher.functionArn,
        roleArn: role.roleArn,
        // What is too late says nothing any more: the next hour is there.
        retryPolicy: { maximumEventAgeInSeconds: 1800, maximumRetryAttempts: 5 },
      },
    });
  }
}
