import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { harmless } from '../../core/harmless.ts';
import { shellWord } from '../../core/shell-word.ts';

/** A process gets no NUL, and no half of a character, in a word. */
const words = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc
      .array(fc.constantFrom(...'a=~ \'"\\$`!#;&|*?[(<{\n\t\u001b\u0085\u009b\u202eu2é'), { maxLength: 8 })
      .map((all) => all.join('')),
  )
  .filter((word) => !word.includes('\0'));

it('is one word for a shell, and the very same one, also as it is shown', async () => {
  await fc.assert(
    fc.property(fc.array(words, { minLength: 200, maxLength: 200 }), (all) => {
      const line = harmless(`printf '%s\\0' ${all.map(shellWord).join(' ')}`);
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      const read = execFileSync('bash', ['-c', line], { env, encoding: 'utf8' });
      expect(read.split('\0').slice(0, -1)).toEqual(all);
    }),
    { numRuns: 20 },
  );
});

it.each([
  ['2026-11-23_02-00-00', '2026-11-23_02-00-00'],
  ['./back ups', "'./back ups'"],
  ['ASSETS=ASSETS_IMP:Assets [Imported]', "'ASSETS=ASSETS_IMP:Assets [Imported]'"],
  ["it's", `'it'\\''s'`],
  // The Z shell looks for a command `x`.
  ['=x', "'=x'"],
  ['', "''"],
  ['up\u202eside', "$'up\\u202eside'"],
])('%j is written %s', (word, written) => {
  expect(shellWord(word)).toBe(written);
});
