import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventFields, EventName } from '../../core/ports/reporter.ts';
import { metricNames, metricNamespace } from '../../functions/environment.ts';
import { eventMetrics } from '../../functions/runtime/event-metrics.ts';

const root = resolve(import.meta.dirname, '../..');

type Line = Readonly<Record<string, unknown>>;

/** What the log of a function holds after these events: a process of its own, because the library writes to its output. */
function linesOf(...events: [level: string, name: EventName, fields: EventFields][]): Line[] {
  const program = `
    import { LambdaReporter } from ${JSON.stringify(join(root, 'adapters/aws/lambda-reporter.ts'))};
    import { eventMetrics } from ${JSON.stringify(join(root, 'functions/runtime/event-metrics.ts'))};
    const settings = { step: 'FinishBackup', stack: 'AssetsBackup', namespace: ${JSON.stringify(metricNamespace)} };
    const reporter = new LambdaReporter({ ...settings, metrics: eventMetrics });
    reporter.beginInvocation('request-1');
    for (const event of ${JSON.stringify(events)}) reporter.event(...event);
  `;
  const args = ['--no-warnings', '--input-type=module', '--eval', program];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  // Both outputs of a function are its log: warnings and errors go to the second one.
  return `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

interface MetricLine extends Line {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

const isMetric = (line: Line): line is MetricLine => '_aws' in line;

const finished = {
  ...{ backup: 'b', status: 'complete', counts: 1, objects: 5, gaps: 2 },
  ...{ suspicions: 3, objectsLostSinceLast: 41, objectsLostSinceWeek: 0 },
  oldestActivityDays: 13.9,
};

describe('the log of a function', () => {
  it('has a line for each event, with its name, its fields and the invocation', () => {
    const [line] = linesOf(['info', 'backup.finished', finished]);
    expect(line).toMatchObject({
      event: 'backup.finished',
      service: 'FinishBackup',
      requestId: 'request-1',
      ...finished,
    });
  });

  it('keeps the sentence of a failure', () => {
    const fields = { step: 'PlanBackup', error: 'LoginRefusedError', message: 'The site refused the login.' };
    expect(linesOf(['error', 'step.failed', fields])).toEqual([
      expect.objectContaining({ level: 'ERROR', event: 'step.failed', ...fields }),
    ]);
  });

  it('shows what a site has put into names, and lets none of it act', () => {
    const [line] = linesOf([
      'error',
      'step.failed',
      { step: 'PlanBackup', message: 'type \u009b31m\u202egnol \n', what: 'a\u0085b' },
    ]);
    expect(line).toMatchObject({ message: 'type \\u009b31m\\u202egnol \n', what: 'a\\u0085b' });
  });

  it('has the numbers of an event as metrics, by the stack alone', () => {
    const [line] = linesOf(['info', 'backup.finished', { ...finished, objectsLostSinceMonth: null }]).filter(isMetric);
    expect(line).toMatchObject({
      Stack: 'AssetsBackup',
      BackupStored: 1,
      ObjectsStored: 5,
      Gaps: 2,
      Suspicions: 3,
      ObjectsLostSinceLast: 41,
      ObjectsLostSinceWeek: 0,
      OldestActivityDays: 13.9,
    });
    const [document] = line?._aws.CloudWatchMetrics ?? [];
    expect(document).toMatchObject({ Namespace: 'AssetsBackup', Dimensions: [['Stack']] });
    expect(line).not.toHaveProperty('service');
    // There is no backup a month older: that is not none lost.
    expect(line).not.toHaveProperty('ObjectsLostSinceMonth');
  });

  it('has no metric where an event has no number', () => {
    expect(
      linesOf(['info', 'backup.watched', { recentBackup: 0, daysUntilTokenExpires: null }]).filter(isMetric),
    ).toEqual([expect.objectContaining({ RecentBackup: 0 })]);
    expect(linesOf(['info', 'backup.finished', { gaps: 0, oldestActivityDays: null }]).filter(isMetric)).toEqual([
      expect.not.objectContaining({ OldestActivityDays: expect.anything() }),
    ]);
    expect(linesOf(['info', 'step.started', { step: 'PlanBackup' }]).filter(isMetric)).toEqual([]);
  });
});

describe('metrics', () => {
  it('are all written by an event', () => {
    expect(eventMetrics.map(({ metric }) => metric).sort()).toEqual(Object.values(metricNames).sort());
  });

  // A name that changes is another metric: its past is gone, and so is what people watch it with.
  it('are called the same for ever', () => {
    expect(Object.values(metricNames)).toEqual([
      'BackupStored',
      'ObjectsStored',
      'Gaps',
      'Suspicions',
      'ObjectsLostSinceLast',
      'ObjectsLostSinceWeek',
      'ObjectsLostSinceMonth',
      'OldestActivityDays',
      'RecentBackup',
      'HoursSinceBackup',
      'DaysUntilTokenExpires',
      'Losses',
      'Differences',
      'DrillPassed',
      'DrillObjects',
      'DrillDifferences',
      'DrillNotCovered',
      'DrillMinutes',
      'RecentDrill',
      'HoursSinceDrill',
    ]);
  });
});
