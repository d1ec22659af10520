import { describe, expect, it } from 'vitest';
import { WrongInputError } from '../../core/errors.ts';
import { parseBackupInput } from '../../functions/inputs/backup-input.ts';

function refusalOf(input: unknown): string {
  try {
    parseBackupInput(input);
  } catch (error) {
    if (error instanceof WrongInputError) return error.message;
    throw error;
  }
  throw new Error('The input was taken.');
}

describe("a backup's input", () => {
  it('may be empty, and then means everything', () => {
    const everything = { options: { objectSchemaKeys: null, full: false, activity: true }, scheduledTime: null };
    expect(parseBackupInput({})).toEqual(everything);
    expect(parseBackupInput({ objectSchemaKeys: [] })).toEqual(everything);
    expect(parseBackupInput({ objectSchemaKeys: null, scheduledTime: null })).toEqual(everything);
  });

  it('takes every choice', () => {
    const input = { objectSchemaKeys: ['FAC', ' USERS '], full: true, activity: false };
    const scheduledTime = '2026-11-23T02:00:00Z';
    expect(parseBackupInput({ ...input, scheduledTime })).toEqual({
      options: { ...input, objectSchemaKeys: ['FAC', 'USERS'] },
      scheduledTime,
    });
    expect(parseBackupInput({ full: false }).options.full).toBe(false);
  });

  const wrong: [string, unknown, RegExp][] = [
    ['null', null, /: it must be a JSON object\.$/],
    ['text', 'canary', /: it must be a JSON object\.$/],
    ['a list', ['canary'], /: it must be an object|0 is not a field/],
    ['a number', 7, /: it must be a JSON object\.$/],
    [
      'text for a list of keys',
      { objectSchemaKeys: 'canary' },
      /objectSchemaKeys must be a list of keys, as in \["FAC", "USERS"\]\.$/,
    ],
    ['a number for a key', { objectSchemaKeys: ['FAC', 7] }, /objectSchemaKeys\.1 must be a key, which is text/],
    ['an empty key', { objectSchemaKeys: [' '] }, /objectSchemaKeys\.0 is empty/],
    ['text for yes or no', { full: 'canary' }, /full must be true or false/],
    ['a field that there is not', { objectSchemas: ['canary'] }, /objectSchemas is not a field of a backup/],
    [
      'the placeholder of a schedule',
      { scheduledTime: '<aws.scheduler.canary>' },
      /scheduledTime must be a time, as in "2026/,
    ],
    ['a number for a time', { scheduledTime: 7 }, /scheduledTime must be text/],
    ['several things', { full: 1, activity: 2 }, /full must be true or false; activity must be true or false\.$/],
    [
      "the original's configuration, with its login",
      { siteName: 'https://canary.atlassian.net', username: 'canary', apiToken: 'canary', objectSchemaKeys: ['FAC'] },
      /Revoke this token: it now stands in the execution's history\. Credentials belong in the backup secret/,
    ],
  ];
  it.each(wrong)('is refused with %s, in one sentence that quotes nothing', (_, input, message) => {
    const text = refusalOf(input);
    expect(text).toMatch(message);
    expect(text).toMatch(/^The (backup's input is wrong: |input holds a login)/);
    expect(text.split('\n')).toHaveLength(1);
    expect(text).not.toContain('canary');
  });
});
