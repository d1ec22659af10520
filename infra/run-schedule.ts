import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { TimedStart, type TimedStartProps } from './timed-start.ts';

export interface RunScheduleProps extends Pick<TimedStartProps, 'description' | 'missed'> {
  readonly machine: IStateMachine;
  /** `cron(...)`. */
  readonly schedule: string;
  readonly timeZone: string;
  /** What the machine gets beside the time of the schedule. */
  readonly input?: object;
}

/**
 * Starts a machine when the clock says so. The scheduler delivers at least once, so the input names the time of the schedule,
 * by which a second event of one time is recognised. What could not be started in three hours is left to the next time: the alarms
 * for a failed schedule and for what is missing see that.
 */
export class RunSchedule extends TimedStart {
  constructor(scope: Construct, id: string, props: RunScheduleProps) {
    const { machine, schedule, timeZone, description, input, missed } = props;
    super(scope, id, {
      ...{ description, expression: schedule, timeZone, missed },
      target: {
        action: 'states:StartExecution',
        arn: machine.stateMachineArn,
        input: JSON.stringify({ ...input, scheduledTime: '<aws.scheduler.scheduled-time>' }),
      },
      retry: { seconds: 3 * 3600, attempts: 10 },
    });
  }
}
