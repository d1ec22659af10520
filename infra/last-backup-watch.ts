import { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { MissedStarts } from './missed-starts.ts';
import { TimedStart } from './timed-start.ts';

export interface LastBackupWatchProps {
  readonly watcher: IFunction;
  readonly missed: MissedStarts;
}

/**
 * Asks every hour how old the newest backup is, and so writes the metrics that the alarm for a missing backup watches.
 *
 * A function, because CloudWatch cannot count so far back: an alarm looks at seven days at most, so "no backup within
 * `alarmAfterHours`" could not be said of a weekly schedule by hours of the metric `BackupStored`. Nor would that metric know
 * of a backup whose files were removed.
 */
export class LastBackupWatch extends TimedStart {
  constructor(scope: Construct, id: string, { watcher, missed }: LastBackupWatchProps) {
    super(scope, id, {
      description: `Looks how old the newest backup of ${Stack.of(scope).stackName} is`,
      expression: 'rate(1 hour)',
      target: { action: 'lambda:InvokeFunction', arn: watcher.functionArn },
      // What is too late says nothing any more: the next hour is there.
      retry: { seconds: 1800, attempts: 5 },
      missed,
    });
  }
}
