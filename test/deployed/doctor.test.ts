import { describe, expect, it } from 'vitest';
import { optionalOutputs, stackOutputs } from '../../functions/environment.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { deployedDefinition } from './deployed-definition.ts';
import { pretendStack } from './stack-command.ts';

/** A stack that is ready. */
async function prepared() {
  const stack = await pretendStack();
  const { aws } = stack;
  for (const machine of ['backup', 'restore'] as const) aws.definitions[machine] = deployedDefinition(machine);
  for (const key of [stackOutputs.backupSecret, stackOutputs.restoreSecret])
    aws.secrets.set(aws.outputs[key] ?? '', '{}');
  aws.checkAnswer = {
    ok: true,
    checks: [
      { name: 'secret', ok: true, detail: 'It holds the settings of a site.', remedy: null },
      { name: 'login', ok: true, detail: 'The site accepts it.', remedy: null },
    ],
  };
  return stack;
}

describe('doctor', () => {
  it('0 where all is ready', async () => {
    const { run, aws } = await prepared();

    const { exitCode, stdout, lastLine } = await run(['doctor']);

    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => line.slice(0, 25).trimEnd())).toEqual(
      expect.arrayContaining([
        '  Check            Result',
        '  login            ok',
        '  backup secret    ok',
        '  restore secret   ok',
        '  schedule         ok',
        '  alarms           ok',
        '  backup machine   ok',
        '  restore machine  ok',
        '  version          ok',
      ]),
    );
    expect(lastLine).toBe('The stack assets-backup is ready: 11 checks, none failed.');
    // What it is, only the function inside can say.
    expect(stdout).toMatch(/backup secret +ok +It has a value\.$/m);
    // A scope that deletes cannot be tried; it stands beside the one secret that it is for.
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /restore secret ok It has a value\. To undo a restore, and for nothing else, a scoped token needs delete:cmdb-object:jira, delete:cmdb-schema:jira, delete:cmdb-type:jira, delete:cmdb-attribute:jira, delete:cmdb-config:jira: that is not tried here\./,
    );
    expect(aws.inputsOf('Invoke')).toEqual([{ FunctionName: 'assets-backup-CheckSetup' }]);
  });

  it('1 with a remedy for each check that fails', async () => {
    const { run, aws } = await prepared();
    aws.secrets.clear();
    aws.schedule.State = 'DISABLED';
    aws.definitions.backup = deployedDefinition('backup').replace('"TimeoutSeconds": 86400', '"TimeoutSeconds": 3600');
    aws.outputs[stackOutputs.version] = '0.0.9';
    aws.checkAnswer = {
      ok: false,
      checks: [
        { name: 'login', ok: false, detail: 'The site refused it.', remedy: 'Use `login --stack NAME`.' },
        { name: 'bucket', ok: false, detail: 'It is gone.', remedy: 'Do npx cdk deploy NAME --revert-drift.' },
      ],
    };

    const { exitCode, stdout, lastLine } = await run(['doctor']);
    const json = await run(['doctor', '--json']);

    expect(exitCode).toBe(1);
    const [, remedies = ''] = stdout.split('What to do (6):\n');
    expect(remedies.split('\n').slice(0, 6)).toEqual([
      '  - login: Use `login --stack assets-backup`.',
      '  - bucket: Do npx cdk deploy assets-backup --revert-drift.',
      '  - backup secret: Fill it: assets-backup login --stack assets-backup',
      '  - schedule: Enable the schedule assets-backup-nightly in EventBridge Scheduler, or deploy the stack again: npx cdk deploy assets-backup --revert-drift',
      '  - backup machine: If it was changed by hand or is of another version, deploy the stack again: npx cdk deploy assets-backup --revert-drift',
      expect.stringMatching(/^ {2}- version: /),
    ]);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('differs from that of this program at TimeoutSeconds.');
    expect(lastLine).toBe(
      '6 of 11 checks failed or could not be made. Do what is said above, then check again: npx assets-backup doctor --stack assets-backup',
    );
    expect(json.io.document()).toMatchObject({ type: 'checks', ok: false, exitCode: 1 });
    expect(json.io.stderr.text).toBe('');
  });

  it.each([
    ['rate(1 day)', 0, /schedule +ok +It is enabled: rate\(1 day\) in Europe\/Berlin, at a rate of 1 day\./],
    [
      'cron(0 2 1 1 ? 2020)',
      1,
      /- schedule: If it was changed by hand, deploy the stack again: .* otherwise mend "schedule"/,
    ],
  ])('sees whether the schedule %s starts anything any more', async (expression, exit, words) => {
    const { run, aws } = await prepared();
    aws.schedule.ScheduleExpression = expression;

    const { exitCode, stdout } = await run(['doctor']);

    expect(exitCode).toBe(exit);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(words);
  });

  it('only hints at a restore secret that is empty', async () => {
    const { run, aws } = await prepared();
    aws.secrets.delete(aws.outputs[stackOutputs.restoreSecret] ?? '');

    const { exitCode, stdout } = await run(['doctor']);

    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'For you to decide (1):\n  - restore secret: Before the first restore: assets-backup login --stack assets-backup --for restore',
    );
  });

  it('says what failed inside, and what it may not see, and checks the rest', async () => {
    const { run, aws } = await prepared();
    aws.checkFails = true;
    aws.checkAnswer = { errorType: 'TypeError', errorMessage: 'x is not a function', trace: [] };
    aws.fault = (operation) =>
      operation === 'DescribeSecret' ? { code: 'AccessDeniedException', message: 'User: me' } : undefined;

    const { exitCode, stdout } = await run(['doctor']);

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/check from inside +failed +The function failed \(TypeError: x is not a function\)\./);
    expect(stdout).toMatch(/backup secret +failed/);
    expect(stdout).toMatch(/schedule +ok/);
  });

  it('sees a machine of which a state was added, or is another kind of thing', async () => {
    const { run, aws } = await prepared();
    const definition = JSON.parse(deployedDefinition('restore')) as { States: Record<string, unknown> };
    aws.definitions.restore = JSON.stringify({ ...definition, States: { ...definition.States, Extra: {} } });
    aws.definitions.backup = '[]';

    const { stdout } = await run(['doctor']);

    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('at States.Extra.');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('at the whole.');
  });

  it('sees a retry that was changed in the console', async () => {
    const { run, aws } = await prepared();
    aws.definitions.backup = deployedDefinition('backup').replace('"MaxAttempts": 10', '"MaxAttempts": 99');

    const { stdout } = await run(['doctor']);

    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('at States.Plan backup.Retry.1.MaxAttempts.');
  });

  it('keeps to 60 columns', async () => {
    const { run } = await prepared();
    const io = new RecordedIo();
    io.stdout.columns = 60;

    await run(['doctor'], io);

    const [table = ''] = io.stdout.text.split('\n\n');
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe('doctor, of who gets the alarms', () => {
  const topic = 'arn:aws:sns:eu-central-1:123456789012:assets-backup-AlarmTopicD01E77F9-a1B2';
  const pending = 'PendingConfirmation';
  const confirmed = `${topic}:0a1b2c3d`;
  const others = 'arn:aws:sns:eu-central-1:210987654321:alarms';
  const named = 'arn:aws:sns:eu-central-1:123456789012:alarms';

  /** @param of the topic, where it is not the stack's own; null: the stack does not say */
  async function looked(subscriptions: readonly (readonly string[])[], of: string | null = topic) {
    const { run, aws } = await prepared();
    aws.subscriptions = subscriptions;
    if (of === null) delete aws.outputs[optionalOutputs.alarmTopic];
    else aws.outputs[optionalOutputs.alarmTopic] = of;
    const { exitCode, stdout, io } = await run(['doctor', '--json']);
    const { checks } = JSON.parse(stdout) as {
      checks: { name: string; ok: boolean; detail: string; remedy: string }[];
    };
    return { exitCode, io, aws, check: checks.find(({ name }) => name === 'alarms') };
  }

  it('asks SNS with the credentials of the operator, in pages, until somebody is known', async () => {
    const { exitCode, aws, check } = await looked([[pending], [pending, confirmed], [pending]]);
    expect(exitCode).toBe(0);
    expect(check).toMatchObject({ ok: true, remedy: null, detail: `Alarms go to ${topic}, and somebody gets them.` });
    const asked = { Action: 'ListSubscriptionsByTopic', TopicArn: topic, Version: '2010-03-31' };
    expect(aws.inputsOf('ListSubscriptionsByTopic')).toEqual([asked, { ...asked, NextToken: '1' }]);
    expect([...aws.keys]).toEqual(['AKIAIOSFODNN7EXAMPLE']);
    expect([...aws.scopes]).toContain('eu-central-1/sns');
  });

  it.each<readonly [string, readonly string[], string, number, boolean, RegExp]>([
    ['a mail that nobody has confirmed', [pending], topic, 1, false, /Follow the link in the mail/],
    ['nobody at all, which may be meant so', [], topic, 0, true, /alarmEmail/],
    ['an unsubscribed one', ['Deleted'], topic, 0, true, /alarmEmail/],
    ['a topic that was named, to which nobody is subscribed', [], named, 1, false, /Subscribe somebody to it in SNS/],
    ['a topic of another account, to which nobody is subscribed', [], others, 1, false, /Subscribe somebody/],
  ])('warns of %s', async (_, subscriptions, of, exit, ok, remedy) => {
    const { exitCode, check } = await looked([subscriptions], of);
    expect(exitCode).toBe(exit);
    expect(check).toMatchObject({ ok, remedy: expect.stringMatching(remedy) });
  });

  it('says of a stack that does not name its topic that it is to be deployed again', async () => {
    const { exitCode, aws, check } = await looked([], null);
    expect(exitCode).toBe(0);
    expect(check).toMatchObject({ ok: true, remedy: expect.stringContaining('npx cdk deploy assets-backup') });
    expect(aws.inputsOf('ListSubscriptionsByTopic')).toEqual([]);
  });

  it.each<readonly [string, string, boolean, RegExp]>([
    ['its own account', topic, false, /^Could not see who gets the alarms: AWS does not allow it\. User: me/],
    ['another account', others, true, /of another account: who is subscribed to it cannot be seen from here/],
  ])('says that it may not look at a topic of %s', async (_, of, ok, detail) => {
    const { run, aws } = await prepared();
    aws.outputs[optionalOutputs.alarmTopic] = of;
    aws.fault = (operation) =>
      operation === 'ListSubscriptionsByTopic'
        ? { code: 'AuthorizationError', message: 'User: me', status: 403 }
        : undefined;
    const { stdout, exitCode } = await run(['doctor', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: { name: string }[] };
    expect(exitCode).toBe(ok ? 0 : 1);
    expect(checks.find(({ name }) => name === 'alarms')).toMatchObject({ ok, detail: expect.stringMatching(detail) });
  });
});
