import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wrapped } from '../../cli/output/wrapped.ts';
import { shellCommand } from '../../core/shell-word.ts';

it('breaks lines between words, and indents what follows as the line', () => {
  expect(wrapped('  - make the attribute ASSETS / Laptop: Note\nshort', 24)).toBe(
    '  - make the attribute\n    ASSETS / Laptop:\n    Note\nshort',
  );
  expect(wrapped('Objects  /a/very/long/path/that/stays/whole on', 12)).toBe(
    'Objects\n/a/very/long/path/that/stays/whole\non',
  );
});

it('loses no word, and makes no line wider than a word must be', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 });
  const property = fc.property(words, fc.integer({ min: 10, max: 60 }), fc.nat(4), (list, width, indent) => {
    const lines = wrapped(`${' '.repeat(indent)}${list.join(' ')}`, width).split('\n');
    expect(lines.flatMap((line) => line.trim().split(/ +/))).toEqual(list);
    for (const line of lines) expect(line.length <= width || !line.trim().includes(' ')).toBe(true);
  });
  fc.assert(property);
});

it('gives a command line lines of its own, which a shell takes for one', () => {
  const line = `Backed up; nothing is missing. Check it: ${shellCommand('verify', '2026-11-23_02-00-00', '--local', './back ups')}`;
  expect(wrapped(line, 60)).toBe(
    [
      'Backed up; nothing is missing. Check it:',
      '  npx assets-backup verify 2026-11-23_02-00-00 --local \\',
      "    './back ups'",
    ].join('\n'),
  );
  expect(wrapped(line, 120)).toBe(line);
  expect(wrapped('`npx assets-backup list --help` says more of it.', 30)).toBe(
    '`npx assets-backup list\n--help` says more of it.',
  );
});

it('changes no word of a command line, whatever the words and the width', () => {
  const word = fc.oneof(
    fc.constantFrom("it's", 'back ups', '--site', '', "up\u202eside's \\ way"),
    fc.stringMatching(/^[a-z= ]{1,20}$/),
  );
  const cases = fc.tuple(fc.array(word, { minLength: 1, maxLength: 8 }), fc.integer({ min: 20, max: 100 }));
  fc.assert(
    fc.property(fc.array(cases, { minLength: 30, maxLength: 30 }), (all) => {
      const script = all
        .map(([words, width]) => wrapped(`Go on: ${shellCommand(...words)}`, width).replace(/^Go on:\s+/, ''))
        .join('\n');
      const said = execFileSync('bash', ['-c', `npx() { printf '%s\\0' "$@" $'\\n'; }\n${script}`], {
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
        encoding: 'utf8',
      });
      const expected = all.map(([words]) => ['assets-backup', ...words, '\n'].map((one) => `${one}\0`).join(''));
      expect(said).toBe(expected.join(''));
    }),
    { numRuns: 20 },
  );
});
