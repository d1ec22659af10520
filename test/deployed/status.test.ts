import { describe, expect, it } from 'vitest';
import { manifestKey } from '../../core/backup-format/keys.ts';
import { type Manifest, manifestFile, parseManifest } from '../../core/backup-format/manifest.ts';
import { defaultActivity } from '../../core/model/activity.ts';
import { stackOutputs } from '../../functions/environment.ts';
import { backup, manifest } from '../cli/pretend-product.ts';
import type { Look } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

const partial = '2026-11-24_02-00-00';

/** A stack with a good backup, a newer partial one and one that never ended, and some runs. */
async function prepared({ records = true } = {}) {
  const stack = await pretendStack();
  const { aws, put } = stack;
  const store = (made: Manifest) => {
    const key = manifestKey(made.name);
    const bytes = manifestFile(made);
    put(key, bytes);
    if (records) put(`finished/${made.name}/${parseManifest(key, bytes).seal}.json`, { executionId: 'first' });
  };
  store(manifest());
  store(manifest({ name: partial, status: 'partial' }));
  put('2026-11-25_02-00-00/config/objectschemas.json', []);
  aws.startsAt = new Date('2026-11-23T02:00:00Z');
  aws.begin('backup', [{ status: 'SUCCEEDED', output: { status: 'complete', counts: {} } }], { name: 'first' });
  aws.startsAt = new Date('2026-11-24T02:00:00Z');
  aws.begin('backup', [{ status: 'FAILED', error: 'PartialBackupError', cause: 'x' }], { name: 'second' });
  aws.startsAt = new Date('2026-11-24T08:00:00Z');
  aws.begin('restore', [{ status: 'SUCCEEDED', output: { outcome: 'needs-approval' } }], { name: 'third' });
  return { ...stack, store };
}

describe('status', () => {
  it('shows the last runs, the last good backup, the schedule, the version', async () => {
    const { run } = await prepared();

    const { exitCode, stdout, stderr, lastLine } = await run(['status']);

    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/Stack +assets-backup in eu-central-1$/m);
    expect(stdout).toMatch(/Version +0\.1\.0$/m);
    expect(stdout).toMatch(
      /Schedule +next at \d{4}-\d\d-\d\d 0[01]:00:00 UTC \(cron\(0 2 \* \* \? \*\) in Europe\/Berlin\)$/m,
    );
    expect(stdout).toMatch(
      new RegExp(`Last good backup +${backup}, complete, 11,226 objects, finished about .* ago$`, 'm'),
    );
    expect(stdout.split('\n').filter((line) => / (backup|restore) +(SUCC|FAIL)/.test(line))).toEqual([
      '  restore  SUCCEEDED  needs-approval      2026-11-24 08:00  12:34  third',
      '  backup   FAILED     PartialBackupError  2026-11-24 02:00  12:34  second',
      '  backup   SUCCEEDED  complete            2026-11-23 02:00  12:34  first',
    ]);
    expect(lastLine).toBe(
      `Nothing runs now. Look into the last good backup: npx assets-backup show ${backup} --stack assets-backup`,
    );
  });

  it('says of a last good backup that no record says that this stack made it, and shows none that was put there', async () => {
    const old = await prepared({ records: false });
    expect((await old.run(['status'])).stdout).toMatch(
      new RegExp(`Last good backup +${backup}, complete, .* ago; no record says that it was made here$`, 'm'),
    );
    const { run, put } = await prepared();
    const planted = manifest({ name: '2026-11-26_02-00-00', finishedAt: '2026-11-26T03:00:00.000Z' });
    put(manifestKey(planted.name), manifestFile(planted));
    put(manifestKey('2099-01-01_02-00-00'), manifestFile(manifest({ name: '2099-01-01_02-00-00' })));
    const { io } = await run(['status', '--json']);
    expect(io.document().lastGoodBackup).toMatchObject({ backup, isRecorded: true });
  });

  it.each<[string, Look, RegExp]>([
    [
      'FAILED',
      {
        status: 'FAILED',
        error: 'LoginRefusedError',
        cause: '{"errorType":"LoginRefusedError","errorMessage":"The login was refused."}',
      },
      /^ {2}The login was refused\.$/m,
    ],
    ['TIMED_OUT', { status: 'TIMED_OUT' }, /^ {2}The backup took longer than .*start a new one\.$/m],
    [
      'ABORTED, whatever its output',
      { status: 'ABORTED', output: { status: 'complete' } },
      /^ {2}The backup was stopped/m,
    ],
  ])('says why the newest run ended %s, and how to look into it', async (_, look, sentence) => {
    const { run, aws } = await prepared();
    aws.startsAt = new Date('2026-11-25T02:00:00Z');
    aws.begin('backup', [look], { name: 'newest' });

    const { stdout, lastLine } = await run(['status']);
    const { io } = await run(['status', '--json']);

    expect(stdout).toContain('Why the last run, newest, ended so:\n');
    expect(stdout).toMatch(sentence);
    expect(lastLine).toBe(
      'Nothing runs now, and the last backup failed. See what came of it: npx assets-backup watch newest --stack assets-backup',
    );
    const { executions } = io.document() as { executions: { result: string; message: string | null }[] };
    expect(executions.map(({ result }) => result)).toEqual([
      look.error ?? '',
      'needs-approval',
      'PartialBackupError',
      'complete',
    ]);
    expect(`  ${executions[0]?.message}`).toMatch(sentence);
    expect(executions.map(({ message }) => message).slice(1)).toEqual([null, 'x', null]);
  });

  it('says of a last good backup that it is suspicious', async () => {
    const { run, store } = await prepared();
    const message = 'All schemas together have 249 objects; in 2026-11-23_02-00-00 it was 290.';
    const suspicion = { kind: 'fewer-objects', measure: 'last', against: backup, before: 290, now: 249 } as const;
    store(manifest({ name: '2026-11-25_03-00-00', suspicions: [{ ...suspicion, message }] }));
    expect((await run(['status'])).stdout).toMatch(/Last good backup +2026-11-25_03-00-00, complete, and suspicious, /);
    expect((await run(['status', '--json'])).io.document()).toMatchObject({
      lastGoodBackup: { suspicions: [message] },
    });
  });

  it('counts, as the hourly check does, only backups that have all that the schedule backs up', async () => {
    const { run, aws, store } = await prepared();
    const some = '2026-11-26_02-00-00';
    const options = { objectSchemaKeys: ['FAC'], full: true, activity: true, issueLinks: false, ...defaultActivity };
    store(manifest({ name: some, options }));
    const lastGood = async (input: object) => {
      aws.schedule.Target.Input = JSON.stringify({ ...input, scheduledTime: '<aws.scheduler.scheduled-time>' });
      return (await run(['status', '--json'])).io.document().lastGoodBackup;
    };

    expect(await lastGood({})).toMatchObject({ backup });
    expect(await lastGood({ objectSchemaKeys: ['FAC', 'USERS'] })).toMatchObject({ backup });
    expect(await lastGood({ objectSchemaKeys: ['FAC'] })).toMatchObject({ backup: some });
  });

  it('names a run that goes on, a schedule that is off, and another version', async () => {
    const { run, aws } = await prepared();
    aws.startsAt = new Date();
    aws.begin('backup', [{}]);
    aws.schedule.State = 'DISABLED';
    aws.outputs[stackOutputs.version] = '0.0.9';

    const { stdout, lastLine } = await run(['status']);

    expect(stdout).toMatch(/Version +0\.0\.9; this program is 0\.1\.0$/m);
    expect(stdout).toMatch(/Schedule +disabled: no backup starts by itself/);
    expect(lastLine).toBe('A backup runs now. Follow it: npx assets-backup watch --stack assets-backup');
  });

  it.each([
    ['cron(0 2 L * ? *)', /next at \d{4}-\d\d-\d\d 02:00:00 UTC \(cron\(0 2 L \* \? \*\) in UTC\)$/m],
    ['rate(1 day)', /at a rate of 1 day \(rate\(1 day\) in UTC\)$/m],
    ['cron(0 2 1 1 ? 2020)', /no start in the next nine years \(cron\(0 2 1 1 \? 2020\) in UTC\)$/m],
    ['at(2999-01-01T00:00:00)', /at times that are not read here \(at\(2999-01-01T00:00:00\) in UTC\)$/m],
  ])('says when %s starts next, or why not', async (expression, words) => {
    const { run, aws } = await prepared();
    aws.schedule.ScheduleExpression = expression;
    aws.schedule.ScheduleExpressionTimezone = 'UTC';

    const { stdout } = await run(['status']);

    expect(stdout).toMatch(words);
  });

  it('with --json is one document', async () => {
    const { run } = await prepared();

    const { io } = await run(['status', '--json']);

    expect(io.document()).toMatchObject({
      type: 'status',
      stack: 'assets-backup',
      region: 'eu-central-1',
      version: '0.1.0',
      schedule: { isEnabled: true, timeZone: 'Europe/Berlin', next: expect.any(String), noNext: null },
      lastGoodBackup: { backup, status: 'complete', objects: 11_226 },
      executions: [
        { machine: 'restore', status: 'SUCCEEDED', result: 'needs-approval', milliseconds: 754_000 },
        { machine: 'backup', status: 'FAILED', result: 'PartialBackupError' },
        { machine: 'backup', status: 'SUCCEEDED', result: 'complete', startedAt: '2026-11-23T02:00:00.000Z' },
      ],
      troubles: [],
      exitCode: 0,
    });
  });

  it('says what it may not see, and shows the rest', async () => {
    const { run, aws, s3 } = await prepared();
    s3.before = () => ({ status: 403, code: 'AccessDenied' });
    const noBucket = await run(['status']);
    s3.before = () => undefined;
    aws.fault = (operation) =>
      operation === 'GetSchedule' ? { code: 'AccessDeniedException', message: 'User: me', status: 403 } : undefined;
    const noSchedule = await run(['status']);

    expect(noBucket.stdout).toMatch(/Schedule +next at/);
    expect(noSchedule.stdout).toMatch(/Schedule +not known$/m);
    for (const { exitCode, stdout, stderr, lastLine } of [noBucket, noSchedule]) {
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/Last good backup +not known$/m);
      expect(stdout).toContain('third');
      expect(lastLine).toBe('Nothing runs now. Check the stack: npx assets-backup doctor --stack assets-backup');
      expect(stderr.match(/^Warning: /gm)).toHaveLength(1);
    }
  });

  it('of a new stack points to what comes first', async () => {
    const { run } = await pretendStack();

    const { exitCode, lastLine } = await run(['status']);

    expect(exitCode).toBe(0);
    expect(lastLine).toBe(
      'There is no good backup yet. Check the stack: npx assets-backup doctor --stack assets-backup',
    );
  });
});

describe('reading a stack’s backups', () => {
  it('lists and shows them as those of a folder', async () => {
    const { run } = await prepared();

    const listed = await run(['list']);
    const shown = await run(['show', backup]);
    const json = await run(['list', '--json']);

    expect(listed.stdout).toMatch(new RegExp(`${backup} +complete +11,226 +45 MB +FAC, USERS`));
    expect(listed.lastLine).toMatch(
      /^3 backups in the stack assets-backup, 1 of them not usable\. .* --stack assets-backup$/,
    );
    expect(shown.stdout).toMatch(new RegExp(`Folder +s3://assets-backup-backups/${backup}/$`, 'm'));
    expect(json.io.document()).toMatchObject({ stack: 'assets-backup', region: 'eu-central-1', backups: [{}, {}, {}] });
  });

  it('verifies them: 13 where a file is not there', async () => {
    const { run, put } = await prepared();
    const list = { key: `${backup}/manifest/files-00001.jsonl`, bytes: 3, sha256: 'x', records: 1 };
    put(manifestKey(backup), manifestFile(manifest({ fileLists: [list] })));

    const { exitCode, lastLine } = await run(['verify', backup]);

    expect(exitCode).toBe(13);
    expect(lastLine).toMatch(/is damaged in .*make another: npx assets-backup backup --stack assets-backup$/);
  });
});
