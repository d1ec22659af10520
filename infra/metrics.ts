import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { type metricNames, metricNamespace } from '../functions/environment.ts';
import type { MachineName } from '../functions/step-list.ts';
import type { ByMachine } from './by-machine.ts';

type MetricName = (typeof metricNames)[keyof typeof metricNames];

/** The metrics of one stack: those that its functions write, and those that Step Functions keeps of its machines. */
export class StackMetrics {
  readonly #stackName: string;
  readonly #machines: ByMachine<IStateMachine>;

  constructor(stackName: string, machines: ByMachine<IStateMachine>) {
    this.#stackName = stackName;
    this.#machines = machines;
  }

  has(machine: MachineName): boolean {
    return this.#machines[machine] !== undefined;
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

  /** Throws an Error of a machine that the stack does not have. */
  ofMachine(machine: MachineName, metricName: string): Metric {
    const found = this.#machines[machine];
    if (!found) throw new Error(`The stack has no ${machine} machine.`);
    return new Metric({
      namespace: 'AWS/States',
      metricName,
      dimensionsMap: { StateMachineArn: found.stateMachineArn },
      statistic: metricName === 'ExecutionTime' ? 'Maximum' : 'Sum',
      period: Duration.minutes(5),
    });
  }
}
