import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyPaths } from '../../../adapters/disk/key-path.ts';

const paths = new KeyPaths(['logs']);
const pathOf = (key: string) => paths.encode(key.split('/')).join('/');
const keyOf = (path: string) =>
  path
    .split('/')
    .map((name, depth) => paths.decode(name, depth))
    .join('/');

/** Whole keys of what is dangerous somewhere, and of anything else. */
const anyKey = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('/', '.', '..', '%', '\\', ' ', 'CON', 'nul', '.work', 'logs', 'a', '%2E', ':', '\0'))
    .map((parts) => parts.join('')),
);

describe('key to path', () => {
  test.each([
    ['2026-11-23_02-00-00/FAC/objects/Größe & Farbe (1)_17.00001.json', undefined],
    ['a/.hidden', undefined],
    ['a/logs/.work', undefined],
    ['a/b.', 'a/b%2E'],
    ['a/b ', 'a/b%20'],
    ['a/../b', 'a/.%2E/b'],
    ['../b', '%2E%2E/b'],
    ['./b', '%2E/b'],
    ['/etc/passwd', '%_/etc/passwd'],
    ['a//b/', 'a/%_/b/%_'],
    ['C:\\Windows', 'C%3A%5CWindows'],
    ['100%', '100%25'],
    ['a\u0000b\n', 'a%00b%0A'],
    ['a/CON', 'a/%43ON'],
    ['a/nul.tar.gz', 'a/%6Eul.tar.gz'],
    ['a/console', undefined],
    ['.work/tmp', '%2Ework/tmp'],
    ['logs/today', '%6Cogs/today'],
    ['LOGS/today', '%4COGS/today'],
    ['logsbook', undefined],
  ])('writes %j', (key, path) => {
    expect(pathOf(key)).toBe(path ?? key);
  });

  test.each(['.DS_Store', '.work', 'logs', '100%.txt', '%41', 'con', 'trailing.', '%2e'])(
    'does not take %j at the top for a key',
    (name) => {
      expect(paths.decode(name, 0)).toBeUndefined();
    },
  );

  test('gives every key back', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(keyOf(pathOf(key))).toBe(key);
      }),
      { numRuns: 2_000 },
    );
  });

  test('writes no name that a disk refuses, reads in its own way, or keeps for the program', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        for (const [depth, name] of pathOf(key).split('/').entries()) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
          expect(name).not.toMatch(/[<>:"\\|?*\u0000-\u001f\u007f]|[. ]$|^$|^(con|prn|aux|nul|(com|lpt)\d) *(\.|$)/i);
          if (depth === 0) expect(name).not.toMatch(/^\.|^logs$/i);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
