import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifestKey } from '../../core/backup-format/keys.ts';
import { manifestFile } from '../../core/backup-format/manifest.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';
import { backup, manifest } from '../cli/pretend-product.ts';
import { hash, keys, planSummary, report, resultOf } from '../cli/pretend-restore.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import type { Look } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

/** A stack with a backup, whose next restore does this. */
async function prepared(script: readonly Look[]) {
  const stack = await pretendStack();
  stack.aws.scripts.restore = script;
  stack.put(manifestKey(backup), manifestFile(manifest()));
  stack.put(keys.plan, planSummary());
  stack.put(keys.report, report());
  return stack;
}

const planned = resultOf({ outcome: 'planned', report: null });
const waiting = resultOf({ outcome: 'needs-approval', report: null });

describe('restore --stack', () => {
  it('starts the machine with the input that a person would write, and shows the report', async () => {
    const { run, aws } = await prepared([{ status: 'SUCCEEDED', output: resultOf() }]);

    const { exitCode, stdout, lastLine } = await run(['restore', backup, '--schema', 'FAC=FAC_IMP:My fac']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Report +s3:\/\/assets-backup-work\/restores\/.*\/report\.json$/m);
    expect(lastLine).toMatch(
      /nothing is lost\. .*npx assets-backup plan 2026-11-23_02-00-00 --stack assets-backup --schema 'FAC=FAC_IMP:My fac'$/,
    );
    const [started] = aws.inputsOf('StartExecution');
    const input = JSON.parse(String(started?.input)) as Record<string, unknown>;
    expect(input).toMatchObject({ folder: backup, dryRun: false });
    expect(parseRestoreInput(input).schemas).toEqual([
      { oldObjectSchemaKey: 'FAC', newObjectSchemaKey: 'FAC_IMP', newObjectSchemaName: 'My fac' },
    ]);
  });

  it.each([
    ['restored with losses', resultOf({ outcome: 'restored-with-losses', losses: 2 }), ['restore', backup], 3],
    ['planned', planned, ['plan', backup], 0],
    ['planned by --dry-run', planned, ['restore', backup, '--dry-run'], 0],
    ['waiting for approval', waiting, ['restore', backup], 1],
  ] as const)('%s ends as on this machine', async (_, output, argv, expected) => {
    const { run } = await prepared([{ status: 'SUCCEEDED', output }]);

    const { exitCode, stdout } = await run(argv);

    expect(exitCode).toBe(expected);
    if (output.report === null) expect(stdout).toContain(`--stack assets-backup --approve ${hash}`);
  });

  it.each([
    ['--yes', ['--yes'], undefined, [null, hash], 0],
    ['a yes at a terminal', [], 'y', [null, hash], 0],
    ['a no at a terminal', [], 'n', [null], 1],
  ] as const)(
    '%s: what an execution waits for is started anew with its hash, or not',
    async (_, argv, answer, approvals, expected) => {
      const { run, aws } = await prepared([]);
      const inputs = () => aws.executions.map(({ input }) => JSON.parse(String(input)) as { approve: string | null });
      aws.scripts.restore = [
        {
          status: 'SUCCEEDED',
          get output() {
            const { approve, dryRun } = inputs().at(-1) as ReturnType<typeof parseRestoreInput>;
            return approve === null ? (dryRun ? planned : waiting) : resultOf();
          },
        },
      ];

      const io = new RecordedIo(answer === undefined ? {} : { ask: async () => answer });
      const { exitCode } = await run(['restore', backup, ...argv], io);

      expect(exitCode).toBe(expected);
      expect(inputs().map(({ approve }) => approve)).toEqual(approvals);
    },
  );

  it('14 with the report where there are differences: the execution fails by them', async () => {
    const { run, aws, put } = await prepared([
      { status: 'FAILED', error: 'DifferencesFoundError', cause: 'There are differences.' },
    ]);
    aws.startsAt = new Date('2026-11-24T08:00:00.000Z');
    const begun = aws.begin('restore', aws.scripts.restore, { input: JSON.stringify({ folder: backup }) });
    const id = createHash('sha256').update(begun.executionArn).digest('hex').slice(0, 8);
    const restore = `2026-11-24_08-00-00_${id}`;
    put(restoreKeys(restore).result, resultOf({ restore, outcome: 'differences-found', differences: 1 }));
    const difference = { kind: 'object', source: '88', target: '1088', where: 'ITSM-88', what: 'it differs' } as const;
    put(keys.report, report({ outcome: 'differences-found', differences: [difference], differenceCount: 1 }));

    const { exitCode, stdout } = await run(['watch', begun.name]);

    expect(exitCode).toBe(14);
    expect(stdout).toContain('Differences (1):\n  - ITSM-88: it differs');
  });

  it('puts the files that it is given where the execution finds them', async () => {
    const { run, aws, s3 } = await prepared([{ status: 'SUCCEEDED', output: resultOf() }]);
    const users = join(temporaryFolder(), 'users.csv');
    writeFileSync(users, 'kind,source,target\n');

    const same = join(temporaryFolder(), 'same.csv');
    writeFileSync(same, 'ASSETS-1,none\n');

    await run(['restore', backup, '--users', users, '--same-file', same]);

    const input = JSON.parse(String(aws.inputsOf('StartExecution')[0]?.input)) as Record<'users' | 'sameFile', string>;
    const { users: key, sameFile } = input;
    expect(sameFile).toMatch(/^same\/[0-9a-f]{16}\.csv$/);
    expect(Buffer.from(s3.objects.get(sameFile) ?? []).toString()).toBe('ASSETS-1,none\n');
    expect(key).toMatch(/^users\/[0-9a-f]{16}\.csv$/);
    expect(Buffer.from(s3.objects.get(key) ?? []).toString()).toBe('kind,source,target\n');
  });

  it('does not send the login of an input file to AWS, and says that it is not used', async () => {
    const { run, aws } = await prepared([{ status: 'SUCCEEDED', output: resultOf() }]);
    const input = join(temporaryFolder(), 'in.json');
    writeFileSync(input, JSON.stringify({ folder: backup, siteName: 'x.atlassian.net', apiToken: 'canary-token' }));

    const { exitCode, stderr } = await run(['restore', '--input', input]);

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/The login in .*in\.json is not used: the restore secret of the stack assets-backup/);
    expect(JSON.stringify(aws.requests)).not.toContain('canary-token');
  });

  it('10 before anything is started where there is no such backup', async () => {
    const { run, aws } = await prepared([{}]);

    expect((await run(['restore', '2026-11-22_02-00-00'])).exitCode).toBe(10);
    expect(aws.executions).toEqual([]);
  });

  it('shows the state that it is in', async () => {
    const { run } = await prepared([
      { state: 'Open backup' },
      { state: 'Plan restore' },
      { state: 'Create objects' },
      { state: 'Create objects' },
      { status: 'SUCCEEDED', output: resultOf() },
    ]);

    const { stderr } = await run(['restore', backup]);

    expect(stderr).toMatch(/running\.\nOpen backup \.\.\.\nPlan restore \.\.\.\nCreate objects \.\.\.\n$/);
  });

  it('1 where it succeeded and its output has no outcome', async () => {
    const { run } = await prepared([{ status: 'SUCCEEDED', output: { restore: 'x' } }]);

    const { exitCode, stdout, stderr } = await run(['restore', backup]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/The restore succeeded, but its output could not be read/);
  });

  it('says nothing of what was written where an error of ours ended it, as those come before that too', async () => {
    const { run, aws } = await prepared([{ status: 'FAILED', error: 'RunInProgressError', cause: 'Another run.' }]);
    const ours = await run(['restore', backup]);
    aws.scripts.restore = [{ status: 'FAILED', error: 'Lambda.Unknown', cause: 'Worker process died' }];
    const unknown = await run(['restore', backup]);

    expect(ours.exitCode).toBe(11);
    expect(ours.stderr).not.toContain('What it wrote');
    expect(unknown.stderr).toMatch(
      /\(Lambda\.Unknown\): Worker process died\. What it wrote to the site stays\. Start/,
    );
  });

  it.each<[Look['status'], RegExp]>([
    ['TIMED_OUT', /TIMED_OUT.*What it wrote to the site stays\. Start the same restore again/],
    ['ABORTED', /stopped in AWS.*creates nothing twice/],
  ])('that ended %s is started again', async (status = 'FAILED', sentence) => {
    const { run } = await prepared([{ status }]);

    const { exitCode, stderr } = await run(['restore', backup]);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(sentence);
  });
});
