import { Stack } from 'aws-cdk-lib';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ClockRole } from './clock-role.ts';
import type { Settings } from './settings.ts';

export interface NightlyScheduleProps
  extends Pick<Settings, 'schedule' | 'timeZone' | 'objectSchemaKeys' | 'activity'> {
  readonly machine: IStateMachine;
}

/**
 * Starts a backup when the clock says so. The scheduler delivers at least once, so the input names the time of the schedule,
 * by which a second event of one night is recognised. What could not be started in three hours is left to the next night:
 * the alarm for a missing backup sees that.
 */
export class NightlySchedule extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: NightlyScheduleProps) {
    const { machine, schedule, timeZone, objectSchemaKeys, activity } = props;
    super(scope, id);
    const role = new ClockRole(this, 'Role', { action: 'states:StartExecution', arn: machine.stateMachineArn });
    const input = {
      ...(objectSchemaKeys && { objectSchemaKeys }),
      ...(!activity && { activity }),
      scheduledTime: '<aws.scheduler.scheduled-time>',
    };
    this.name = new CfnSchedule(this, 'Schedule', {
      description: `Backs up the site of ${Stack.of(this).stackName}`,
      scheduleExpression: schedule,
      scheduleExpressionTimezone: timeZone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: machine.stateMachineArn,
        roleArn: role.roleArn,
        input: JSON.stringify(input),
        retryPolicy: { maximumEventAgeInSeconds: 3 * 3600, maximumRetryAttempts: 10 },
      },
    }).ref;
  }
}
