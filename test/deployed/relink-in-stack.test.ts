import { describe, expect, it } from 'vitest';
import type { RestoreResult } from '../../core/model/restore.ts';
import type { RelinkReport } from '../../core/restore/issues/report-relink.ts';
import { keys, report, restoreName, resultOf } from '../cli/pretend-restore.ts';
import type { Look } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

const restored = '2026-11-22_03-00-00_1a2b3c4d';
const { target, startedAt, finishedAt, requests } = report();
const relinkReport: RelinkReport = {
  ...{ restore: restoreName, relink: restored, backup: '2026-11-21_02-00-00', target: target.siteName },
  ...{ startedAt, finishedAt, requests, writtenBy: 'assets-backup', outcome: 'restored' },
  issues: { issues: 12, fields: 12, already: 1, others: 0, lost: 0, places: [] },
  ...{ losses: [], lossCount: 0, lossGroups: [], notices: [], lines: `${keys.root}issues.jsonl` },
};
const done: RestoreResult = { ...resultOf(), relink: restored, issues: 12 };

async function prepared(script: readonly Look[]) {
  const stack = await pretendStack();
  stack.aws.scripts.restore = script;
  stack.put(keys.report, relinkReport);
  return stack;
}

describe('relink --stack', () => {
  it("starts the restore's machine with the input that a person would write, and shows the report", async () => {
    const { run, aws } = await prepared([{ status: 'SUCCEEDED', output: done }]);
    const { exitCode, stdout, lastLine } = await run(['relink', restored]);
    expect(exitCode).toBe(0);
    const [started] = aws.inputsOf('StartExecution');
    expect(JSON.parse(String(started?.input))).toEqual({ relink: restored, dryRun: false });
    expect(stdout).toMatch(/Every field +s3:\/\/assets-backup-work\/restores\/.*\/issues\.jsonl$/m);
    expect(lastLine).toMatch(/^Linked again: 12 issues hold what was made .*, 1 field held it already\./);
  });

  it('is shown by watch, with its result and exit code', async () => {
    const { run, aws } = await prepared([]);
    const script = [{ status: 'SUCCEEDED', output: { ...done, outcome: 'restored-with-losses' } }] as const;
    const { executionArn } = aws.begin('restore', script, { input: JSON.stringify({ relink: restored }) });
    const { exitCode, stdout } = await run(['watch', executionArn]);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('Linked again: 12 issues');
  });
});
