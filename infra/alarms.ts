import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metricNames } from '../functions/environment.ts';
import { type MachineName, machineSteps } from '../functions/step-list.ts';
import type { StackMetrics } from './metrics.ts';
import type { MissedStarts } from './missed-starts.ts';
import type { Pruning } from './pruning.ts';
import type { Settings } from './settings.ts';

export interface AlarmsProps {
  readonly metrics: StackMetrics;
  readonly settings: Settings;
  readonly topic: ITopic;
  /** Undefined where nothing is ever deleted. */
  readonly pruning: Pruning | undefined;
  readonly missed: MissedStarts;
}

/** An alarm. The title is its heading in docs/runbook.md; the description is all that an operator gets by mail at night. */
interface Row extends Pick<AlarmProps, 'metric' | 'threshold' | 'comparisonOperator' | 'treatMissingData'> {
  readonly title: string;
  readonly means: string;
  /** Hours of which all have to be bad. @default one period of the metric */
  readonly periods?: number;
}

/** Rings when something happened; nothing to tell is all well. */
const happened = {
  threshold: 0,
  comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
  treatMissingData: TreatMissingData.NOT_BREACHING,
} as const;

/** Rings where a reading of every hour is 0. Of the hour that is not over yet, and of one reading that was lost, nothing is said: three have to be bad. Silence is bad. */
const missingFor3Hours = {
  periods: 3,
  threshold: 1,
  comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
  treatMissingData: TreatMissingData.BREACHING,
} as const;

/** Stays as it is until the next backup says otherwise. */
const untilNextBackup = { ...happened, treatMissingData: TreatMissingData.IGNORE } as const;

/** How an execution of a machine can come to nothing: title, metric, meaning. */
const endings = [
  ['failed', 'ExecutionsFailed', 'ended with an error, which its execution names'],
  ['timed out', 'ExecutionsTimedOut', 'ran longer than its state machine allows, and was stopped'],
  ['aborted', 'ExecutionsAborted', 'was stopped by a person or a program'],
  [
    'throttled',
    'ExecutionThrottled',
    'is held back by Step Functions, because the account makes too many state transitions',
  ],
] as const;

const nouns: Readonly<Record<MachineName, string>> = { backup: 'Backup', restore: 'Restore', drill: 'Drill' };

/** What else an end of a drill may mean. */
const alsoOfDrills: Readonly<Record<string, string>> = {
  failed: ', or what it restored is not what the backup holds',
};

export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { metrics, settings, topic, pruning, missed }: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(topic);
    const all = [
      ...rows(metrics, settings),
      ...ofDrills(metrics, settings),
      ...ofPruning(pruning),
      ofSchedules(missed),
    ];
    for (const { title, means, periods = 1, ...condition } of all) {
      const alarm = new Alarm(this, idOf(title), {
        ...condition,
        evaluationPeriods: periods,
        datapointsToAlarm: periods,
        alarmDescription: `${title}: ${means}. What to do: ${runbookLink(title)}`,
      });
      alarm.addAlarmAction(action);
      // That it is over is told as well: whoever was woken need not look.
      alarm.addOkAction(action);
    }
  }
}

function rows(metrics: StackMetrics, settings: Settings): readonly Row[] {
  const machines = (Object.keys(machineSteps) as MachineName[]).filter((machine) => metrics.has(machine));
  return [
    ...machines.flatMap((machine) =>
      endings.map(([ending, metric, means]) => ({
        ...happened,
        title: `${nouns[machine]} ${ending}`,
        means: `a ${machine} ${means}${(machine === 'drill' && alsoOfDrills[ending]) || ''}`,
        metric: metrics.ofMachine(machine, metric),
      })),
    ),
    {
      ...missingFor3Hours,
      title: 'No recent backup',
      means: `no backup that counts was finished in the last ${settings.alarmAfterHours} hours, or nobody looked for three hours`,
      metric: filledWithZero(metrics.own(metricNames.recentBackup, 'Maximum')),
    },
    {
      ...untilNextBackup,
      title: 'Suspicious backup',
      means:
        'the last backup has much fewer objects than earlier ones, lacks a schema, an object type or an attribute that they have, or has many objects with other values; its manifest names which',
      metric: metrics.own(metricNames.suspicions, 'Maximum'),
    },
    {
      ...untilNextBackup,
      title: 'Backup with gaps',
      means: 'the last backup could not read something, which its manifest names',
      metric: metrics.own(metricNames.gaps, 'Maximum'),
    },
    {
      title: 'Token expires',
      means: `the token with which backups log in expires in less than ${settings.tokenWarningDays} days`,
      metric: metrics.own(metricNames.daysUntilTokenExpires, 'Minimum'),
      threshold: settings.tokenWarningDays,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
  ];
}

function ofDrills(metrics: StackMetrics, { drill }: Settings): readonly Row[] {
  if (!drill) return [];
  return [
    {
      ...missingFor3Hours,
      title: 'No recent drill',
      means: `no restore drill has passed in the last ${drill.alarmAfterHours} hours, or nobody looked for three hours`,
      metric: filledWithZero(metrics.own(metricNames.recentDrill, 'Maximum')),
    },
  ];
}

function ofPruning(pruning: Pruning | undefined): readonly Row[] {
  if (!pruning) return [];
  return [
    {
      ...happened,
      title: 'Pruning failed',
      means:
        'old backups could not be deleted as the settings say, or nobody was told to; the backups of the nights are not touched by it',
      metric: pruning.failures,
    },
  ];
}

function ofSchedules(missed: MissedStarts): Row {
  return {
    ...happened,
    title: 'Schedule failed',
    means:
      'a schedule could not start what it is for, such as the backup of the night, and has given it up; a message in the queue of missed starts says which and why',
    metric: missed.waiting,
  };
}

function filledWithZero(metric: IMetric): IMetric {
  return new MathExpression({ expression: 'FILL(m, 0)', usingMetrics: { m: metric }, period: Duration.hours(1) });
}

function idOf(title: string): string {
  return title.replace(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** GitHub's anchor of the heading. */
function runbookLink(title: string): string {
  return `docs/runbook.md#${title.toLowerCase().replaceAll(' ', '-')}`;
}
