import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultOf as backupResultOf } from '../../core/backup/finish-backup.ts';
import { manifestKey } from '../../core/backup-format/keys.ts';
import { manifestFile } from '../../core/backup-format/manifest.ts';
import { backup, manifest } from '../cli/pretend-product.ts';
import { hash, keys, planSummary, report, resultOf } from '../cli/pretend-restore.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import type { Look } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

const done = { status: 'SUCCEEDED', output: backupResultOf({ addressOf: (key) => key }, manifest()) } as const;

async function prepared() {
  const stack = await pretendStack();
  stack.put(manifestKey(backup), manifestFile(manifest()));
  return stack;
}

describe('leaving a run and taking it up again', () => {
  it('Ctrl-C leaves: the run goes on, and the sentence says how to take it up', async () => {
    const { run, aws } = await prepared();
    const script: Look[] = [{}];
    aws.scripts.backup = script;
    const io = new RecordedIo();

    const left = run(['backup'], io);
    await expect.poll(() => aws.executions[0]?.looks).toBeGreaterThan(2);
    io.pressCtrlC();
    const { exitCode, stderr } = await left;

    expect(exitCode).toBe(130);
    const [, command = ''] =
      /Left\. The backup goes on in AWS\. Take it up again: npx assets-backup (watch \S+)/.exec(stderr) ?? [];
    expect(aws.requests.some(({ operation }) => operation === 'StopExecution')).toBe(false);
    expect(io.isListening).toBe(false);

    script[0] = done;
    const takenUp = await run(command.split(' '));
    expect(takenUp.exitCode).toBe(0);
    expect(takenUp.lastLine).toContain('Backed up 11,226 objects');
    expect(aws.executions).toHaveLength(1);
  });

  it('takes up the newest that runs, whoever started it', async () => {
    const { run, aws } = await prepared();
    aws.startsAt = new Date(Date.now() - 3_600_000);
    aws.begin('backup', [done]);
    const newest = aws.begin('restore', [{}, {}, { status: 'ABORTED' }], { name: 'console' });
    Object.assign(newest, { startDate: new Date() });
    aws.begin('backup', [{}, done], { name: 'nightly' });

    const { exitCode, stderr } = await run(['watch']);

    expect(stderr).toContain('Following the restore of the stack assets-backup\nExecution console;');
    expect(exitCode).toBe(1);
  });

  it('knows how long it has been going on', async () => {
    const { run, aws } = await prepared();
    aws.startsAt = new Date(Date.now() - 3_600_000);
    const script: Look[] = [{ state: 'Plan activity' }];
    aws.begin('backup', script);

    const io = new RecordedIo({ columns: 100 });
    const followed = run(['watch'], io);
    await expect.poll(() => io.stderr.text).toMatch(/Plan activity \(1:00:\d\d\) · 1:00:\d\d elapsed/);
    script[0] = done;

    expect((await followed).exitCode).toBe(0);
  });

  it('takes an ARN as well, and shows at once what has ended', async () => {
    const { run, aws } = await prepared();
    const { executionArn } = aws.begin('backup', [done]);

    const { exitCode, lastLine } = await run(['watch', executionArn]);

    expect(exitCode).toBe(0);
    expect(lastLine).toContain('nothing is missing');
  });

  it('of a plan says how to go on, by what the execution was asked', async () => {
    const { run, aws, put } = await prepared();
    put(keys.plan, planSummary({ approvals: ['a change'] }));
    const output = resultOf({ outcome: 'needs-approval', report: null });
    const objectSchemas = [{ oldObjectSchemaKey: 'FAC', newObjectSchemaKey: 'FAC_IMP' }];
    const asked = { folder: backup, objectSchemas, processComments: false, include: { objectTypes: ['Office'] } };
    aws.begin('restore', [{ status: 'SUCCEEDED', output }], { input: JSON.stringify(asked), name: 'one' });
    const more = { ...asked, users: 'users/0123456789abcdef.csv' };
    aws.begin('restore', [{ status: 'SUCCEEDED', output }], { input: JSON.stringify(more), name: 'two' });

    const one = await run(['watch', 'one']);
    const two = await run(['watch', 'two']);

    expect(one.exitCode).toBe(1);
    expect(one.lastLine).toContain(
      `npx assets-backup restore ${backup} --stack assets-backup --schema FAC=FAC_IMP --only-type Office --no-comments --approve ${hash}`,
    );
    const [, makeIt, goOn = ''] = two.lastLine.split(/Approve and go on: | && /);
    expect(makeIt).toBe(
      'npx assets-backup watch two --stack assets-backup --json | jq .input > input-of-the-execution.json',
    );
    expect(goOn).toContain('--input input-of-the-execution.json');
  });

  it('names a command line that makes the input file, and that goes on with it', async () => {
    const { run, aws, put } = await prepared();
    put(keys.plan, planSummary({ approvals: ['a change'] }));
    const output = resultOf({ outcome: 'needs-approval', report: null });
    const users = 'users/0123456789abcdef.csv';
    const asked = { folder: backup, include: { objects: ['FAC-1'] }, users, dryRun: true };
    aws.begin('restore', [{ status: 'SUCCEEDED', output }], { input: JSON.stringify(asked), name: 'two' });
    aws.scripts.restore = [{ status: 'SUCCEEDED', output: resultOf() }];
    put(keys.report, report());

    const { input } = (await run(['watch', 'two', '--json'])).io.document();
    const file = join(temporaryFolder(), 'input-of-the-execution.json');
    writeFileSync(file, JSON.stringify(input));
    await run(['restore', backup, '--input', file, '--approve', hash]);

    const [started] = aws.inputsOf('StartExecution');
    expect(JSON.parse(String(started?.input))).toMatchObject({ ...asked, dryRun: false, approve: hash });
  });

  it('says of a run that had nothing to do what it says itself', async () => {
    const { run, aws } = await prepared();
    const message = 'Another execution makes this backup.';
    aws.begin('backup', [{ status: 'SUCCEEDED', output: { madeBy: 'arn', message } }], { name: 'twin' });

    const text = await run(['watch', 'twin']);
    const json = await run(['watch', 'twin', '--json']);

    expect(text).toMatchObject({ exitCode: 0, stdout: `${message}\n` });
    expect(json.io.document()).toMatchObject({ type: 'remark', message, exitCode: 0 });
  });

  it('says so where nothing runs, and where there is no such execution', async () => {
    const { run, aws } = await prepared();
    aws.begin('backup', [done]);

    const nothing = await run(['watch']);
    const unknown = await run(['watch', 'nobody']);
    const foreign = await run(['watch', 'arn:aws:states:eu-central-1:123456789012:execution:Other:x']);

    expect(nothing).toMatchObject({
      exitCode: 0,
      stdout:
        'Nothing runs in the stack assets-backup now. The last runs: npx assets-backup status --stack assets-backup\n',
    });
    for (const { exitCode, stderr } of [unknown, foreign]) {
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/The stack assets-backup has no execution /);
    }
  });

  it('10 for a restore whose input was refused, as AWS says it', async () => {
    const { run, aws } = await prepared();
    const cause = JSON.stringify({ errorType: 'NoSuchBackupError', errorMessage: 'There is no such backup.' });
    aws.begin('restore', [{ status: 'FAILED', error: 'NoSuchBackupError', cause }], { input: '{}', name: 'wrong' });

    expect(await run(['watch', 'wrong'])).toMatchObject({ exitCode: 10, stdout: '' });
  });
});
