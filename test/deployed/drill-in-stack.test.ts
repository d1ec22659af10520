import { describe, expect, it } from 'vitest';
import { drillFolder, drillKeys, drillRecordKey } from '../../core/drill/drill-keys.ts';
import type { DrillRecord, DrillReport, DrillResult } from '../../core/model/drill.ts';
import { restoreName } from '../../core/restore/restore-keys.ts';
import { optionalOutputs } from '../../functions/environment.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import type { Look, PretendExecution } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

const startsAt = new Date('2026-11-28T12:00:00.250Z');
const backup = '2026-11-28_02-00-00';

/** A stack of which drills are made, and whose next one does this. */
async function prepared(script: readonly Look[] = [{}]) {
  const stack = await pretendStack();
  stack.aws.makeDrills();
  stack.aws.scripts.drill = script;
  stack.aws.startsAt = startsAt;
  return stack;
}

function reportOf(drill: string, outcome: DrillReport['outcome']): DrillReport {
  const differences = outcome === 'passed' ? 0 : 2;
  return {
    ...{ drill, backup, outcome, objects: 200, values: 1412, comments: 31, differences, notCovered: 1, minutes: 4.5 },
    ...{
      report: drillFolder(drill) + drillKeys.report,
      where: `s3://assets-backup-work/${drillFolder(drill)}report.json`,
    },
    ...{ message: `The drill ${drill} ended.`, siteName: 'https://drills.atlassian.net', inProduction: false },
    ...{ startedAt: startsAt.toISOString(), finishedAt: '2026-11-28T12:04:30.000Z', writtenBy: 'assets-backup 0.1.0' },
    schemas: [{ from: 'FAC', to: 'ZDA', objects: 200 }],
    covered: [{ kind: 'text', attributes: 3, values: 900 }],
    uncovered: [{ what: 'FAC / Room: Owner', count: 12, reason: 'nobody of this name is there' }],
    found: outcome === 'passed' ? [] : ['FAC-1 Name: another value', 'FAC-2: missing'],
    notices: [],
  };
}

const resultOf = ({ drill, backup: of, outcome, objects, values, comments, ...report }: DrillReport): DrillResult => ({
  ...{ drill, backup: of, outcome, objects, values, comments, differences: report.differences },
  ...{ notCovered: report.notCovered, minutes: report.minutes, report: report.report, where: report.where },
  message: report.message,
});

const nameOf = ({ executionArn }: PretendExecution) => restoreName(startsAt.toISOString(), executionArn);

/** What "Report drill" leaves, and what its execution came to. */
function ended(
  stack: Awaited<ReturnType<typeof prepared>>,
  execution: PretendExecution,
  outcome: DrillReport['outcome'],
): Look {
  const report = reportOf(nameOf(execution), outcome);
  stack.put(report.report, report);
  stack.put(drillFolder(report.drill) + drillKeys.result, { $file: drillKeys.result, $format: 2, ...resultOf(report) });
  return outcome === 'passed'
    ? { status: 'SUCCEEDED', output: resultOf(report) }
    : { status: 'FAILED', error: 'DifferencesFoundError', cause: report.message };
}

/** Runs it until it has looked at its execution, which then ends so. */
async function drillThatEnds(outcome: DrillReport['outcome'], argv: readonly string[] = []) {
  const script: Look[] = [{ state: 'Drill objects' }];
  const stack = await prepared(script);
  const running = stack.run(['drill', ...argv]);
  await expect.poll(() => stack.aws.executions[0]?.looks).toBeGreaterThan(1);
  const [execution] = stack.aws.executions;
  if (!execution) throw new Error('No execution was started.');
  script[0] = ended(stack, execution, outcome);
  return { stack, execution, ...(await running) };
}

describe('drill --stack', () => {
  it('starts the machine, follows it, and shows what was tried', async () => {
    const { exitCode, stdout, stderr, lastLine, stack, execution } = await drillThatEnds('passed');

    expect(stderr).toContain('Trying a restore in the stack assets-backup\n');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`Drill +${nameOf(execution)}$`, 'm'));
    expect(stdout).toMatch(/Compared +200 objects, 1,412 values, 31 comments$/m);
    expect(stdout).toContain(`s3://assets-backup-work/drills/${nameOf(execution)}/report.txt`);
    expect(stdout).toMatch(/Execution +arn:aws:states:eu-central-1:123456789012:execution:Drill:command-/);
    expect(lastLine).toMatch(/^The drill passed: .*npx assets-backup drill --stack assets-backup$/);
    expect(stack.aws.inputsOf('StartExecution')).toMatchObject([
      { stateMachineArn: expect.stringContaining('stateMachine:Drill'), input: '{}' },
    ]);
  });

  it('14 where what was restored differs, and is one document with --json', async () => {
    const { exitCode, io } = await drillThatEnds('differences-found', ['--json']);
    expect(exitCode).toBe(14);
    expect(io.document()).toMatchObject({
      ...{ type: 'drill', outcome: 'differences-found', differences: 2, exitCode: 14 },
      found: ['FAC-1 Name: another value', 'FAC-2: missing'],
    });
  });

  it.each([
    ['TargetRefusedError', 1, 'Give it the login of another site.'],
    ['RunInProgressError', 11, 'Another run holds the site.'],
    ['EmptySecretError', 12, 'The secret holds no login yet.'],
    ['NoSuchBackupError', 10, 'There is no backup that counts.'],
  ])('%s of a step is %i, with its own sentence', async (error, exit, sentence) => {
    const cause = JSON.stringify({ errorType: error, errorMessage: sentence });
    const { run } = await prepared([{ status: 'FAILED', error, cause }]);
    const { exitCode, stderr } = await run(['drill']);
    expect(exitCode).toBe(exit);
    expect(stderr).toContain(sentence);
  });

  it('says of one that was stopped what becomes of what it made', async () => {
    const { run } = await prepared([{ status: 'ABORTED' }]);
    const { exitCode, stderr } = await run(['drill']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/The drill was stopped in AWS \(ABORTED\)\. .*what it left the next drill removes/);
  });

  it('is wrong usage where the stack makes no drills, also of a login for them', async () => {
    const { run, aws } = await pretendStack();
    for (const argv of [['drill'], ['login', '--for', 'drill']]) {
      const { exitCode, stderr } = await run(argv);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('makes no restore drills. Set "drill" in cdk.json, and deploy it again');
    }
    expect(aws.inputsOf('StartExecution')).toEqual([]);
  });

  it('has its login in the secret of the stack, and takes none from a file', async () => {
    const { run } = await prepared();
    const { exitCode, stderr } = await run(['drill', '--site', 'site.json']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the login of a stack lies in its secret');
  });

  it('is left with Ctrl-C, and taken up again by watch', async () => {
    const script: Look[] = [{}];
    const stack = await prepared(script);
    const io = new RecordedIo();
    const left = stack.run(['drill'], io);
    await expect.poll(() => stack.aws.executions[0]?.looks).toBeGreaterThan(1);
    io.pressCtrlC();
    const { exitCode, stderr } = await left;
    expect(exitCode).toBe(130);
    const [, line = ''] =
      /The drill goes on in AWS\. Take it up again: npx assets-backup (watch \S+)/.exec(stderr) ?? [];

    const [execution] = stack.aws.executions;
    if (!execution) throw new Error('No execution was started.');
    script[0] = ended(stack, execution, 'differences-found');
    for (const argv of [line.split(' '), ['watch', execution.executionArn]]) {
      const watched = await stack.run(argv);
      expect(watched.exitCode).toBe(14);
      expect(watched.stdout).toMatch(/Differences \(2\)/);
    }
  });
});

describe('status and doctor of a stack with drills', () => {
  const record = (hour: number, of: DrillRecord['ended']): DrillRecord => ({
    ...{ drill: `2026-11-28_${hour}-00-00_0000000a`, backup, executionId: 'x', startedAt: startsAt.toISOString() },
    ...{ workspaceId: 'w', siteName: 'https://drills.atlassian.net', scratch: 'removed', ended: of },
  });
  const endedAt = (hour: number, outcome: 'passed' | 'failed') =>
    record(hour, { at: `2026-11-28T${hour}:30:00.000Z`, outcome, message: 'It ended.', error: null });

  it('name when the last drill ended and how, when the next one starts, and its runs', async () => {
    const { run, aws, put } = await prepared();
    put(drillRecordKey('2026-11-28_10-00-00_0000000a'), endedAt(10, 'passed'));
    put(drillRecordKey('2026-11-28_11-00-00_0000000a'), endedAt(11, 'failed'));
    put(drillRecordKey('2026-11-28_12-00-00_0000000a'), record(12, null));
    aws.begin('drill', [{ status: 'SUCCEEDED', output: { outcome: 'passed' } }], { name: 'weekly' });

    const { stdout } = await run(['status']);
    const { io } = await run(['status', '--json']);

    expect(stdout).toMatch(/Drills +next at .* \(cron\(0 12 \? \* SAT \*\) in Europe\/Berlin\)$/m);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /Last drill 2026-11-28_11-00-00_0000000a, failed, of 2026-11-28_02-00-00 on https:\/\/drills\.atlassian\.net, ended /,
    );
    expect(stdout).toMatch(/ drill +SUCCEEDED +passed +2026-11-28 12:00 +12:34 +weekly$/m);
    expect(io.document().drill).toMatchObject({
      schedule: { isEnabled: true, expression: 'cron(0 12 ? * SAT *)' },
      last: { drill: '2026-11-28_11-00-00_0000000a', outcome: 'failed', endedAt: '2026-11-28T11:30:00.000Z' },
    });
  });

  it('say that none has ended yet, and nothing of drills where none are made', async () => {
    const { run } = await prepared();
    expect((await run(['status'])).stdout).toMatch(/Last drill +none has ended yet$/m);
    const other = await pretendStack();
    const { io } = await other.run(['status', '--json']);
    expect(io.document().drill).toBeNull();
    expect((await other.run(['status'])).stdout).not.toMatch(/drill/i);
  });

  it('check its login from inside, its schedule and its machine', async () => {
    const { run, aws } = await prepared();
    aws.drillSchedule.State = 'DISABLED';
    aws.drillAnswer = {
      ok: false,
      checks: [
        { name: 'drill: login', ok: true, detail: 'Accepted.', remedy: null },
        { name: 'drill: target', ok: false, detail: 'It is what is backed up.', remedy: 'Use `login --stack NAME`.' },
      ],
    };
    const { exitCode, stdout } = await run(['doctor']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/drill: login +ok/);
    expect(stdout).toContain('  - drill: target: Use `login --stack assets-backup`.');
    expect(stdout).toContain('  - drill: schedule: Enable the schedule assets-backup-drills in EventBridge Scheduler');
    expect(stdout).toContain('  - drill: machine: If it was changed by hand');
    expect(aws.inputsOf('Invoke')).toContainEqual({ FunctionName: aws.outputs[optionalOutputs.checkDrillFunction] });
  });

  it('say that none is made where none is', async () => {
    const { run } = await pretendStack();
    expect((await run(['doctor'])).stdout).toMatch(/ drill +ok +No restore is ever tried: "drill" is not set\./);
  });
});
