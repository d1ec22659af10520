import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunctionResource } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

export interface PruningProps {
  readonly pruner: LambdaFunctionResource;
  readonly machine: IStateMachine;
}

/** What was not begun by then is left to the next night. */
const tooLate = Duration.hours(2);

/**
 * Calls the function that deletes old backups whenever a backup has succeeded, and only then: no state of the machine, so that a
 * night never fails by it, and a backup that failed deletes nothing. Children of the machine's maps are of another ARN.
 */
export class Pruning extends Construct {
  /** Calls that came to nothing in five minutes, whatever stopped them: the function, Lambda or EventBridge. */
  readonly failures: IMetric;

  constructor(scope: Construct, id: string, { pruner, machine }: PruningProps) {
    super(scope, id);
    // A failure is not tried again: the next night does that, and the alarm rings. Events that Lambda is too busy for are.
    pruner.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: tooLate });
    // Of the event nothing matters but that it came.
    const event = RuleTargetInput.fromObject({ dryRun: false });
    const rule = new Rule(this, 'Rule', {
      description: 'Deletes old backups when a new one is there',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['SUCCEEDED'], stateMachineArn: [machine.stateMachineArn] },
      },
      targets: [new LambdaFunction(pruner, { event, retryAttempts: 10, maxEventAge: tooLate })],
    });
    const period = Duration.minutes(5);
    const ofEvents = { namespace: 'AWS/Events', dimensionsMap: { RuleName: rule.ruleName } };
    this.failures = new MathExpression({
      expression: 'FILL(failed, 0) + FILL(dropped, 0) + FILL(undelivered, 0)',
      usingMetrics: {
        failed: pruner.metricErrors({ period }),
        dropped: pruner.metric('AsyncEventsDropped', { period, statistic: 'Sum' }),
        undelivered: new Metric({ ...ofEvents, metricName: 'FailedInvocations', period, statistic: 'Sum' }),
      },
      period,
    });
  }
}
