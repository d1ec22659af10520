import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import type { LocalBackupOptions } from '../../local/local-backup.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const canary = 'canary-fc6903cb80d5d64ca76db81c';

/** The example of the original scripts' README, as it stands there. */
const originalConfig = `{
    "siteName"            : "https://myorganization.atlassian.net",
    "username"            : "cmdb_admin@myorganization.com",
    "apiToken"            : "${canary}",
    "objectSchemaKeys"    : [ "FAC", "USERS", "ASSETS"]
}
`;

const settingsFile = { siteName: 'https://file.atlassian.net', username: 'file@example.com', apiToken: canary };

interface Attempt {
  readonly file?: string | object;
  readonly mode?: number;
  readonly argv?: readonly string[];
  readonly env?: Record<string, string>;
  readonly askSecret?: (question: string) => Promise<string>;
}

/** Runs a backup with these settings; gives what the product was asked for, and what was written. */
async function attempt({ file, mode = 0o600, argv = [], env = {}, askSecret }: Attempt) {
  const folder = temporaryFolder();
  const path = join(folder, 'site settings.json');
  if (file !== undefined) writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  if (file !== undefined) chmodSync(path, mode);
  let asked: LocalBackupOptions | undefined;
  const { product } = pretendProduct();
  const io = new RecordedIo({ env, ...(askSecret && { askSecret }) });
  const exitCode = await runCommandLine(
    ['backup', '--local', join(folder, 'backups'), ...(file === undefined ? [] : ['--site', path]), ...argv],
    io,
    {
      ...product,
      backUp: (options) => {
        asked = options;
        return product.backUp(options);
      },
    },
  );
  expect(io.stdout.text + io.stderr.text).not.toContain(canary);
  return { exitCode, asked, stderr: io.stderr.text };
}

const loginOf = (asked: LocalBackupOptions | undefined) => asked?.settings.apiToken.authorization();

describe('the settings of a site', () => {
  it('are the original’s backupAssets-config.json as it is, with its schemas', async () => {
    const { exitCode, asked } = await attempt({ file: originalConfig });

    expect(exitCode).toBe(0);
    expect(asked?.settings).toMatchObject({
      siteName: 'https://myorganization.atlassian.net',
      username: 'cmdb_admin@myorganization.com',
      apiUrl: 'https://api.atlassian.com',
    });
    expect(asked?.objectSchemaKeys).toEqual(['FAC', 'USERS', 'ASSETS']);
    expect(loginOf(asked)).toBe(`Bearer ${canary}`);
  });

  it('choose every schema where nothing names any, and --schemas goes before the file', async () => {
    const every = await attempt({ file: settingsFile });
    const chosen = await attempt({ file: originalConfig, argv: ['--schemas', 'HR, FAC,HR'] });

    expect(every.asked?.objectSchemaKeys).toBeNull();
    expect(chosen.asked?.objectSchemaKeys).toEqual(['HR', 'FAC']);
  });

  it('come from the environment alone', async () => {
    const { asked } = await attempt({
      env: {
        ASSETS_SITE_NAME: 'env.atlassian.net',
        ASSETS_USERNAME: 'env@example.com',
        ASSETS_API_TOKEN: canary,
        ASSETS_API_URL: 'https://gateway.example.com',
        ASSETS_AUTH: 'scoped',
      },
    });

    expect(asked?.settings).toMatchObject({
      siteName: 'https://env.atlassian.net',
      username: 'env@example.com',
      apiUrl: 'https://gateway.example.com',
      auth: 'scoped',
    });
  });

  it('of the file go before the environment, which fills what the file lacks', async () => {
    const { asked } = await attempt({
      file: { siteName: 'https://file.atlassian.net' },
      env: { ASSETS_SITE_NAME: 'env.atlassian.net', ASSETS_USERNAME: 'env@example.com', ASSETS_API_TOKEN: canary },
    });

    expect(asked?.settings).toMatchObject({ siteName: 'https://file.atlassian.net', username: 'env@example.com' });
    expect(loginOf(asked)).toBe(`Bearer ${canary}`);
  });

  it('take an empty variable for one that is not set', async () => {
    const { asked } = await attempt({ file: settingsFile, env: { ASSETS_AUTH: '', ASSETS_API_URL: '' } });

    expect(asked?.settings.apiUrl).toBe('https://api.atlassian.com');
  });

  it('may lack the token, which a person is asked for', async () => {
    const questions: string[] = [];
    const { asked } = await attempt({
      file: { ...settingsFile, apiToken: undefined },
      askSecret: async (question) => {
        questions.push(question);
        return ` ${canary}\n`;
      },
    });

    expect(questions).toEqual(['API token of file@example.com for https://file.atlassian.net:']);
    expect(loginOf(asked)).toBe(`Bearer ${canary}`);
  });

  it('end with 130 where the person presses Ctrl-C at the question', async () => {
    const { exitCode, asked } = await attempt({
      file: { ...settingsFile, apiToken: undefined },
      askSecret: async () => {
        throw Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' });
      },
    });

    expect(exitCode).toBe(130);
    expect(asked).toBeUndefined();
  });

  it.each<[string, Attempt, RegExp]>([
    ['no site', {}, /Which site\?.*--site.*ASSETS_SITE_NAME/],
    [
      'no token and nobody to ask',
      { file: { ...settingsFile, apiToken: undefined } },
      /token is missing.*ASSETS_API_TOKEN/,
    ],
    ['no JSON', { file: `{ "apiToken": "${canary}" oops }` }, /is not valid JSON at line 1, column \d+\./],
    ['no JSON that a parser would quote', { file: canary }, /is not valid JSON/],
    ['no object', { file: '"text"' }, /must be a JSON object/],
    ['an unknown field', { file: { ...settingsFile, tokn: canary } }, /site settings\.json: .*"tokn"/],
    ['the template as it is', { file: { ...settingsFile, apiToken: '<Atlassian API Token>' } }, /placeholder/],
    ['no secure address', { file: { ...settingsFile, siteName: 'http://example.com' } }, /https/],
  ])('that have %s are wrong: a sentence, and 2', async (_, settings, sentence) => {
    const { exitCode, stderr, asked } = await attempt(settings);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(asked).toBeUndefined();
  });

  it('may begin with the mark that Windows editors write', async () => {
    expect((await attempt({ file: `\ufeff${originalConfig}` })).exitCode).toBe(0);
  });

  it.each([
    [0o644, true],
    [0o640, true],
    [0o604, true],
    [0o600, false],
    [0o400, false],
  ])('in a file of mode %o with a token: warning %s', async (mode, isWarned) => {
    const { stderr, exitCode } = await attempt({ file: settingsFile, mode });

    expect(exitCode).toBe(0);
    expect(/Warning: .*chmod 600 '.*site settings\.json'/.test(stderr)).toBe(isWarned);
  });

  it('in an open file without a token are nobody’s secret', async () => {
    const { stderr } = await attempt({
      file: { siteName: 'https://file.atlassian.net' },
      mode: 0o644,
      env: { ASSETS_API_TOKEN: canary },
    });

    expect(stderr).not.toContain('Warning');
  });

  it('whose file is missing or a folder: a sentence, and 2', async () => {
    for (const [site, sentence] of [
      ['/no/such/file.json', 'There is no file'],
      [temporaryFolder(), 'is a folder'],
    ] as const) {
      const { exitCode, stderr } = await attempt({ argv: ['--site', site] });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(sentence);
    }
  });
});
