import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IWidget, SingleValueWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { metricNames } from '../functions/environment.ts';
import type { MachineName } from '../functions/step-list.ts';
import type { ByMachine } from './by-machine.ts';
import type { StackMetrics } from './metrics.ts';

export interface OverviewProps {
  readonly metrics: StackMetrics;
  readonly backups: IBucket;
  readonly work: IBucket;
  readonly machines: ByMachine<IStateMachine>;
}

const whole = 24;
const third = whole / 3;

/** One page for the morning: the ways to what lies behind first, then how old the newest backup is, then what it took. */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, { metrics, ...places }: OverviewProps) {
    super(scope, id);
    const own = (title: string, ...names: readonly (keyof typeof metricNames)[]) =>
      new GraphWidget({
        title,
        width: third,
        left: names.map((name) => metrics.own(metricNames[name], 'Maximum')),
        leftYAxis: { min: 0, showUnits: false },
      });
    const ends = (title: string, machine: MachineName) =>
      new GraphWidget({
        title,
        width: third,
        left: ['ExecutionsSucceeded', 'ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'].map((name) =>
          metrics.ofMachine(machine, name),
        ),
        leftYAxis: { min: 0, showUnits: false },
      });
    const rows: IWidget[][] = [
      [new TextWidget({ width: whole, height: 3, markdown: links(Stack.of(this), places) })],
      [
        new SingleValueWidget({
          title: 'Now',
          width: third,
          height: 6,
          metrics: [
            metrics
              .own(metricNames.hoursSinceBackup, 'Maximum')
              .with({ label: 'Hours since the last backup that counts' }),
            metrics.own(metricNames.daysUntilTokenExpires, 'Minimum').with({ label: 'Days until the token expires' }),
            ...(places.machines.drill
              ? [
                  metrics
                    .own(metricNames.hoursSinceDrill, 'Maximum')
                    .with({ label: 'Hours since the last drill that passed' }),
                ]
              : []),
          ],
        }),
        own('Age of the newest backup, hours', 'hoursSinceBackup'),
        own(
          'Objects in a backup, and fewer than before',
          ...(['objectsStored', 'objectsLostSinceLast', 'objectsLostSinceWeek', 'objectsLostSinceMonth'] as const),
        ),
      ],
      [
        own('Gaps, and what is suspicious about a backup', 'gaps', 'suspicions'),
        ends('Backups', 'backup'),
        new GraphWidget({
          title: 'Time that backups take',
          width: third,
          left: [metrics.ofMachine('backup', 'ExecutionTime')],
        }),
      ],
      [
        own('Age of the oldest history or comments in a backup, days', 'oldestActivityDays'),
        ends('Restores', 'restore'),
        own('Losses and differences of restores', 'losses', 'differences'),
      ],
      ...(places.machines.drill
        ? [
            [
              own(
                'What drills found, and could not try',
                ...(['drillPassed', 'drillDifferences', 'drillNotCovered'] as const),
              ),
              ends('Drills', 'drill'),
              own('Objects that a drill restores, and minutes that it takes', 'drillObjects', 'drillMinutes'),
            ],
          ]
        : []),
    ];
    new Dashboard(this, 'Dashboard', { widgets: rows, defaultInterval: Duration.days(14) });
  }
}

function links({ region }: Stack, { backups, work, machines }: Omit<OverviewProps, 'metrics'>): string {
  const console = `https://${region}.console.aws.amazon.com`;
  const bucket = ({ bucketName }: IBucket) => `${console}/s3/buckets/${bucketName}?region=${region}`;
  const machine = ({ stateMachineArn }: IStateMachine) =>
    `${console}/states/home?region=${region}#/statemachines/view/${stateMachineArn}`;
  const buttons = {
    'Start or see a backup': machine(machines.backup),
    'Start or see a restore': machine(machines.restore),
    ...(machines.drill && { 'Start or see a drill': machine(machines.drill) }),
    Backups: bucket(backups),
    'Work and reports': bucket(work),
    Logs: `${console}/cloudwatch/home?region=${region}#logsV2:logs-insights`,
  };
  const marks = Object.entries(buttons).map(([label, address]) => `[button:${label}](${address})`);
  return `${marks.join(' ')}\n\nWhat each alarm means, and what to do, is in docs/runbook.md.`;
}
