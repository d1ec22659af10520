import { describe, expect, it } from 'vitest';
import { ExecutionFailedError, WrongInputError } from '../../core/errors.ts';
import { openStack } from '../../deployed/deployed-stack.ts';
import { optionalOutputs } from '../../functions/environment.ts';
import { stackName } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

const report = {
  dryRun: false,
  keep: { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0, within: 0 },
  timeZone: 'UTC',
  heldBack: [],
  kept: [{ backup: '2026-11-24_02-00-00', reasons: ['one of the last 1'] }],
  deleted: [{ backup: '2026-11-23_02-00-00', files: 12, bytes: 3_400 }],
  unfinished: { kept: [], deleted: [] },
  left: [],
  outOfTime: false,
};

async function keepingStack(...answers: object[]) {
  const { aws } = await pretendStack();
  aws.outputs[optionalOutputs.pruneFunction] = 'assets-backup-PruneBackups';
  const left = [...answers];
  aws.invoked = () => left.shift() ?? {};
  return { aws, stack: await openStack({ stack: stackName }) };
}

describe('pruning in a stack', () => {
  it('is asked of its function, with what is wanted and how long the answer is waited for', async () => {
    const { aws, stack } = await keepingStack(report, { ...report, dryRun: true });
    expect(stack.isPruned).toBe(true);
    expect(await stack.prune({ dryRun: false })).toEqual(report);
    expect(await stack.prune({ dryRun: true })).toEqual({ ...report, dryRun: true });
    expect(aws.inputsOf('Invoke')).toEqual([
      { FunctionName: 'assets-backup-PruneBackups', Payload: { dryRun: false, seconds: 240 } },
      { FunctionName: 'assets-backup-PruneBackups', Payload: { dryRun: true, seconds: 240 } },
    ]);
  });

  it('is asked again while there was no time for all of it, and tells of all calls together', async () => {
    const more = [{ backup: '2026-11-22_02-00-00', files: 1, bytes: 2 }];
    const leftover = [{ backup: '2026-11-21_02-00-00', files: 5, bytes: 6 }];
    const { aws, stack } = await keepingStack(
      { ...report, left: ['2026-11-22_02-00-00'], outOfTime: true, unfinished: { kept: [], deleted: leftover } },
      { ...report, deleted: [], left: ['2026-11-22_02-00-00'], outOfTime: true },
      { ...report, deleted: more },
    );
    expect(await stack.prune({ dryRun: false })).toEqual({
      ...report,
      deleted: [...report.deleted, ...more],
      unfinished: { kept: [], deleted: leftover },
    });
    expect(aws.inputsOf('Invoke')).toHaveLength(3);
  });

  it('is none where the stack was not told what to keep, and calls nothing', async () => {
    const { aws } = await pretendStack();
    const stack = await openStack({ stack: stackName });
    expect(stack.isPruned).toBe(false);
    await expect(stack.prune({ dryRun: true })).rejects.toThrow(WrongInputError);
    await expect(stack.prune({ dryRun: true })).rejects.toThrow(
      /Set "keep" in cdk\.json, and deploy it again: npx cdk deploy/,
    );
    expect(aws.inputsOf('Invoke')).toEqual([]);
  });

  it('fails with the error of the function, or says where its log is', async () => {
    const { aws, stack } = await keepingStack(
      { errorType: 'WrongInputError', errorMessage: 'No rules are set.' },
      { errorType: 'Runtime.OutOfMemory', errorMessage: 'killed' },
    );
    aws.checkFails = true;
    await expect(stack.prune({ dryRun: false })).rejects.toThrow(new WrongInputError('No rules are set.'));
    const broken = stack.prune({ dryRun: false });
    await expect(broken).rejects.toThrow(ExecutionFailedError);
    await expect(broken).rejects.toThrow(
      'The function assets-backup-PruneBackups failed: Runtime.OutOfMemory: killed. Its log in CloudWatch says more.',
    );
  });

  it('does not take for a report what is none', async () => {
    const { stack } = await keepingStack({ done: true });
    await expect(stack.prune({ dryRun: true })).rejects.toThrow(/answered something else than was asked for/);
  });
});

describe('the command', () => {
  it('prints what the stack says, as of a folder', async () => {
    const { aws, run } = await pretendStack();
    aws.outputs[optionalOutputs.pruneFunction] = 'assets-backup-PruneBackups';
    aws.invoked = () => ({ ...report, dryRun: true });
    const { exitCode, stdout, lastLine } = await run(['prune', '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('What pruning the stack assets-backup would do; nothing was deleted.');
    expect(stdout).toMatch(/2026-11-24_02-00-00 +one of the last 1/);
    expect(lastLine).toMatch(/^1 backup would be deleted .* Delete: npx assets-backup prune --stack assets-backup$/);
    const json = await run(['prune', '--dry-run', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ stack: 'assets-backup', dryRun: true, deleted: report.deleted });
  });

  it('lists why each backup is kept where the stack says it, and lists all the same where it may not be asked', async () => {
    const stack = await pretendStack();
    const { aws, run } = stack;
    for (const { backup } of [...report.kept, ...report.deleted]) stack.put(`${backup}/config/objectschemas.json`, {});
    const without = await run(['list']);
    expect(without.stdout).not.toContain('kept');
    expect(aws.inputsOf('Invoke')).toEqual([]);

    aws.outputs[optionalOutputs.pruneFunction] = 'assets-backup-PruneBackups';
    aws.invoked = () => ({ ...report, dryRun: true });
    const { stdout } = await run(['list']);
    expect(stdout).toMatch(/2026-11-24_02-00-00 +one of the last 1/);
    expect(stdout).toMatch(/2026-11-23_02-00-00 +no rule keeps it: the next pruning deletes it/);
    expect(aws.inputsOf('Invoke')).toEqual([
      { FunctionName: 'assets-backup-PruneBackups', Payload: { dryRun: true, seconds: 240 } },
    ]);

    aws.fault = (operation) =>
      operation === 'Invoke' ? { code: 'AccessDeniedException', message: 'You may not.', status: 403 } : undefined;
    const denied = await run(['list']);
    expect(denied.exitCode).toBe(0);
    expect(denied.stdout).toContain('2026-11-24_02-00-00');
    expect(denied.stderr).toContain(
      'Why each backup is kept is not known. Could not ask the stack what it would delete',
    );
  });
});

describe('doctor', () => {
  it.each([
    [{}, 'No backup is ever deleted: "keep" is not set.'],
    [
      { [optionalOutputs.pruneFunction]: 'assets-backup-PruneBackups' },
      'Old backups are deleted when a new one is there. Which: assets-backup prune --stack assets-backup --dry-run',
    ],
  ])('says whether backups are ever deleted', async (outputs, detail) => {
    const { aws, run } = await pretendStack();
    Object.assign(aws.outputs, outputs);
    const { stdout } = await run(['doctor', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: { name: string }[] };
    expect(checks.find(({ name }) => name === 'pruning')).toEqual({ name: 'pruning', ok: true, detail, remedy: null });
  });
});
