import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText, parseCsv } from '../../../../core/csv.ts';
import { WrongInputError } from '../../../../core/errors.ts';
import { parseUsersFile, usersTemplate } from '../../../../core/restore/values/users-map.ts';

const names = fc.string({ minLength: 1, maxLength: 10 }).map((name) => `n${name}`.trim());

describe('users file', () => {
  it('is read with header, comments, blank lines, and empty targets for those left out', () => {
    const text = 'From,To,why\n5b10a,6c20b,moved\r\n\n "site admins" ,,left out\n"IT, all",it-all\n,,\n';
    expect([...parseUsersFile(text).accounts]).toEqual([
      ['5b10a', '6c20b'],
      ['"site admins"', null],
      ['IT, all', 'it-all'],
    ]);
    expect([...parseUsersFile('a;b\nfrom;to').accounts]).toEqual([
      ['a', 'b'],
      ['from', 'to'],
    ]);
  });

  it('gives back whatever was mapped', async () => {
    await fc.assert(
      fc.property(fc.dictionary(names, fc.option(names)), (wanted) => {
        const rows = Object.entries(wanted).map(([from, to]) => [from, to ?? '', 'comment']);
        const { accounts } = parseUsersFile(csvText([['from', 'to'], ...rows, ...rows]));
        expect([...accounts]).toEqual(Object.entries(wanted));
      }),
    );
  });

  it('made as a template means whom the site has, also once a spreadsheet has stored it', async () => {
    const whoever = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
      fc
        .array(fc.constantFrom(...'=+-@＋\'" ;,\\u202e\t\r\n\u202e\u009bax'), { minLength: 1, maxLength: 8 })
        .map((all) => all.join('')),
    );
    await fc.assert(
      fc.property(fc.uniqueArray(whoever), fc.uniqueArray(whoever), (accounts, groups) => {
        const wanted = new Map([...accounts, ...groups].map((name) => [name, null]));
        const template = usersTemplate({ accounts, users: [], groups });
        expect(parseUsersFile(template).accounts).toEqual(wanted);
        const storedWithSemicolons = parseCsv(template)
          .map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')}\n`)
          .join('');
        expect(parseUsersFile(storedWithSemicolons).accounts).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });

  it('fills in what stands in a column of the template', () => {
    const [, row = []] = parseCsv(usersTemplate({ accounts: [], users: [], groups: ['-team\u202e'] }));
    const [there = ''] = row;
    expect(there).toBe("'-team\\u202e");
    expect([...parseUsersFile(`old,${there}`).accounts]).toEqual([['old', '-team\u202e']]);
  });

  it.each([
    ['from,to\na,b\n\na,c', 'Line 4'],
    ['"x\ny",b\na,b\na,', 'Line 4'],
    ['a,b\nlonely', 'Line 2'],
    ['a,b\n,c', 'Line 2'],
  ])('%j is refused by line', (text, line) => {
    expect(() => parseUsersFile(text)).toThrow(WrongInputError);
    expect(() => parseUsersFile(text)).toThrow(line);
  });

  it('as a template leaves everybody out until it is filled in', () => {
    const template = usersTemplate({ accounts: ['5b10a', '=x'], users: ['John Smith'], groups: ['IT, all'] });
    expect(template.split('\r\n')[0]).toBe('from,to,kind');
    expect(template).toContain('5b10a,,account - left out while the second column is empty');
    expect(template).toContain('John Smith,,user of this name - left out while the second column is empty');
    expect([...parseUsersFile(template).accounts]).toEqual([
      ['5b10a', null],
      ['=x', null],
      ['John Smith', null],
      ['IT, all', null],
    ]);
  });
});
