import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { type metricNames, metricNamespace } from '../functions/environment.ts';
import type { StackMachine } from '../functions/step-list.ts';

type MetricName = (typeof metricNames)[keyof typeof metricNames];

/** The metrics of one stack: those that its functions write, and those that Step Functions keeps of its machines. */
export class StackMetrics {
  readonly #stackName: string;
  readonly #machines: Readonly<Record<StackMachine, IStateMachine>>;

  constructor(stackName: string, machines: Readonly<Record<StackMachine, IStateMachine>>) {
    this.#stackName = stackName;
    this.#machines = machines;
  }

  /** By the hour, because functions write them once a backup or once an hour. */
  own(metricName: MetricName, statistic: 'Maximum' | 'Minimum' | 'Sum'): Metric {
    return new Metric({
      namespace: metricNamespace,
      metricName,
      dimensionsMap: { Stack: this.#stackName },
      statistic,
      period: Duration.hours(1),
    });
  }

  ofMachine(machine: StackMachine, metricName: string): Metric {
    return new Metric({
      namespace: 'AWS/States',
      metricName,
      dimensionsMap: { StateMachineArn: this.#machines[machine].stateMachineArn },
      statistic: metricName === 'ExecutionTime' ? 'Maximum' : 'Sum',
      period: Duration.minutes(5),
    });
  }
}
