import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText, parseCsv } from '../../core/csv.ts';
import { WrongInputError } from '../../core/errors.ts';

const values = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    '"',
    '""',
    ',',
    ';',
    'a;b',
    '\r',
    '\n',
    '\r\n',
    'x\ry',
    '\ufeff',
    ' a ',
    '=1+1',
    '-1',
    '@x',
    '\tz',
  ),
);
const tables = fc.array(fc.array(values, { minLength: 1, maxLength: 5 }), { maxLength: 8 });

describe('CSV', () => {
  it('is read back as it was written', async () => {
    await fc.assert(
      fc.property(tables, (rows) => {
        expect(parseCsv(csvText(rows))).toEqual(rows);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      '\ufeffa,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a;b\n"c;,";d',
      [
        ['a', 'b'],
        ['c;,', 'd'],
      ],
    ],
    ['a,b;c\nd;e', [['a', 'b;c'], ['d;e']]],
    ['"a;b",c', [['a;b', 'c']]],
    ['"a""b","c\r\nd",\n\n,', [['a"b', 'c\r\nd', ''], [''], ['', '']]],
    ['a"b,"c"d\n', [['a"b', 'cd']]],
    ['', []],
  ])('%j', (text, rows) => {
    expect(parseCsv(text)).toEqual(rows);
  });

  it('has quotes only where they are needed, and leaves formulas alone', () => {
    expect(csvText([['a', '=1+1', 'b c', 'd"e', '@f']])).toBe('a,=1+1,b c,"d""e",@f\r\n');
  });

  it('with an open quote is refused by line', () => {
    expect(() => parseCsv('a,b\n"c\nd",e\nf,"g\nh')).toThrow(WrongInputError);
    expect(() => parseCsv('a,b\n"c\nd",e\nf,"g\nh')).toThrow('line 4');
    expect(() => parseCsv('"')).toThrow('line 1');
  });

  it('of any text is read or refused, never anything else', async () => {
    await fc.assert(
      fc.property(
        fc.array(values).map((parts) => parts.join('')),
        (text) => {
          try {
            parseCsv(text);
          } catch (error) {
            expect(error).toBeInstanceOf(WrongInputError);
          }
        },
      ),
    );
  });
});
