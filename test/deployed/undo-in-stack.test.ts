import { describe, expect, it } from 'vitest';
import type { RestoreResult } from '../../core/model/restore.ts';
import type { UndoPlanSummary, UndoReport } from '../../core/model/undo.ts';
import { hash, keys, report, restoreName, resultOf } from '../cli/pretend-restore.ts';
import type { Look } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

const undone = '2026-11-22_03-00-00_1a2b3c4d';
const { target, startedAt, finishedAt, requests } = report();
const told = {
  ...{ restore: restoreName, undo: undone, backup: '2026-11-21_02-00-00', hash },
  counts: { deleted: { object: 3, schema: 1 }, setBackObjects: 2, setBackAttributes: 4, restrictions: 0 },
  ...{ stays: [], stayCount: 0, stayGroups: [], stayFiles: [] },
} as const;
const plan: UndoPlanSummary = {
  ...told,
  target: target.siteName,
  ...{ requests: 40, minutes: 1, approvals: ['3 objects that the restore has made will be deleted'] },
  ...{ warnings: [], notices: [], itemFiles: [keys.items(1)] },
};
const undoReport: UndoReport = {
  ...told,
  ...{ target, startedAt, finishedAt, requests, writtenBy: 'assets-backup', outcome: 'restored' },
  ...{ compared: 6, differences: [], differenceCount: 0, notices: [] },
};
const done: RestoreResult = { ...resultOf(), undo: undone, deleted: 3 };
const waiting: RestoreResult = { ...resultOf({ outcome: 'needs-approval', report: null }), undo: undone };

async function prepared(script: readonly Look[]) {
  const stack = await pretendStack();
  stack.aws.scripts.restore = script;
  stack.put(keys.plan, plan);
  stack.put(keys.report, undoReport);
  return stack;
}

describe('undo --stack', () => {
  it("starts the restore's machine with the input that a person would write, and shows the report", async () => {
    const { run, aws } = await prepared([{ status: 'SUCCEEDED', output: done }]);
    const { exitCode, stdout, lastLine } = await run(['undo', undone, '--approve', hash]);
    expect(exitCode).toBe(0);
    const [started] = aws.inputsOf('StartExecution');
    expect(JSON.parse(String(started?.input))).toEqual({ undo: undone, dryRun: false, approve: hash });
    expect(stdout).toMatch(/Report +s3:\/\/assets-backup-work\/restores\/.*\/report\.json$/m);
    expect(lastLine).toBe(
      'Undone: 3 objects and 1 other thing deleted, 2 objects set back; nothing of the restore is left.',
    );
  });

  it('that waits for approval ends with 1 and the line that goes on, and is started again by --yes', async () => {
    const { run, aws } = await prepared([{ status: 'SUCCEEDED', output: waiting }]);
    const { exitCode, lastLine } = await run(['undo', undone]);
    expect(exitCode).toBe(1);
    expect(lastLine).toContain(`npx assets-backup undo ${undone} --stack assets-backup --approve ${hash}`);
    aws.scripts.restore = [
      {
        status: 'SUCCEEDED',
        get output() {
          const { approve } = JSON.parse(String(aws.executions.at(-1)?.input)) as { approve: string | null };
          return approve === null ? waiting : done;
        },
      },
    ];
    expect((await run(['undo', undone, '--yes'])).exitCode).toBe(0);
    expect(JSON.parse(String(aws.executions.at(-1)?.input))).toMatchObject({ undo: undone, approve: hash });
  });

  it('is shown by watch, with its result and exit code', async () => {
    const { run, aws } = await prepared([]);
    const script = [{ status: 'SUCCEEDED', output: { ...done, outcome: 'restored-with-losses' } }] as const;
    const { executionArn } = aws.begin('restore', script, { input: JSON.stringify({ undo: undone }) });
    const { exitCode, stdout } = await run(['watch', executionArn]);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('Undone: 3 objects');
  });
});
