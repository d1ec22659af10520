import { describe, expect, it } from 'vitest';
import { WrongInputError } from '../../core/errors.ts';
import { restoreInputOf } from '../../core/model/restore.ts';
import { choiceRows } from '../../functions/inputs/restore-choices.ts';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';

/** The example of the original scripts' README, without its login. */
const importConfig = {
  folder: '2022-06-16_10-41-30',
  objectSchemas: [
    { oldObjectSchemaKey: 'ASSETS', newObjectSchemaKey: 'ASSETS_IMP', newObjectSchemaName: 'Assets [Imported]' },
  ],
};
const hash = '0123456789abcdef'.repeat(4);

function refusalOf(input: unknown): string {
  try {
    parseRestoreInput(input);
  } catch (error) {
    if (error instanceof WrongInputError) return error.message;
    throw error;
  }
  throw new Error('The input was taken.');
}

describe("a restore's input", () => {
  it("may be the original's import config, and has the original's defaults", () => {
    expect(parseRestoreInput(importConfig)).toEqual({
      backup: '2022-06-16_10-41-30',
      schemas: importConfig.objectSchemas,
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

  it('takes every choice, and choices make an input again', () => {
    const input = {
      ...importConfig,
      processObjects: false,
      processComments: false,
      processHistory: false,
      setAttributeRestrictions: false,
      include: { objectTypes: ['Laptop'], objects: ['ASSETS-7', '88'], attributes: ['<none>'] },
      onExisting: 'update',
      changedBy: 'acc-1',
      changedSince: '2026-11-27T18:00:00+01:00',
      intoExisting: true,
      relaxConstraints: true,
      users: 'users.csv',
      dryRun: true,
      approve: hash.toUpperCase(),
    };
    const choices = parseRestoreInput(input);
    expect(choices).toMatchObject({ include: input.include, intoExisting: true, users: 'users.csv', approve: hash });
    expect(choices).toMatchObject({ onExisting: 'update', changedSince: '2026-11-27T17:00:00.000Z' });
    for (const some of [choices, parseRestoreInput(importConfig), parseRestoreInput({ folder: importConfig.folder })]) {
      expect(parseRestoreInput(JSON.parse(JSON.stringify(restoreInputOf(some))))).toEqual(some);
    }
  });

  it('may have the field that plans of 0.1.0 printed, which says nothing', () => {
    const input = { ...importConfig, include: { objects: ['88'], missing: false } };
    expect(parseRestoreInput(input)).toEqual(parseRestoreInput({ ...importConfig, include: { objects: ['88'] } }));
  });

  it.each(choiceRows)('is checked in its field %s', (field) => {
    const [outer = '', inner] = field.split('.');
    const wrong = { canary: 'canary' };
    const message = refusalOf({ ...importConfig, [outer]: inner === undefined ? wrong : { [inner]: wrong } });
    expect(message).toContain(`: ${field} `);
    expect(message).not.toContain('canary');
  });

  it.each([
    '2026-11-23_02-00-00',
    '2026-11-23_02-00-00/',
    './backups/2026-11-23_02-00-00',
    'C:\\backups\\2026-11-23_02-00-00\\',
    ' 2026-11-23_02-00-00 ',
  ])('takes the backup from the end of the path %j', (folder) => {
    expect(parseRestoreInput({ folder }).backup).toBe('2026-11-23_02-00-00');
  });

  it('means every schema where it names none, and the old key where it names no new one', () => {
    const { folder } = importConfig;
    expect(parseRestoreInput({ folder }).schemas).toBeNull();
    expect(parseRestoreInput({ folder, objectSchemas: [] }).schemas).toBeNull();
    expect(parseRestoreInput({ folder, objectSchemas: [{ oldObjectSchemaKey: 'FAC' }] }).schemas).toEqual([
      { oldObjectSchemaKey: 'FAC', newObjectSchemaKey: 'FAC', newObjectSchemaName: null },
    ]);
  });

  it('is refused with a login in it, and no value of it is quoted', () => {
    const login = {
      siteName: 'https://canary-site.atlassian.net',
      username: 'canary@example.com',
      apiToken: 'canary-token-5f2c',
    };
    const message = refusalOf({ ...login, ...importConfig });
    expect(message).toMatch(/Revoke this token: it now stands in the execution's history/);
    expect(message).toMatch(/Credentials belong in the restore secret/);
    expect(message).not.toMatch(/canary/);
    expect(refusalOf({ apiToken: '', ...importConfig })).toMatch(/Revoke/);
    // Nothing has to be revoked where only a name was given.
    expect(refusalOf({ username: login.username, ...importConfig })).toMatch(/^The input holds .*\(username\)/);
    expect(refusalOf({ username: login.username, ...importConfig })).not.toMatch(/Revoke|canary/);
  });

  const wrong: [string, object, RegExp][] = [
    ['no folder', { folder: undefined }, /folder is missing/],
    [
      'the placeholder of the folder',
      { folder: '<folder where the backup is stored>' },
      /folder still holds the placeh/,
    ],
    [
      'a folder that is no backup',
      { folder: './backups' },
      /folder must be the name of a backup, as in 2026-.* or "latest"/,
    ],
    ['a path with only slashes', { folder: '//' }, /folder must be the name of a backup/],
    ['a schema without its key', { objectSchemas: [{}] }, /objectSchemas\.0\.oldObjectSchemaKey is missing/],
    [
      'the placeholders of a schema',
      {
        objectSchemas: [
          { oldObjectSchemaKey: '<object schema key1>', newObjectSchemaName: '<new object schema name1>' },
        ],
      },
      /objectSchemas\.0\.oldObjectSchemaKey still holds .*; objectSchemas\.0\.newObjectSchemaName still holds/,
    ],
    [
      'one schema twice',
      { objectSchemas: ['A', 'B', 'A'].map((key, at) => ({ oldObjectSchemaKey: key, newObjectSchemaKey: `N${at}` })) },
      /objectSchemas has the same oldObjectSchemaKey in its entries 1 and 3/,
    ],
    [
      'one new key twice, once by default',
      { objectSchemas: [{ oldObjectSchemaKey: 'A' }, { oldObjectSchemaKey: 'B', newObjectSchemaKey: 'A' }] },
      /objectSchemas has the same newObjectSchemaKey in its entries 1 and 2/,
    ],
    ['a field that there is not', { proccessObjects: true }, /proccessObjects is not a field of a restore/],
    ['another such field', { include: { types: [] } }, /include\.types is not a field of a restore/],
    ['text for yes or no', { dryRun: 'yes' }, /dryRun must be true or false/],
    ['text for a list', { include: { objects: 'ASSETS-7' } }, /include\.objects must be a list/],
    ['overwriting', { onExisting: 'overwrite' }, /onExisting must be one of skip, update, fail/],
    [
      'an account that narrows nothing',
      { changedBy: 'acc-1' },
      /it has changedBy, which is of use only where "onExisting"/,
    ],
    [
      'a time likewise',
      { changedSince: '2026-11-27', onExisting: 'fail' },
      /it has changedSince, which is of use only/,
    ],
    [
      'an e-mail address',
      { changedBy: 'a@b.example', onExisting: 'update' },
      /changedBy must be an account id, such as/,
    ],
    ['a name of a person', { changedBy: 'Jane Doe', onExisting: 'update' }, /changedBy must be an account id, such as/],
    ['a time without its zone', { changedSince: '2026-11-27T18:00' }, /changedSince must be a time with its zone/],
    ['what is no choice', { include: { missing: true } }, /include\.missing is no choice any more: .*leave it out/],
    ['the placeholder of the approval', { approve: '<plan hash>' }, /approve still holds the placeholder/],
    ['half a hash', { approve: hash.slice(32) }, /approve must be the 64 hex digits/],
  ];
  it.each(wrong)('is refused with %s', (_, change, message) => {
    const text = refusalOf(JSON.parse(JSON.stringify({ ...importConfig, ...change })));
    expect(text).toMatch(message);
    expect(text.split('\n')).toHaveLength(1);
    expect(text).not.toMatch(/yes|ASSETS-7|"overwrite"|\.\/backups/);
  });

  it.each([null, [], 'ASSETS', 7, undefined])('is refused where it is %j', (input) => {
    expect(refusalOf(input)).toMatch(/^The restore's input is wrong: .*(must be a JSON object|folder is missing)/);
  });
});
