import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asMeant, csvText, parseCsv } from '../../core/csv.ts';
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
    '-1.50',
    "'-1",
    '-1x',
    '-1.',
    '@x',
    '\tz',
    "'=x",
    "''@x",
    '＝x',
    'a; =x',
    'a;"=x',
    '\\u202e',
    '\\\\u0020',
    '\u202e\u009b',
  ),
  fc
    .array(fc.constantFrom(...'=+-@＝－\'";,\\u205c0 \t\r\n\u00a0\u202e\u0085ax'), { maxLength: 12 })
    .map((characters) => characters.join('')),
);
const tables = fc.array(fc.array(values, { minLength: 1, maxLength: 5 }), { maxLength: 8 });

describe('CSV', () => {
  it('is read back as it was written', async () => {
    await fc.assert(
      fc.property(tables, (rows) => {
        expect(parseCsv(csvText(rows)).map((row) => row.map(asMeant))).toEqual(rows);
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

  it('has quotes only where they are needed, and shows what it has made harmless', () => {
    expect(csvText([['a', '=1+1', 'b c', 'd"e', 'f@', 'g-1']])).toBe(`a,'=1+1,b c,"d""e",f@,g-1\r\n`);
    expect(csvText([['-1', '-2.50', '-1+1', '+1', '-1\n', '--1', '-.5']])).toBe(
      `-1,-2.50,'-1+1,'+1,'-1\\u000a,'--1,'-.5\r\n`,
    );
    expect(csvText([['-x', '＠y', 'up\u202eside', '\tz', ' s', 'a;=b']])).toBe(
      `'-x,'＠y,up\\u202eside,\\u0009z,\\u0020s,a\\u003b=b\r\n`,
    );
  });

  it('gives a spreadsheet no formula, also where `;` separates there, and nothing that cannot be seen', async () => {
    await fc.assert(
      fc.property(tables, (rows) => {
        const text = csvText(rows);
        const behindSemicolons = text.split('\r\n').flatMap((line) => line.split(';').slice(1));
        for (const cell of parseCsv(text).flat()) expect(cell).not.toMatch(/^\s*(?!-\d+(?:\.\d+)?$)[=+\-@＝＋－＠]/u);
        for (const cell of behindSemicolons) expect(cell).not.toMatch(/^["'\s]*[=+\-@＝＋－＠]/u);
        expect(text.replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['CORP\\ubeef', 'CORP\\ubeef'],
    ["'quoted", "'quoted"],
    ["'=x", '=x'],
    ['=x', '=x'],
    ['\\u202E', '\u202e'],
  ])('%j of a person is %j', (cell, value) => {
    expect(asMeant(cell)).toBe(value);
  });

  it.each([',', ';', '\t'])('is read with %j between values, as spreadsheets of some country save it', (separator) => {
    const rows = [
      ['from', 'to', 'kind'],
      ['acc-1', 'acc-2', 'account, left out; or not'],
    ];
    const text = rows.map((row) => row.map((value) => `"${value}"`).join(separator)).join('\r\n');
    expect(parseCsv(text)).toEqual(rows);
    expect(parseCsv(`from${separator}to\nacc-1${separator}acc-2`)).toEqual([rows[0]?.slice(0, 2), ['acc-1', 'acc-2']]);
  });

  it('has several texts of a cell on lines of their own, each harmless by itself, also where `;` separates', async () => {
    expect(csvText([['k', ['a', '=1', 'b\nc'], []]])).toBe(`k,"a\n'=1\nb\\u000ac",\r\n`);
    const cells = fc.array(fc.oneof(values, fc.array(values, { minLength: 1, maxLength: 3 })), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.property(fc.array(cells, { maxLength: 5 }), (rows) => {
        const text = csvText(rows);
        const read = parseCsv(text).map((row) => row.map((cell) => cell.split('\n').map(asMeant)));
        expect(read).toEqual(rows.map((row) => row.map((cell) => [cell].flat())));
        for (const line of text.split(/[\n;]/)) expect(line).not.toMatch(/^["\s]*[=+@＝＋－＠]/u);
      }),
      { numRuns: 1000 },
    );
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
