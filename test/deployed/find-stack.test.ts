import { describe, expect, it, vi } from 'vitest';
import { askAws } from '../../deployed/ask-aws.ts';
import { stackOutputs } from '../../functions/environment.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { type Fault, stackName } from './pretend-aws.ts';
import { pretendStack } from './stack-command.ts';

const refused = (code: string, message = 'no'): Fault => ({ code, message, status: 400 });

describe('the stack', () => {
  it('is found by its name, and its backups by its outputs', async () => {
    const { run, aws, s3 } = await pretendStack();

    const { exitCode, stdout } = await run(['list']);

    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      'There are no backups in the stack assets-backup. Make one: npx assets-backup backup --stack assets-backup\n',
    );
    expect(aws.inputsOf('DescribeStacks')).toMatchObject([{ StackName: stackName }]);
    expect(s3.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it.each([
    ['ExpiredToken', /credentials of AWS have expired.*aws sso login/],
    ['ExpiredTokenException', /credentials of AWS have expired/],
    ['RequestExpired', /credentials of AWS have expired/],
    ['InvalidClientTokenId', /does not accept these credentials/],
    ['SignatureDoesNotMatch', /does not accept these credentials/],
    ['AccessDenied', /AWS does not allow it\. User: me is not authorized to perform: cloudformation:DescribeStacks/],
    ['InternalFailure', /AWS answered InternalFailure: User: me/],
  ])('where AWS says %s: a sentence with what to do, no stack trace, and 1', async (code, sentence) => {
    const { run, aws } = await pretendStack();
    aws.fault = () => refused(code, 'User: me is not authorized to perform: cloudformation:DescribeStacks');

    const { exitCode, stdout, stderr } = await run(['list']);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Could not find the stack assets-backup: /);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
  });

  it('where AWS still asks for fewer requests after all tries', async () => {
    const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });

    await expect(askAws('look', Promise.reject(throttled))).rejects.toThrow(/^Could not look: AWS asks for fewer/);
  });

  it('where there are no credentials', async () => {
    const { run } = await pretendStack();
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);

    const { exitCode, stderr } = await run(['status']);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/there are no credentials of AWS here.*--profile/);
  });

  it('where the profile is not there', async () => {
    const { run } = await pretendStack();
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);

    const { exitCode, stderr } = await run(['status', '--profile', 'nobody']);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/there are no credentials of AWS here, or not under this profile/);
  });

  it('where no region is set', async () => {
    const { run } = await pretendStack();
    vi.stubEnv('AWS_REGION', undefined);

    const without = await run(['list']);
    const withOne = await run(['list', '--region', 'eu-west-1']);

    expect(without.exitCode).toBe(1);
    expect(without.stderr).toMatch(/no region of AWS is set\. Name it with --region/);
    expect(withOne.exitCode).toBe(0);
  });

  it('where nothing answers', async () => {
    const { run, aws } = await pretendStack();
    await aws.stop();

    const { exitCode, stderr } = await run(['list']);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/AWS cannot be reached\..*--region/);
  });

  it('where there is none of this name', async () => {
    const { run, aws } = await pretendStack();
    aws.fault = (operation) =>
      operation === 'DescribeStacks' ? refused('ValidationError', 'Stack with id x does not exist') : undefined;

    const { exitCode, stderr } = await run(['list']);

    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'There is no stack assets-backup in eu-central-1 in this account of AWS. Is it another region (--region) or another account (--profile)?\n',
    );
  });

  it('where it is not one of ours, or is too old', async () => {
    const { run, aws } = await pretendStack();
    const ours = aws.outputs;
    aws.outputs = { Website: 'https://example.com' };
    const foreign = await run(['list']);
    aws.outputs = { ...ours };
    delete aws.outputs[stackOutputs.schedule];
    const old = await run(['list', '--json']);

    expect(foreign.exitCode).toBe(2);
    expect(foreign.stderr).toMatch(/is not one of assets-backup, or was not deployed to its end \(CREATE_COMPLETE\)/);
    expect(old.exitCode).toBe(2);
    expect(old.io.errorDocument()).toMatchObject({
      name: 'StackNotFoundError',
      message: expect.stringMatching(/lacks the outputs BackupSchedule\. Deploy it again .*npx cdk deploy/),
      exitCode: 2,
    });
  });

  it('where a bucket refuses', async () => {
    const { run, s3 } = await pretendStack();
    s3.before = () => ({ status: 403, code: 'AccessDenied' });

    const { exitCode, stderr } = await run(['list'], new RecordedIo());

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/could not be listed \(access denied/);
  });
});
