import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wrapped } from '../../cli/output/wrapped.ts';

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
