import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metricNames, metricNamespace } from '../../functions/environment.ts';
import { eventMetrics } from '../../functions/runtime/event-metrics.ts';
import { functionOf, withAll } from './rights.ts';
import { type Anything, onlyResource, resourcesOf, synthesiseStack } from './synthesise.ts';

const template = synthesiseStack(withAll);
const alarms: Anything[] = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const runbook = readFileSync(resolve(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
const alarmPart = /\n## Alarms\n([\s\S]*?)\n## /.exec(runbook)?.[1] ?? '';
const sections = alarmPart
  .split(/^### /m)
  .slice(1)
  .map((text) => ({ title: text.split('\n', 1)[0] ?? '', text }));
/** GitHub's anchor of a heading. */
const anchorOf = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
const linkOf = ({ AlarmDescription }: Anything) => /docs\/runbook\.md#([\w-]+)$/.exec(AlarmDescription)?.[1] ?? '';

describe('alarms and the runbook', () => {
  it('are one and the same list', () => {
    expect(alarms.length).toBeGreaterThan(10);
    expect(alarms.map(linkOf).toSorted()).toEqual(sections.map(({ title }) => anchorOf(title)).toSorted());
  });

  it.each(sections)('say of "$title" what it means, where to look, what to do, and when not to', ({ text }) => {
    const parts = [...text.matchAll(/^\*\*([^*]+)\.\*\* +\S/gm)].map(([, part]) => part);
    expect(parts).toEqual(['What it means', 'Where to look', 'What to do', 'When not to worry']);
  });

  it('say in the mail itself what happened', () => {
    for (const { AlarmDescription } of alarms) {
      expect(AlarmDescription).toMatch(/^[A-Z][a-z ]+: .{20,}\. What to do: docs\/runbook\.md#/);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  it('have no link in the runbook that leads nowhere', () => {
    const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title));
    for (const [, anchor] of runbook.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
  });
});

describe('every alarm', () => {
  it('goes to the topic', () => {
    const [topic] = resourcesOf(template, 'AWS::SNS::Topic').map(([id]) => id);
    for (const { AlarmActions, OKActions } of alarms) {
      expect(AlarmActions).toEqual([{ Ref: topic }]);
      // Whoever was told that it rings is told that it is over.
      expect(OKActions).toEqual([{ Ref: topic }]);
    }
  });

  it.each(['BackupStateMachine', 'RestoreStateMachine', 'DrillStateMachine'])(
    'of executions is there for the %s',
    (output) => {
      const machine = template.Outputs[output]?.Value;
      const watched = alarms.filter(({ Dimensions }) => JSON.stringify(Dimensions)?.includes(JSON.stringify(machine)));
      expect(watched.map(({ Namespace, MetricName }) => `${Namespace} ${MetricName}`)).toEqual([
        'AWS/States ExecutionsFailed',
        'AWS/States ExecutionsTimedOut',
        'AWS/States ExecutionsAborted',
        'AWS/States ExecutionThrottled',
      ]);
      for (const alarm of watched) {
        expect(states(alarm, [undefined, 0, 1, undefined])).toEqual(['OK', 'OK', 'ALARM', 'OK']);
      }
    },
  );

  it('of our own metrics watches one that functions write, of this stack', () => {
    const own = alarms.map(metricOf).filter(({ Namespace }) => Namespace === metricNamespace);
    expect(own).toHaveLength(5);
    for (const { MetricName, Dimensions } of own) {
      expect(eventMetrics.map(({ metric }) => metric)).toContain(MetricName);
      expect(Dimensions).toEqual([{ Name: 'Stack', Value: 'Site' }]);
    }
  });
});

describe('the alarm for a missing backup', () => {
  const alarm = alarmOf(metricNames.recentBackup);

  it('looks every hour at the metric that is written every hour, with silence for zero', () => {
    expect(metricOf(alarm).Period ?? alarm.Metrics.find((each: Anything) => each.MetricStat).MetricStat.Period).toBe(
      3600,
    );
    expect(alarm.Metrics.find((each: Anything) => each.Expression)).toMatchObject({
      Expression: 'FILL(m, 0)',
      ReturnData: true,
    });
    // Where the metric has never been, there is nothing to fill.
    expect(alarm.TreatMissingData).toBe('breaching');
    // CloudWatch looks at seven days at most.
    expect(alarm.EvaluationPeriods * 3600).toBeLessThanOrEqual(7 * 24 * 3600);
  });

  it('does not ring while a backup comes every night', () => {
    expect(states(alarm, readings({ everyHours: 24, alarmAfterHours: 36, hours: 240 }))).not.toContain('ALARM');
  });

  it('rings three hours after the time is over, and ends with the next backup', () => {
    const nights = readings({ everyHours: 24, alarmAfterHours: 36, hours: 120, missing: [48] });
    const rung = states(alarm, nights).flatMap((state, hour) => (state === 'ALARM' ? [hour] : []));
    // The backup of hour 24 is too old from hour 61 on; the one of hour 72 ends it.
    expect(rung).toEqual([63, 64, 65, 66, 67, 68, 69, 70, 71]);
  });

  it('does not ring because of one reading that is lost, or of the hour that is not over yet', () => {
    const lost = readings({ everyHours: 24, alarmAfterHours: 36, hours: 48 }).with(10, undefined).with(30, undefined);
    expect(states(alarm, [...lost, undefined])).not.toContain('ALARM');
  });

  it('rings within three hours when nobody looks any more', () => {
    const silent = [...readings({ everyHours: 24, alarmAfterHours: 36, hours: 24 }), ...Array(6).fill(undefined)];
    expect(states(alarm, silent).indexOf('ALARM')).toBe(26);
  });

  it('does not ring daily with a weekly schedule, and does ring when a week fails', () => {
    const weekly = { everyHours: 168, alarmAfterHours: 180, hours: 4 * 168 };
    expect(states(alarm, readings(weekly))).not.toContain('ALARM');
    expect(states(alarm, readings({ ...weekly, missing: [336] })).indexOf('ALARM')).toBe(168 + 180 + 3);
  });

  it('says after how many hours', () => {
    expect(alarm.AlarmDescription).toContain('in the last 36 hours');
    const weekly = synthesiseStack({ schedule: 'cron(0 2 ? * SUN *)' });
    expect(JSON.stringify(resourcesOf(weekly, 'AWS::CloudWatch::Alarm'))).toContain('in the last 180 hours');
  });
});

describe('the alarm for a missing drill', () => {
  const alarm = alarmOf(metricNames.recentDrill);

  it('looks every hour as that for a missing backup does, and says after how many hours', () => {
    const { AlarmDescription: _, AlarmName: __, Metrics, ...how } = alarmOf(metricNames.recentBackup);
    const other = JSON.stringify(Metrics).replaceAll(metricNames.recentBackup, metricNames.recentDrill);
    expect(alarm).toMatchObject({ ...how, Metrics: JSON.parse(other) });
    expect(alarm.AlarmDescription).toContain('in the last 180 hours');
  });

  it('rings three hours after a week has passed without one, and when nobody looks', () => {
    const weekly = { everyHours: 168, alarmAfterHours: 180, hours: 4 * 168 };
    expect(states(alarm, readings(weekly))).not.toContain('ALARM');
    expect(states(alarm, readings({ ...weekly, missing: [336] })).indexOf('ALARM')).toBe(168 + 180 + 3);
    expect(states(alarm, [1, 1, 1, undefined, undefined, undefined]).indexOf('ALARM')).toBe(5);
  });
});

describe('the alarms of drills', () => {
  it('are not there where no drill is made', () => {
    const without = synthesiseStack({ keep: withAll.keep });
    expect(JSON.stringify(resourcesOf(without, 'AWS::CloudWatch::Alarm'))).not.toMatch(/drill/i);
    expect(JSON.stringify(onlyResource(without, 'AWS::CloudWatch::Dashboard'))).not.toMatch(/drill/i);
  });

  it('say of one that failed that it may have found differences', () => {
    const failed = alarms.find(({ AlarmDescription }) => AlarmDescription.startsWith('Drill failed'));
    expect(failed.AlarmDescription).toContain('is not what the backup holds');
  });
});

describe('the alarm for schedules', () => {
  it('rings as long as a start that was missed lies in the queue, and for an empty or idle queue never', () => {
    const [queue] = resourcesOf(template, 'AWS::SQS::Queue').map(([id]) => id);
    const alarm = alarms.find(({ AlarmDescription }) => AlarmDescription.startsWith('Schedule failed'));
    expect(alarm).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
    });
    expect(states(alarm, [undefined, 0, 1, 1, 0, undefined])).toEqual(['OK', 'OK', 'ALARM', 'ALARM', 'OK', 'OK']);
  });
});

describe('the alarm for pruning', () => {
  it('rings for a call that failed, was dropped or did not arrive, and for nothing else', () => {
    const { id } = functionOf(template, 'prune-backups');
    const [rule] = resourcesOf(template, 'AWS::Events::Rule').map(([ruleId]) => ruleId);
    const alarm = alarms.find(({ AlarmDescription }) => AlarmDescription.startsWith('Pruning failed'));
    const watched = alarm.Metrics.filter((each: Anything) => each.MetricStat).map(
      ({ MetricStat: { Metric, Stat } }: Anything) =>
        `${Stat} ${Metric.Namespace} ${Metric.MetricName} ${Metric.Dimensions.map(({ Value }: Anything) => Value.Ref)}`,
    );
    expect(watched).toEqual([
      `Sum AWS/Lambda Errors ${id}`,
      `Sum AWS/Lambda AsyncEventsDropped ${id}`,
      `Sum AWS/Events FailedInvocations ${rule}`,
    ]);
    expect(states(alarm, [undefined, 0, 1, undefined])).toEqual(['OK', 'OK', 'ALARM', 'OK']);
  });

  it('is not there where nothing is ever deleted', () => {
    expect(JSON.stringify(resourcesOf(synthesiseStack(), 'AWS::CloudWatch::Alarm'))).not.toContain('Pruning');
  });
});

describe('the alarms of what a backup holds', () => {
  it('stay until the next backup says otherwise', () => {
    const nothing = Array(22).fill(undefined);
    expect(states(alarmOf(metricNames.gaps), [0, ...nothing, 2, ...nothing, 0]).indexOf('ALARM')).toBe(23);
    const after = states(alarmOf(metricNames.gaps), [2, ...nothing, 0]);
    expect(after.slice(0, -1)).not.toContain('OK');
    expect(after.at(-1)).toBe('OK');
  });

  it('ring while anything is suspicious', () => {
    expect(states(alarmOf(metricNames.suspicions), [0, 1, 0])).toEqual(['OK', 'ALARM', 'OK']);
  });
});

describe('the alarm for the token', () => {
  it('rings below the days that are set, and says nothing where the day is not known', () => {
    expect(states(alarmOf(metricNames.daysUntilTokenExpires), [undefined, 14, 13, -2])).toEqual([
      'OK',
      'OK',
      'ALARM',
      'ALARM',
    ]);
  });

  it('rings when the check of the setup says that the token is to be replaced', () => {
    const stack = synthesiseStack({ tokenWarningDays: 30 });
    const ofToken = resourcesOf(stack, 'AWS::CloudWatch::Alarm').find(
      ([, { Properties }]) => Properties.MetricName === metricNames.daysUntilTokenExpires,
    );
    const { WATCHED_BACKUPS } = functionOf(stack, 'check-setup').properties.Environment.Variables;
    expect(ofToken?.[1].Properties.Threshold).toBe(30);
    expect(JSON.parse(WATCHED_BACKUPS).tokenWarningDays).toBe(30);
  });
});

describe('the dashboard', () => {
  it('shows every metric that functions write but those that only an alarm needs', () => {
    const body = JSON.stringify(onlyResource(template, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody);
    const forAlarms: readonly string[] = [metricNames.recentBackup, metricNames.backupStored, metricNames.recentDrill];
    for (const name of Object.values(metricNames)) {
      if (!forAlarms.includes(name)) expect(body).toContain(name);
    }
    expect(body).toContain('[button:');
  });
});

function metricOf(alarm: Anything): Anything {
  return alarm.Metrics ? alarm.Metrics.find((each: Anything) => each.MetricStat).MetricStat.Metric : alarm;
}

function alarmOf(metric: string): Anything {
  return alarms.find((alarm) => metricOf(alarm).MetricName === metric);
}

/** What the function says hour by hour: 1 where a backup was finished within the time, 0 where not. */
function readings(given: {
  readonly everyHours: number;
  readonly alarmAfterHours: number;
  readonly hours: number;
  readonly missing?: readonly number[];
}): (number | undefined)[] {
  const { everyHours, alarmAfterHours, hours, missing = [] } = given;
  let last = 0;
  return Array.from({ length: hours }, (_, hour) => {
    if (hour % everyHours === 0 && !missing.includes(hour)) last = hour;
    return hour - last <= alarmAfterHours ? 1 : 0;
  });
}

/**
 * The states of an alarm, period by period, as CloudWatch documents its evaluation, by the alarm's own parameters: of the last
 * `EvaluationPeriods`, `DatapointsToAlarm` have to breach; where data is missing, `TreatMissingData` says what it is.
 */
function states(alarm: Anything, data: readonly (number | undefined)[]): string[] {
  const { EvaluationPeriods: periods, DatapointsToAlarm: needed = periods, Threshold, ComparisonOperator } = alarm;
  const breaches: (value: number) => boolean = {
    GreaterThanThreshold: (value: number) => value > Threshold,
    LessThanThreshold: (value: number) => value < Threshold,
  }[ComparisonOperator as string] as (value: number) => boolean;
  const isFilled = JSON.stringify(alarm.Metrics ?? []).includes('FILL(m, 0)');
  let state = 'INSUFFICIENT_DATA';
  return data.map((_, at) => {
    const window = data.slice(Math.max(0, at - periods + 1), at + 1).map((value) => (isFilled ? (value ?? 0) : value));
    if (alarm.TreatMissingData === 'ignore' && window.every((value) => value === undefined)) return state;
    const bad = window.filter((value) =>
      value === undefined ? alarm.TreatMissingData === 'breaching' : breaches(value),
    );
    state = bad.length >= needed ? 'ALARM' : 'OK';
    return state;
  });
}
