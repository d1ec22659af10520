import { describe, expect, it } from 'vitest';
import { resultOf } from '../../core/backup/finish-backup.ts';
import { manifestKey } from '../../core/backup-format/keys.ts';
import { type Manifest, manifestFile, parseManifest } from '../../core/backup-format/manifest.ts';
import * as errors from '../../core/errors.ts';
import type { Gap } from '../../core/model/outcome.ts';
import { backup, manifest } from '../cli/pretend-product.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import type { Look } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

const gap = (kind: Gap['kind']): Gap => ({ kind, what: `${kind} of FAC`, error: 'E', reason: 'the site answered 503' });

/** The result of the steps, as it stands in an execution's output. */
const outputOf = (made: Manifest) => resultOf({ addressOf: (key) => `s3://assets-backup-backups/${key}` }, made);

/** A stack whose next backup does this, and has stored `made` where one is given. */
async function prepared(script: readonly Look[], made?: Manifest) {
  const stack = await pretendStack();
  stack.aws.scripts.backup = script;
  stack.aws.startsAt = new Date('2026-11-23T02:00:00.250Z');
  if (made) stack.put(manifestKey(backup), manifestFile(made));
  return stack;
}

describe('backup --stack', () => {
  it('starts the machine, follows it, and shows what was stored', async () => {
    const { run, aws } = await prepared([{}, { status: 'SUCCEEDED', output: outputOf(manifest()) }], manifest());

    const { exitCode, stdout, lastLine } = await run(['backup']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/ FAC +Facilities +2 +1,204 +FAC\/$/m);
    expect(stdout).toMatch(new RegExp(`Folder +s3://assets-backup-backups/${backup}/$`, 'm'));
    expect(stdout).toMatch(/Execution +arn:aws:states:eu-central-1:123456789012:execution:Backup:command-/);
    expect(lastLine).toBe(
      `Backed up 11,226 objects of 2 schemas; nothing is missing. Check it: npx assets-backup verify ${backup} --stack assets-backup`,
    );
    const [started] = aws.inputsOf('StartExecution');
    expect(started).toMatchObject({ stateMachineArn: expect.stringContaining('stateMachine:Backup'), input: '{}' });
    expect(started?.name).toMatch(/^command-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{8}$/);
  });

  it('gives the execution what the options say, and nothing else', async () => {
    const { run, aws } = await prepared([{ status: 'SUCCEEDED', output: outputOf(manifest()) }], manifest());

    await run(['backup', '--schemas', 'FAC,USERS', '--no-activity']);

    expect(aws.inputsOf('StartExecution')).toMatchObject([
      { input: '{"objectSchemaKeys":["FAC","USERS"],"activity":false}' },
    ]);
  });

  it('is told to read all history and comments anew', async () => {
    const { run, aws } = await prepared([{ status: 'SUCCEEDED', output: outputOf(manifest()) }], manifest());

    await run(['backup', '--full']);

    expect(aws.inputsOf('StartExecution')).toMatchObject([{ input: '{"full":true}' }]);
  });

  it('with --json is one document that names the execution', async () => {
    const { run } = await prepared([{ status: 'SUCCEEDED', output: outputOf(manifest()) }], manifest());

    const { io } = await run(['backup', '--json']);

    expect(io.document()).toMatchObject({
      type: 'backup',
      backup,
      status: 'complete',
      folder: `s3://assets-backup-backups/${backup}/`,
      execution: expect.stringMatching(/^arn:aws:states:.*:execution:Backup:command-/),
      exitCode: 0,
    });
    expect(io.stderr.text).toBe('');
  });

  it('3 with the gaps where there are any', async () => {
    const made = manifest({ status: 'complete-with-gaps', gaps: [gap('history')] });
    const { run } = await prepared([{ status: 'SUCCEEDED', output: outputOf(made) }], made);

    const { exitCode, stdout } = await run(['backup']);

    expect(exitCode).toBe(3);
    expect(stdout).toContain('Gaps (1):\n  - history of FAC: the site answered 503');
  });

  it('1 with what is there and what is missing where the backup is partial: the execution fails by it', async () => {
    const made = manifest({ status: 'partial', gaps: [gap('objects')] });
    const cause = 'The backup is partial.';
    const { run } = await prepared([{ status: 'FAILED', error: 'PartialBackupError', cause }], made);

    const { exitCode, stdout } = await run(['backup']);

    expect(exitCode).toBe(1);
    expect(stdout).toContain('partial: some configuration or objects are missing');
    expect(stdout).toContain('objects of FAC: the site answered 503');
  });

  it('the same where the backup has another name than its start, because that was taken', async () => {
    const name = '2026-11-23_02-00-03';
    const made = manifest({ name, status: 'partial', gaps: [gap('objects')] });
    const cause = 'The backup is partial.';
    const { run, put, aws } = await prepared([]);
    const bytes = manifestFile(made);
    put(`${backup}/config/objectschemas.json`, []);
    put(manifestKey(name), bytes);
    const look = { status: 'FAILED', error: 'PartialBackupError', cause } as const;
    const { executionArn: executionId } = aws.begin('backup', [look], { name: 'taken' });
    put(`finished/${name}/${parseManifest(manifestKey(name), bytes).seal}.json`, { executionId });

    const { exitCode, stdout } = await run(['watch', 'taken']);

    expect(exitCode).toBe(1);
    expect(stdout).toContain(name);
    expect(stdout).toContain('objects of FAC: the site answered 503');
  });

  it('1 with the sentence of a partial backup whose manifest cannot be read', async () => {
    const { run } = await prepared([{ status: 'FAILED', error: 'PartialBackupError', cause: 'It is partial.' }]);

    const { exitCode, stderr } = await run(['backup']);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/It is partial\.\n {2}because of NoSuchBackupError: There is no backup/);
  });

  const lambda = (errorType: string, errorMessage: string) => JSON.stringify({ errorType, errorMessage, trace: [] });

  it.each([
    ['RunInProgressError', 11],
    ['LoginRefusedError', 12],
    ['EmptySecretError', 12],
    ['NoSuchBackupError', 10],
    ['DamagedBackupError', 13],
    ['WrongInputError', 2],
    ['SiteUnavailableError', 1],
  ])('%s of a step is %i, with its own sentence and the execution', async (error, expected) => {
    const { run } = await prepared([{ status: 'FAILED', error, cause: lambda(error, 'So it was, and do this.') }]);

    const text = await run(['backup']);
    const json = await run(['backup', '--json']);

    expect(text.exitCode).toBe(expected);
    expect(text.stderr).toMatch(/So it was, and do this\.\nThe execution in AWS: arn:aws:states:.*\n$/);
    expect(text.stderr).not.toContain('errorMessage');
    expect(text.stdout).toBe('');
    expect(json.io.errorDocument()).toMatchObject({
      name: error,
      message: 'So it was, and do this.',
      exitCode: expected,
      execution: expect.stringContaining(':execution:Backup:'),
    });
  });

  it('every error of ours keeps its exit code through an execution', async () => {
    const ours = Object.values(errors).flatMap((exported) =>
      exported.prototype instanceof errors.AssetsBackupError
        ? [Reflect.construct(exported, ['x']) as errors.AssetsBackupError]
        : [],
    );
    const stack = await prepared([]);
    for (const { name, exitCode } of ours) {
      stack.aws.scripts.backup = [{ status: 'FAILED', error: name, cause: 'A sentence.' }];
      const ended = await stack.run(['backup']);
      expect(ended).toMatchObject({ exitCode, stdout: '' });
      // It says itself what to do, and may have come before anything was stored.
      expect(ended.stderr).not.toContain('not a backup');
    }
  });

  it.each<[string, Look, RegExp]>([
    [
      'an error of AWS',
      { status: 'FAILED', error: 'States.Timeout' },
      /The backup failed \(States\.Timeout\)\. What it/,
    ],
    [
      'a fault of ours',
      { status: 'FAILED', error: 'TypeError', cause: lambda('TypeError', 'x is not a function') },
      /The backup failed \(TypeError\): x is not a function\. What it/,
    ],
    [
      'the machine’s time',
      { status: 'TIMED_OUT' },
      /took longer than its state machine allows.*TIMED_OUT.*start a new/,
    ],
    [
      'somebody',
      { status: 'ABORTED', error: 'Maintenance', cause: 'the site is down' },
      /was stopped in AWS \(ABORTED\): Maintenance: the site is down\. What it.*start a new one/,
    ],
  ])('1, and what to do, where %s ended it', async (_, look, sentence) => {
    const { run } = await prepared([{}, look]);

    const { exitCode, stderr, stdout } = await run(['backup']);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stderr).toContain('not a backup');
    expect(stdout).toBe('');
  });

  it.each([undefined, {}, { message: 7 }])('1 where it succeeded and its output is %j', async (output) => {
    const { run } = await prepared([{ status: 'SUCCEEDED', ...(output && { output }) }]);

    const { exitCode, stdout, stderr } = await run(['backup']);

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/The backup succeeded, but its output could not be read.*`assets-backup list`/);
  });

  it('shows its maps and the state that runs', async () => {
    const maps = { ExportConfiguration: [4, 4], ExportObjects: [1200, 300] } as const;
    const { run } = await prepared(
      [
        { state: 'Plan backup' },
        { state: 'Export objects of every type', maps },
        { status: 'SUCCEEDED', output: outputOf(manifest()), maps: { ...maps, ExportObjects: [1200, 1200] } },
      ],
      manifest(),
    );
    const plain = new RecordedIo();
    const live = new RecordedIo({ columns: 100 });

    await run(['backup'], plain);
    await run(['backup'], live);

    expect(plain.stderr.text.replaceAll(/in \d+:\d\d(:\d\d)?\./g, 'in TIME.').split('\n')).toEqual([
      'Backing up in the stack assets-backup',
      expect.stringMatching(/^Execution command-.*; Ctrl-C leaves it running\.$/),
      'Plan backup ...',
      'Configuration: 4 schemas to read.',
      'Configuration: 4 schemas read in TIME.',
      'Objects: 1,200 batches to read.',
      'Export objects of every type ...',
      'Objects: 1,200 batches read in TIME.',
      '',
    ]);
    expect(live.stderr.text).toMatch(/Configuration .*100% 4/);
    expect(live.stderr.text).toMatch(/Objects .*100% 1,200/);
  });

  it('is followed all the same where its progress may not be seen, which is said once', async () => {
    const { run, aws } = await prepared(
      [{}, {}, {}, { status: 'SUCCEEDED', output: outputOf(manifest()) }],
      manifest(),
    );
    aws.fault = (operation) =>
      operation === 'GetExecutionHistory' ? { code: 'AccessDeniedException', message: 'not you' } : undefined;

    const { exitCode, stderr } = await run(['backup']);

    expect(exitCode).toBe(0);
    expect(stderr.match(/Warning: Could not read the execution history/g)).toHaveLength(1);
    expect(stderr).toContain('followed all the same');
  });

  it('says how to take it up where AWS refuses in the middle', async () => {
    const { run, aws } = await prepared([{}]);
    aws.fault = (operation) =>
      operation === 'DescribeExecution' && (aws.executions[0]?.looks ?? 0) > 2
        ? { code: 'ExpiredTokenException', message: 'The security token included in the request is expired' }
        : undefined;

    const { exitCode, stderr } = await run(['backup', '--region', 'eu-central-1']);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /credentials of AWS have expired\..* The backup goes on in AWS\. Take it up again: npx assets-backup watch command-\S+ --stack assets-backup --region eu-central-1\n/,
    );
  });

  it('starts nothing where it may not', async () => {
    const { run, aws } = await prepared([{}]);
    aws.fault = (operation) =>
      operation === 'StartExecution' ? { code: 'AccessDeniedException', message: 'User: me may not' } : undefined;

    const { exitCode, stderr } = await run(['backup']);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Could not start the backup: AWS does not allow it\. User: me may not\.$/m);
    expect(aws.executions).toEqual([]);
  });
});
