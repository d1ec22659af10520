import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Ask } from '../../cli/command-line-io.ts';
import { optionalOutputs, stackOutputs } from '../../functions/environment.ts';
import { siteOfSeed } from '../../simulator/seeds/site-of-seed.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { pretendStack } from './stack-command.ts';

const token = 'canary-fc6903cb80d5d64ca76db81c';
const username = 'backup@example.com';

/** A stack with empty secrets, and a site that takes this login. */
async function prepared() {
  const site = siteOfSeed('large:3');
  if (!site) throw new Error('There is no such seed.');
  const simulator = await startSimulator({ site, login: { username, apiToken: token } });
  onTestFinished(() => simulator.close());
  const stack = await pretendStack();
  const login = { siteName: simulator.url, username, apiToken: token, apiUrl: simulator.url };
  const file = join(temporaryFolder(), 'site.json');
  return {
    ...stack,
    url: simulator.url,
    login,
    file,
    write: (fields: object) => writeFileSync(file, JSON.stringify(fields), { mode: 0o600 }),
    secret: (key: string) => stack.aws.secrets.get(stack.aws.outputs[key] ?? ''),
  };
}

/** A person who gives these answers, one after another, and what was asked. */
function person(answers: readonly string[], env: Record<string, string> = {}) {
  const left = [...answers];
  const asked: string[] = [];
  const ask: Ask = async (question) => {
    asked.push(question);
    return left.shift() ?? '';
  };
  return { io: new RecordedIo({ ask, askSecret: ask, env }), asked };
}

describe('login', () => {
  it('of a file is tried on the site and stored in the secret of backups', async () => {
    const { run, secret, login, write, file, url } = await prepared();
    write({ ...login, expires: '2099-01-31' });

    const { exitCode, stdout, stderr } = await run(['login', '--site', file]);

    expect(stderr).toBe(`Trying the login on ${url} ...\n`);
    expect(exitCode).toBe(0);
    expect(JSON.parse(secret(stackOutputs.backupSecret) ?? '')).toEqual({ ...login, expires: '2099-01-31' });
    expect(secret(stackOutputs.restoreSecret)).toBeUndefined();
    expect(stdout).toBe(
      `${url} accepts the login of ${username}; it is now the backup login of the stack assets-backup. Check the stack: npx assets-backup doctor --stack assets-backup\n`,
    );
  });

  it('--for restore fills the other secret; the document names no token', async () => {
    const { run, secret, login, write, file, url } = await prepared();
    write(login);

    const { io } = await run(['login', '--for', 'restore', '--site', file, '--json']);

    expect(secret(stackOutputs.backupSecret)).toBeUndefined();
    expect(JSON.parse(secret(stackOutputs.restoreSecret) ?? '')).toEqual(login);
    expect(io.document()).toMatchObject({ type: 'login', for: 'restore', site: url, username, login: 'basic' });
    expect(io.stdout.text + io.stderr.text).not.toContain(token);
  });

  it('--for drill fills the third, with the day on which its token expires, which doctor tells', async () => {
    const { run, aws, secret, login, write, file } = await prepared();
    aws.makeDrills();
    write({ ...login, expires: '2099-01-31' });

    const { io, stdout } = await run(['login', '--for', 'drill', '--site', file]);

    for (const key of [stackOutputs.backupSecret, stackOutputs.restoreSecret]) expect(secret(key)).toBeUndefined();
    expect(JSON.parse(secret(optionalOutputs.drillSecret) ?? '')).toEqual({ ...login, expires: '2099-01-31' });
    expect(stdout).toContain('it is now the drill login of the stack assets-backup. Check the stack: ');
    expect(io.stdout.text + io.stderr.text).not.toContain(token);
  });

  it('of restores asks for no day of expiry and stores none, as nobody is warned before it', async () => {
    const { run, secret, login, write, file, url } = await prepared();
    const { io, asked } = person([url, username, token], { ASSETS_API_URL: url });
    await run(['login', '--for', 'restore'], io);
    const typed = secret(stackOutputs.restoreSecret) ?? '';
    write({ ...login, expires: '2099-01-31' });
    const { exitCode, stderr } = await run(['login', '--for', 'restore', '--site', file]);

    expect(asked.map((question) => question.split(' ')[0])).toEqual(['Address', 'E-mail', 'API']);
    expect(JSON.parse(typed)).toEqual(login);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/Warning: expires in .* is not stored: nobody is warned/);
    expect(JSON.parse(secret(stackOutputs.restoreSecret) ?? '')).toEqual(login);
  });

  it('asks for all of it where nothing is given, and again for what cannot be used', async () => {
    const { run, secret, login, url } = await prepared();
    const { io, asked } = person(
      ['http://example.com', url, `${username}`, ' ', ` ${token} `, '31.1.2099', '2020-01-31', '2099-01-31'],
      { ASSETS_API_URL: url },
    );

    const { exitCode, stderr, stdout } = await run(['login'], io);

    expect(stderr).toMatch(/"siteName" must begin with https:\/\//);
    expect(stderr).toMatch(/The API token \(apiToken\) is empty/);
    expect(stderr).toMatch(/The settings field "expires" must be a date/);
    expect(stderr).toMatch(/The token expired on 2020-01-31/);
    expect(exitCode).toBe(0);
    expect(asked.map((question) => question.split(' ')[0])).toEqual([
      'Address',
      'Address',
      'E-mail',
      'API',
      'API',
      'Day',
      'Day',
      'Day',
    ]);
    expect(JSON.parse(secret(stackOutputs.backupSecret) ?? '')).toEqual({ ...login, expires: '2099-01-31' });
    expect(stdout + stderr).not.toContain(token);
  });

  it('takes the environment for what a file lacks, and asks for a missing token alone', async () => {
    const { run, secret, login, write, file } = await prepared();
    write({ siteName: login.siteName, apiUrl: login.apiUrl });
    const { io, asked } = person([token], { ASSETS_USERNAME: username });

    const { exitCode } = await run(['login', '--site', file], io);

    expect(exitCode).toBe(0);
    expect(asked).toEqual(['API token (it is not shown):']);
    expect(JSON.parse(secret(stackOutputs.backupSecret) ?? '')).toEqual(login);
  });

  it('stores nothing where the site refuses: 12, and a sentence', async () => {
    const { run, aws, login, write, file } = await prepared();
    write({ ...login, apiToken: 'another-token' });

    const { exitCode, stdout, stderr } = await run(['login', '--site', file]);

    expect(exitCode).toBe(12);
    expect(stderr).toMatch(/Nothing was stored\.\n.*login was refused/);
    expect(stdout).toBe('');
    expect(aws.secrets.size).toBe(0);
    expect(stderr).not.toContain('another-token');
  });

  it.each([
    ['no site', { siteName: 'http://127.0.0.1:9', apiUrl: 'http://127.0.0.1:9' }, 1, /127\.0\.0\.1:9/],
    ['an expired token', { expires: '2020-01-31' }, 2, /The token expired on 2020-01-31/],
    ['an unknown field', { password: 'x' }, 2, /"password" is not known/],
  ])('stores nothing of %s', async (_, fields, expected, sentence) => {
    const { run, aws, login, write, file } = await prepared();
    write({ ...login, ...fields });

    const { exitCode, stderr } = await run(['login', '--site', file]);

    expect(exitCode).toBe(expected);
    expect(stderr).toMatch(sentence);
    expect(aws.secrets.size).toBe(0);
  });

  it('without a terminal says what is missing', async () => {
    const { run, login, write, file } = await prepared();
    write({ siteName: login.siteName });

    const nothing = await run(['login']);
    const noToken = await run(['login', '--site', file]);

    expect(nothing.exitCode).toBe(2);
    expect(nothing.stderr).toMatch(/Nobody sits at a terminal.*--site FILE.*ASSETS_SITE_NAME.*ASSETS_API_TOKEN/);
    expect(noToken.exitCode).toBe(2);
    expect(noToken.stderr).toMatch(/The API token is missing: .*"apiToken".*ASSETS_API_TOKEN/);
  });

  it('says that a list of schemas is not stored, and stores the rest', async () => {
    const { run, secret, login, write, file } = await prepared();
    write({ ...login, objectSchemaKeys: ['FAC'] });

    const { exitCode, stderr } = await run(['login', '--site', file]);

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/Warning: objectSchemaKeys in .* is not stored/);
    expect(JSON.parse(secret(stackOutputs.backupSecret) ?? '')).toEqual(login);
  });

  it('130 where a person gives up at a question', async () => {
    const { run, aws } = await prepared();
    const giveUp: Ask = async () => {
      throw Object.assign(new Error('gone'), { name: 'AbortError' });
    };

    const { exitCode } = await run(['login'], new RecordedIo({ ask: giveUp, askSecret: giveUp }));

    expect(exitCode).toBe(130);
    expect(aws.secrets.size).toBe(0);
  });

  it('asks nothing where the stack cannot be found', async () => {
    const { run, aws } = await prepared();
    aws.fault = () => ({ code: 'ExpiredToken', message: 'expired' });
    const { io, asked } = person([]);

    expect((await run(['login'], io)).exitCode).toBe(1);
    expect(asked).toEqual([]);
  });
});
