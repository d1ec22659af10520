import { expect, it } from 'vitest';
import { manifestFile } from '../../core/backup-format/manifest.ts';
import { optionalOutputs } from '../../functions/environment.ts';
import { manifest } from '../cli/pretend-product.ts';
import { pretendStack } from './stack-command.ts';

const older = '2026-11-22_02-00-00';
const newer = '2026-11-23_02-00-00';

async function stackWithBackups() {
  const stack = await pretendStack();
  for (const name of [older, newer]) stack.put(`${name}/manifest.json`, manifestFile(manifest({ name })));
  return stack;
}

it('`list` of a stack that prunes says why each backup is kept, as the function that prunes sees it', async () => {
  const { aws, run } = await stackWithBackups();
  aws.outputs[optionalOutputs.pruneFunction] = 'assets-backup-PruneBackups';
  aws.invoked = () => ({
    ...{ dryRun: true, keep: {}, timeZone: 'UTC', heldBack: [], unfinished: { kept: [], deleted: [] }, left: [] },
    kept: [{ backup: newer, reasons: ['newest of all schemas', 'locked until 2027-01-01T00:00:00.000Z'] }],
    deleted: [{ backup: older, files: 1, bytes: 2 }],
    outOfTime: false,
  });
  const { stdout, exitCode } = await run(['list']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(
    [
      'Why each is kept:',
      '  Backup               Because',
      `  ${older}  no rule keeps it: the next pruning deletes it`,
      `  ${newer}  newest of all schemas; locked until 2027-01-01T00:00:00.000Z`,
    ].join('\n'),
  );
  expect(aws.inputsOf('Invoke')).toEqual([expect.objectContaining({ Payload: { dryRun: true, seconds: 240 } })]);
});

it('`list` of a stack says the rest where who asks may not call that function, or there is none', async () => {
  const { aws, run } = await stackWithBackups();
  expect(await run(['list'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(aws.inputsOf('Invoke')).toEqual([]);

  aws.outputs[optionalOutputs.pruneFunction] = 'assets-backup-PruneBackups';
  const refusal = { code: 'AccessDeniedException', message: 'not authorized', status: 403 };
  aws.fault = (operation) => (operation === 'Invoke' ? refusal : undefined);
  const { stdout, stderr, exitCode } = await run(['list']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(newer);
  expect(stdout).not.toContain('Why each is kept');
  expect(stderr).toMatch(/^Warning: Why each backup is kept cannot be said: /);
});
