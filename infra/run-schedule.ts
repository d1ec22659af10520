import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ClockRole } from './clock-role.ts';

export interface RunScheduleProps {
  readonly machine: IStateMachine;
  /** `cron(...)`. */
  readonly schedule: string;
  readonly timeZone: string;
  readonly description: string;
  /** What the machine gets beside the time of the schedule. */
  readonly input?: object;
}

/**
 * Starts a machine when the clock says so. The scheduler delivers at least once, so the input names the time of the schedule,
 * by which a second event of one time is recognised. What could not be started in three hours is left to the next time:
 * the alarm for what is missing sees that.
 */
export class RunSchedule extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: RunScheduleProps) {
    const { machine, schedule, timeZone, description, input } = props;
    super(scope, id);
    const role = new ClockRole(this, 'Role', { action: 'states:StartExecution', arn: machine.stateMachineArn });
    this.name = new CfnSchedule(this, 'Schedule', {
      description,
      scheduleExpression: schedule,
      scheduleExpressionTimezone: timeZone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: machine.stateMachineArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ ...input, scheduledTime: '<aws.scheduler.scheduled-time>' }),
        retryPolicy: { maximumEventAgeInSeconds: 3 * 3600, maximumRetryAttempts: 10 },
      },
    }).ref;
  }
}
