import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { plantObjects } from '../core/find/planted-objects.ts';
import { damageAll } from '../end-to-end/damaged-files.ts';
import { goldenCopy, runOn } from './held-backups.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const backup = '2026-11-25_02-00-00';

/** Another reader of CSV than ours: character by character, as RFC 4180 has it. */
function read(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (isQuoted && character === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted || !(character === ',' || text.startsWith('\r\n', at))) cell += character;
    else {
      rows.at(-1)?.push(cell);
      cell = '';
      if (character !== '\r') continue;
      rows.push([]);
      at += 1;
    }
  }
  return rows.slice(0, -1);
}

/** What a person makes of a cell that was made harmless, without our help. */
function meant(line: string): string {
  const value = line.replaceAll(/\\u([\da-f]{4})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return /^'["'\s]*[=+\-@＝＋－＠﹦﹢﹣﹫]/.test(value) ? value.slice(1) : value;
}

async function exported(colours: readonly string[]) {
  const { product, backups } = pretendProduct();
  const things = colours.map((colour, at) => ({ id: at + 1, type: '11' as const, colour, updated: 'later' }));
  await plantObjects(backups, { startedAt: '2026-11-20T02:00:00.000Z', things, shardSize: 3 });
  const io = new RecordedIo();
  const words = ['export', 'latest', '--type', 'Type 11', '--csv', '--local', temporaryFolder()];
  expect(await runCommandLine(words, io, product)).toBe(0);
  return io.stdout.text;
}

describe('export --csv', () => {
  it('has a row an object, and its attributes in the order of the site', async () => {
    const { exitCode, stdout, stderr } = await runOn(
      goldenCopy('format-2'),
      'export',
      backup,
      '--type',
      'Laptop',
      '--csv',
    );
    expect(exitCode).toBe(0);
    expect(
      stdout.startsWith('\ufeffKey,Label,Created,Updated,Name,Serial number,Place,Peer,Owner,Teams,State,Note\r\n'),
    ).toBe(true);
    expect(read(stdout)[1]).toEqual([
      ...['ASSETS-4', 'Laptop 0', '2024-01-15T09:00:10.000Z', '2026-11-24T01:00:00.000Z', 'Laptop 0', 'S-0'],
      ...['Office SYD (FAC-1)', 'Laptop 1 (ASSETS-5)', 'Ada', 'admins\nlenders', 'In use', 'changed on Monday'],
    ]);
    expect(read(stdout)).toHaveLength(8);
    expect(stderr).toContain(`7 objects of ASSETS/Hardware/Laptop in ${backup}.`);
  });

  it('of a type without objects is its columns', async () => {
    const { stdout } = await runOn(goldenCopy('format-2'), 'export', backup, '--type', 'Dock', '--csv');
    expect(read(stdout)).toHaveLength(1);
  });

  it('is read by another reader as it was, whatever stands in the values, and gives a spreadsheet no formula', async () => {
    const hostile = fc
      .oneof(
        fc.string({ unit: 'binary', maxLength: 10 }),
        fc.constantFrom(
          '=1+1',
          ' =1+1',
          '\t=1',
          '＝1',
          '-1',
          '-1+2',
          '+1',
          '@x',
          '"',
          '"=1',
          'a\r\nb',
          'a\n=b',
          '\u0000',
          '\ufeff',
          ';=1',
          "'x",
          '\u202e',
          'a,b',
          ' a ',
        ),
      )
      .filter((text) => text !== '' && text.isWellFormed() && !/\\u[\da-f]{4}/i.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 7 }), async (colours) => {
        const text = await exported(colours);
        const rows = read(text).slice(1);
        expect(rows.map(([key]) => key)).toEqual(colours.map((_, at) => `ONE-${at + 1}`));
        const shown = rows.map((row) => row[4]?.split('\n').map(meant));
        expect(shown).toEqual(colours.map((colour) => colour.split(/\r\n|\r|\n/)));
        for (const cell of rows.flat().flatMap((one) => one.split('\n')))
          expect(cell).not.toMatch(/^["\s]*(?!-\d+(?:\.\d+)?$)[=+\-@＝＋－＠]/u);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(text.slice(1)).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\ufeff]/);
      }),
      { numRuns: 100 },
    );
  });

  it('with progress on stderr alone', async () => {
    const { stdout, stderr } = await runOn(goldenCopy('format-2'), 'export', backup, '--type', '5', '--csv');
    expect(read(stdout)[1]?.slice(0, 2)).toEqual(['FAC-10', 'Thing 1']);
    expect(stderr).toContain('1 object written');
  });

  it.each([
    [['--type', 'Server', '--csv'], 'CFG/Hardware/Server (id 3), CFG/Virtual/Server (id 8)'],
    [['--type', 'Nothing', '--csv'], 'has no object type Nothing: it takes a name, a path or an id.'],
    [['--type', 'CFG/Hardware/Servr', '--csv'], 'Did you mean CFG/Hardware/Server?'],
    [['--type', 'Rack'], '--csv is needed'],
    [['--csv'], '--type TYPE is needed'],
    [['--type', 'Rack', '--csv', '--json'], '--csv and --json exclude each other'],
  ])('%j is a mistake', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await runOn(goldenCopy('format-1'), 'export', 'latest', ...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  it('of a file that is damaged ends with 13, without a row of it', async () => {
    const directory = goldenCopy('format-2');
    damageAll(directory, backup, /objectsmeta\/Laptop/, 'flipped in a bit');
    const { exitCode, stdout } = await runOn(directory, 'export', backup, '--type', 'Laptop', '--csv');
    expect(exitCode).toBe(13);
    expect(read(stdout)).toHaveLength(1);
  });
});
