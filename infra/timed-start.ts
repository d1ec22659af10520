import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { ClockRole } from './clock-role.ts';
import type { MissedStarts } from './missed-starts.ts';

export interface TimedStartProps {
  readonly description: string;
  /** `cron(...)` or `rate(...)`. */
  readonly expression: string;
  readonly timeZone?: string;
  /** What is done to which resource. */
  readonly target: { readonly action: string; readonly arn: string; readonly input?: string };
  /** For how long, and how often, a start that fails is tried again. */
  readonly retry: { readonly seconds: number; readonly attempts: number };
  /** Where it is left after that. */
  readonly missed: MissedStarts;
}

/** A schedule: every one of the stack is such, so that none can fail without a word. */
export class TimedStart extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: TimedStartProps) {
    const { description, expression, timeZone, target, retry, missed } = props;
    super(scope, id);
    const { action, arn, input } = target;
    const role = new ClockRole(this, 'Role', { action, arn, missed });
    const schedule = new CfnSchedule(this, 'Schedule', {
      description,
      scheduleExpression: expression,
      ...(timeZone !== undefined && { scheduleExpressionTimezone: timeZone }),
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn,
        roleArn: role.roleArn,
        ...(input !== undefined && { input }),
        retryPolicy: { maximumEventAgeInSeconds: retry.seconds, maximumRetryAttempts: retry.attempts },
        deadLetterConfig: { arn: missed.queueArn },
      },
    });
    // A start that fails before the role may do both would be lost.
    schedule.node.addDependency(role);
    this.name = schedule.ref;
  }
}
