import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { type PlantedThing, plantObjects } from '../core/find/planted-objects.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const nights = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map((day) => `${day}_02-00-00`);
const [first = '', second = '', third = '', last = ''] = nights;
const thing = (id: number, colour: string): PlantedThing => ({ id, type: '11', colour, updated: '' });

/** Four nights: one object is repainted before the third, another one is deleted before it. */
async function prepared(many = 0) {
  const { product, backups } = pretendProduct();
  const others = Array.from({ length: many }, (_, at) => thing(100 + at, 'grey'));
  for (const [number, name] of nights.entries()) {
    const things = number < 2 ? [thing(1, 'red\u001b[31m'), thing(2, 'red')] : [thing(1, 'blue')];
    await plantObjects(backups, { startedAt: `${name.slice(0, 10)}T02:00:00.000Z`, things: [...things, ...others] });
  }
  const directory = temporaryFolder();
  return {
    backups,
    run: async (...words: string[]) => {
      const io = new RecordedIo();
      const code = await runCommandLine(['find', ...words, '--local', directory], io, product);
      return { code, io, text: io.stdout.text.replaceAll(directory, 'DIR') };
    },
  };
}

describe('find', () => {
  it('says in which backups an object stands, how it was, and between which two it changed', async () => {
    const { run } = await prepared();
    const { code, text } = await run('red', 'one-1');
    expect(code).toBe(0);
    expect(text).toBe(
      `1 object with "red" and "one-1" in 4 backups, ${first} to ${last}.

ONE-1  Thing 1  (ONE, Type 11)
  value         Colour: red\\u001b[31m
  in            4 backups, ${first} to ${last}
  like this in  2 backups, ${first} to ${second}
  changed       between ${second} and ${third}
  now           it is there, and not like this

The newest backup that holds it like this: ${second}. What a restore of it would do: npx assets-backup plan ${second} --local 'DIR' --site site.json
`,
    );
  });

  it('names what was deleted since a day, and the newest backup that has all of it', async () => {
    const { run } = await prepared();
    const { code, text } = await run('--deleted', '--since', '2026-11-22');
    expect(code).toBe(0);
    expect(text).toContain(`1 object deleted since 2026-11-22 in 3 backups, ${second} to ${last}.`);
    expect(text).toContain(`deleted  between ${second} and ${third}`);
    expect(text).toContain(`The newest backup that holds it: ${second}.`);
    const none = await run('--deleted', '--since', '2026-11-23');
    expect(none.code).toBe(1);
    for (const told of [text, none.text]) {
      expect(told).toContain(
        `What was deleted after ${last} only the site can tell: npx assets-backup diff ${last} --live --local 'DIR' --site site.json`,
      );
    }
  });

  it('shows many in a table and more than that by their number', async () => {
    const { run } = await prepared(60);
    const { text } = await run('grey');
    expect(text).toMatch(/^ {2}ONE-100 {2}Thing 100 {2}2026-11-23_02-00-00$/m);
    expect(text.match(/^ {2}ONE-/gm)).toHaveLength(50);
    const all = (await run('thing')).text;
    expect(all).toMatch(/^ {2}ONE-2 {4}Thing 2 {4}2026-11-21_02-00-00 {2}deleted by 2026-11-22_02-00-00$/m);
    expect(text).toContain('and 10 more: more words, --schema or --type narrow it down; --json has them.');
  });

  it('finds as of a day, and nothing is exit code 1', async () => {
    const { run } = await prepared();
    const { code, text } = await run('red', '--at', '2026-11-21');
    expect(code).toBe(0);
    expect(text).toContain('2 objects with "red", as of 2026-11-21 23:59:59 UTC, in 2 backups,');
    expect(text).toContain('then   it was there');
    const none = await run('red', '--at', '2026-11-22T02:00:00Z');
    expect(none).toMatchObject({ code: 1, text: expect.stringContaining('No object with "red"') });
    expect((await run('red', '--at', '2026-11-01')).code).toBe(10);
  });

  it('with --json is one document', async () => {
    const { run } = await prepared();
    const { code, io } = await run('ONE-2', '--json');
    expect(code).toBe(0);
    expect(io.document()).toMatchObject({
      type: 'found',
      asked: { words: ['ONE-2'] },
      sites: [
        {
          backups: nights,
          found: 1,
          objects: [
            {
              ...{ schema: 'ONE', type: 'Type 11', id: '2', key: 'ONE-2', label: 'Thing 2' },
              matches: [{ in: 'key', text: 'ONE-2' }],
              stands: { backups: 2, first, last: second },
              changes: [{ kind: 'deleted', after: second, by: third }],
              deleted: { after: second, by: third },
            },
          ],
          newestWithAll: { backup: second, status: 'complete' },
        },
      ],
      unread: [],
      exitCode: 0,
    });
  });

  it('names what it could not read, tells what the others hold, and ends with 13', async () => {
    const { run, backups } = await prepared();
    backups.files.set(`${third}/manifest.json`, new TextEncoder().encode('{}'));
    backups.files.delete(`${first}/manifest.json`);
    const { code, text } = await run('one-2');
    expect(code).toBe(13);
    expect(text).toContain(`deleted  between ${second} and ${last}`);
    expect(text).toMatch(
      new RegExp(`Not looked into, or not whole \\(1\\):\n {2}- ${third}: .*manifest.json is damaged`),
    );
    expect(text).toContain(`1 run left no backup to look into: ${first}.`);
  });

  it.each([
    [[], /Words to find are needed/],
    [['x', '--deleted'], /--deleted and --since DATE go together/],
    [['x', '--since', '2026-11-20'], /--deleted and --since DATE go together/],
    [[' '], /A word to find is empty/],
    [['x', '--at', '2026-02-31'], /It needs a day, such as/],
    [['x', '--at', '2026-11-20T10:00'], /It needs a day, such as/],
    [['x', '--schema', 'NOPE'], /No backup has a schema NOPE\. They have ONE, TWO\./],
  ])('%j is a mistake', async (words, message) => {
    const { run } = await prepared();
    const { code, io } = await run(...words);
    expect(code).toBe(2);
    expect(io.stderr.text).toMatch(message);
    expect(io.stdout.text).toBe('');
  });

  it('is left at once by Ctrl-C, and changes nothing', async () => {
    const { product, backups } = pretendProduct();
    await plantObjects(backups, { startedAt: '2026-11-20T02:00:00.000Z', things: [thing(1, 'red')] });
    const io = new RecordedIo();
    const read = backups.read.bind(backups);
    // The disk answers no more.
    backups.read = async (key) => {
      if (!key.includes('/objectsmeta/')) return read(key);
      io.pressCtrlC();
      return new Promise(() => {});
    };
    expect(await runCommandLine(['find', 'red', '--local', temporaryFolder()], io, product)).toBe(130);
    expect(io.stderr.text).toContain('changes nothing; start it again at any time.');
    expect(io.isListening).toBe(false);
  });

  it('where there is no backup ends with 10', async () => {
    const io = new RecordedIo();
    expect(await runCommandLine(['find', 'x', '--local', temporaryFolder()], io, pretendProduct().product)).toBe(10);
  });
});
