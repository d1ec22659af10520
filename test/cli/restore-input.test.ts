import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backup } from './pretend-product.ts';
import { hash } from './pretend-restore.ts';
import { run } from './restored.ts';

const canary = 'canary-fc6903cb80d5d64ca76db81c';

/** The example of the original scripts' README; its missing quote is mended, and the folder is one that is there. */
const originalConfig = `{
    "siteName"            : "https://myorganization.atlassian.net",
    "username"            : "cmdb_admin@myorganization.com",
    "apiToken"            : "${canary}",
    "folder"              : "${backup}",
    "objectSchemas"       : [
        {
            "oldObjectSchemaKey"  : "ASSETS",
            "newObjectSchemaKey"  : "ASSETS_IMP",
            "newObjectSchemaName" : "Assets [Imported]"
        }
    ]
}
`;

const imported = {
  oldObjectSchemaKey: 'ASSETS',
  newObjectSchemaKey: 'ASSETS_IMP',
  newObjectSchemaName: 'Assets [Imported]',
};
const site = { siteName: 'https://site-file.atlassian.net', username: 'site@example.com', apiToken: canary };

describe('what a restore is asked for', () => {
  it('is the backup that `latest` stands for, by name from there on: in the line that goes on as well', async () => {
    const said = await run(['plan', 'latest', '--schema', 'FAC']);
    const inFile = await run(['plan', '--input', '@input.json'], { files: { 'input.json': { folder: 'latest' } } });

    for (const { exitCode, asked, stderr, lastLine } of [said, inFile]) {
      expect(exitCode).toBe(0);
      expect(asked?.choices.backup).toBe(backup);
      expect(stderr).toContain(`The latest backup that counts is ${backup}.\n`);
      expect(lastLine).toContain(`restore ${backup} --local`);
    }
    const again = await run(['plan', backup, '--input', '@input.json'], {
      files: { 'input.json': { folder: 'latest' } },
    });
    expect(again.asked?.choices.backup).toBe(backup);
    expect(again.stderr).not.toContain('latest');
  });

  it('is every schema of the backup under its own key, with all that belongs to it', async () => {
    const { exitCode, asked } = await run(['restore', backup]);

    expect(exitCode).toBe(0);
    expect(asked?.settings.siteName).toBe('https://target.atlassian.net');
    expect(asked?.choices).toEqual({
      backup,
      schemas: null,
      processObjects: true,
      processComments: true,
      processHistory: true,
      setAttributeRestrictions: true,
      include: { objectTypes: [], objects: [], attributes: [] },
      onExisting: 'skip',
      changedBy: null,
      changedSince: null,
      intoExisting: false,
      relaxConstraints: false,
      users: null,
      same: [],
      sameFile: null,
      relinkIssues: false,
      whatIsWhole: false,
      dryRun: false,
      approve: null,
    });
  });

  it('is what the options say', async () => {
    const schemas = ['--schema', 'FAC', '--schema', 'HR=HR2', '--schema', 'ASSETS=ASSETS_IMP:Assets: a=b [Imported]'];
    const leftOut = ['--no-comments', '--no-history', '--no-objects', '--no-restrictions'];
    const types = ['--only-type', 'Laptop', '--only-type', 'Mobile phone'];
    const { asked } = await run([
      'restore',
      backup,
      ...schemas,
      ...leftOut,
      ...types,
      '--into-existing',
      '--dry-run',
      '--approve',
      hash.toUpperCase(),
    ]);

    expect(asked?.choices).toMatchObject({
      schemas: [
        { oldObjectSchemaKey: 'FAC', newObjectSchemaKey: 'FAC', newObjectSchemaName: null },
        { oldObjectSchemaKey: 'HR', newObjectSchemaKey: 'HR2', newObjectSchemaName: null },
        { ...imported, newObjectSchemaName: 'Assets: a=b [Imported]' },
      ],
      processObjects: false,
      processComments: false,
      processHistory: false,
      setAttributeRestrictions: false,
      include: { objectTypes: ['Laptop', 'Mobile phone'] },
      intoExisting: true,
      dryRun: true,
      approve: hash,
    });
  });

  it('is no more than a plan with the command `plan`', async () => {
    const { exitCode, asked } = await run(['plan', backup]);

    expect(exitCode).toBe(0);
    expect(asked?.choices.dryRun).toBe(true);
  });

  it('is the original’s importAssets-config.json as it is, login included, with a warning that shows no token', async () => {
    const { exitCode, asked, stdout, stderr } = await run(['restore', '--input', '@import.json'], {
      files: { 'import.json': originalConfig },
      env: { ASSETS_SITE_NAME: 'another.atlassian.net' },
    });

    expect(exitCode).toBe(0);
    expect(asked?.settings).toMatchObject({
      siteName: 'https://myorganization.atlassian.net',
      username: 'cmdb_admin@myorganization.com',
    });
    expect(asked?.settings.apiToken.authorization()).toBe(`Bearer ${canary}`);
    expect(asked?.choices).toMatchObject({ backup, schemas: [imported] });
    expect(stderr).toMatch(/Warning: .*import\.json holds an API token, which does not belong there: .*--site/);
    expect(stdout + stderr + JSON.stringify(asked?.choices)).not.toContain(canary);
  });

  it('takes the login of --site where there is one, and says so', async () => {
    const { asked, stderr } = await run(['restore', '--input', '@import.json', '--site', '@site.json'], {
      files: { 'import.json': originalConfig.replace(canary, 'another'), 'site.json': site },
    });

    expect(asked?.settings.siteName).toBe('https://site-file.atlassian.net');
    expect(stderr).toContain('import.json is not used: --site names the target.');
  });

  it('has a token that is asked for once, also for a login without one in the input', async () => {
    const questions: string[] = [];
    const { apiToken: _, ...login } = site;
    const { asked } = await run(['plan', '--input', '@import.json'], {
      files: { 'import.json': { ...login, folder: backup } },
      env: {},
      askSecret: async (question) => {
        questions.push(question);
        return canary;
      },
    });

    expect(questions).toEqual(['API token of site@example.com for https://site-file.atlassian.net:']);
    expect(asked?.settings.apiToken.authorization()).toBe(`Bearer ${canary}`);
  });

  it('is of the options where file and options differ, and of the file for the rest', async () => {
    const file = {
      folder: `./backups/${backup}/`,
      objectSchemas: [imported],
      processHistory: false,
      include: { objectTypes: ['Phone'], objects: ['ITSM-88'] },
    };
    const { asked } = await run(
      ['restore', backup, '--input', '@import.json', '--schema', 'FAC', '--only-type', 'Laptop', '--no-comments'],
      { files: { 'import.json': file } },
    );

    expect(asked?.choices).toMatchObject({
      backup,
      schemas: [{ oldObjectSchemaKey: 'FAC' }],
      processComments: false,
      processHistory: false,
      include: { objectTypes: ['Laptop'], objects: ['ITSM-88'] },
    });
  });

  it('warns where a settings file of the original backup seems to choose schemas', async () => {
    const { asked, stderr } = await run(['restore', backup, '--site', '@site.json'], {
      files: { 'site.json': { ...site, objectSchemaKeys: ['FAC'] } },
    });

    expect(asked?.choices.schemas).toBeNull();
    expect(stderr).toMatch(/Warning: objectSchemaKeys in .*site\.json chooses what is backed up, not what is restored/);
  });

  it('has its users file in the work store, named by what stands in it', async () => {
    const users = '\ufeffkind,source,target\r\naccount,5b10,5b11\r\n';
    const { asked, directory } = await run(['restore', backup, '--users', '@users.csv'], {
      files: { 'users.csv': users },
    });
    const byInput = await run(['restore', '--input', '@import.json'], {
      files: { 'users.csv': users, 'import.json': { folder: backup, users: 'users.csv' } },
    });
    const key = asked?.choices.users ?? '';

    expect(key).toMatch(/^users\/[0-9a-f]{16}\.csv$/);
    expect(readFileSync(join(directory, '.work', key), 'utf8')).toBe(users.slice(1));
    expect(byInput.asked?.choices.users).toBe(key);
  });

  it('has a file of what is the same in the work store as well', async () => {
    const files = { 'same.csv': 'ASSETS-1,ASSETS-9\n', 'import.json': { folder: backup, sameFile: 'same.csv' } };
    const { asked, directory, lastLine } = await run(['plan', backup, '--same-file', '@same.csv'], { files });
    const byInput = await run(['restore', '--input', '@import.json'], { files });
    const key = asked?.choices.sameFile ?? '';

    expect(key).toMatch(/^same\/[0-9a-f]{16}\.csv$/);
    expect(readFileSync(join(directory, '.work', key), 'utf8')).toBe(files['same.csv']);
    expect(byInput.asked?.choices.sameFile).toBe(key);
    expect(lastLine).toMatch(/ --same-file '[^']+same\.csv' /);
  });

  it('says what is the same, by its options as by its file', async () => {
    const same = [
      { old: 'ASSETS-1', is: 'ASSETS-9' },
      { old: '88', is: 'none' },
    ];
    const { asked } = await run(['restore', backup, '--same', 'ASSETS-1=ASSETS-9', '--same', '88=none']);
    const byInput = await run(['restore', '--input', '@import.json'], {
      files: { 'import.json': { folder: backup, same } },
    });

    expect(asked?.choices.same).toEqual(same);
    expect(byInput.asked?.choices.same).toEqual(same);
  });

  it('may name a users file that is stored already', async () => {
    const { asked } = await run(['restore', '--input', '@import.json'], {
      files: { 'import.json': { folder: backup, users: 'users/0123456789abcdef.csv' } },
    });

    expect(asked?.choices.users).toBe('users/0123456789abcdef.csv');
  });
});

describe('a mistake in what a restore is asked for', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['no backup', [], /Which backup\? Name it as/],
    ['a key that can be none', [backup, '--schema', 'A B'], /needs KEY, OLD=NEW or/],
    ['no new key', [backup, '--schema', 'HR='], /needs KEY, OLD=NEW or/],
    ['no new name', [backup, '--schema', 'HR=HR2: '], /needs KEY, OLD=NEW or/],
    ['a schema twice', [backup, '--schema', 'HR', '--schema', 'HR=HR2'], /The schema HR is named twice/],
    ['two that become one', [backup, '--schema', 'HR', '--schema', 'FAC=HR'], /Two schemas cannot both become HR/],
    ['a hash that is none', [backup, '--approve', 'yes'], /64 hexadecimal digits/],
    ['a type without a name', [backup, '--only-type', '--dry-run'], /needs the name of an object type/],
    ['no path', [backup, '--users', '--dry-run'], /needs a path/],
    ['one object alone', [backup, '--same', 'ASSETS-1'], /It needs OLD=KEY, or OLD=none\./],
    ['three objects', [backup, '--same', 'A-1=A-2=A-3'], /It needs OLD=KEY, or OLD=none\./],
    ['no path of a file', [backup, '--same-file', '--dry-run'], /needs a path/],
    ['an unknown option', [backup, '--overwrite'], /Unknown option '--overwrite'/],
  ])('%s: a sentence, the usage, and 2', async (_, argv, sentence) => {
    for (const command of ['restore', 'plan']) {
      const { exitCode, asked, stderr, stdout } = await run([command, ...argv]);

      expect(exitCode).toBe(2);
      expect(stderr).toMatch(sentence);
      expect(stderr).toContain(`Usage: assets-backup ${command} <backup> (--local DIR`);
      expect(stdout).toBe('');
      expect(asked).toBeUndefined();
    }
  });

  it.each<[string, string | object | undefined, RegExp]>([
    ['is missing', undefined, /There is no file .*import\.json \(--input\)\./],
    ['is no JSON', `{ "apiToken": "${canary}" oops }`, /import\.json is not valid JSON at line 1, column \d+\./],
    ['is no object', [canary], /import\.json \(--input\) must be a JSON object\./],
    ['names another backup', { folder: '2020-01-01_00-00-00' }, /Which backup\? .*leave one of them out/],
    ['names no backup', { folder: 4711 }, /"folder" in .* must be the name of a backup/],
    ['has an unknown field', { folder: backup, tokn: canary }, /import\.json: .*tokn/],
    ['has a login of the wrong kind', { folder: backup, siteName: 'http://example.com' }, /import\.json: .*https/],
    ['says half of what is the same', { folder: backup, same: [{ old: 'A-1' }] }, /import\.json: .*same\.0\.is/],
    ['names no users file', { folder: backup, users: 'none.csv' }, /There is no file .*none\.csv \("users" in/],
  ])('an input file that %s: a sentence without what stands there, and 2', async (_, content, sentence) => {
    const { exitCode, asked, stderr } = await run(['restore', backup, '--input', '@import.json'], {
      files: content === undefined ? {} : { 'import.json': content },
    });

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain(canary);
    expect(asked).toBeUndefined();
  });

  it('a users file that is missing: a sentence, and 2', async () => {
    const { exitCode, stderr } = await run(['restore', backup, '--users', '@none.csv']);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^There is no file .*none\.csv \(--users\)\.\n$/);
  });

  it('a backup that is not there: 10, before anybody is asked for a token', async () => {
    const askSecret = () => Promise.reject(new Error('It asks.'));
    for (const name of ['2020-01-01_00-00-00', 'newest']) {
      const { exitCode, asked } = await run(['restore', name], { env: { ASSETS_SITE_NAME: 'x.example' }, askSecret });
      expect(exitCode).toBe(10);
      expect(asked).toBeUndefined();
    }
    const byFile = await run(['plan', '--input', '@import.json'], {
      files: { 'import.json': { folder: '2020-01-01_00-00-00' } },
    });
    expect(byFile.exitCode).toBe(10);
  });
});
