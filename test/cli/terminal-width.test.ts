import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { backup, manifest, pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const env = { ASSETS_SITE_NAME: 'target.atlassian.net', ASSETS_API_TOKEN: 'token', NO_COLOR: '1' };
const gaps = [
  {
    kind: 'history',
    what: 'history of FAC-12 (Room)',
    reason: 'the site was not to be reached, as often as it was asked',
  },
];

/** What a command writes, result and all else, where both go to a terminal of this width; undefined: to a file. */
async function written(argv: readonly string[], columns: number | undefined): Promise<string> {
  const { product, backups } = pretendProduct();
  backups.add(manifest({ status: 'complete-with-gaps', gaps } as never));
  const io = new RecordedIo({ env, ...(columns !== undefined && { columns, stdoutColumns: columns }) });
  await runCommandLine(argv, io, product);
  return stripVTControlCharacters(`${io.stdout.text}\n${io.stderr.text}`);
}

/** The words of a text, without the backslashes where a command line goes on. */
const wordsOf = (text: string) =>
  text
    .replaceAll(/ \\\n/g, '\n')
    .split(/\s+/)
    .filter((word) => word !== '');

it.each(['backup', 'restore', 'relink', 'undo', 'drill', 'login', 'find'])(
  'the help of %s is filled, not broken twice',
  async (command) => {
    const columns = 80;
    const [, text = ''] = (await written([command, '--help'], columns)).split('Global Options:');
    const lines = text.split('\nExamples:', 1)[0]?.split('\n') ?? [];
    const short = lines.filter((line, index) => {
      const [word = ''] = lines[index + 1]?.split(' ') ?? [];
      return /^\S/.test(line) && word !== '' && `${line} ${word}`.length <= columns;
    });
    expect(lines.length).toBeGreaterThan(6);
    expect(short).toEqual([]);
  },
);

describe.each([40, 60, 80, 120])('on a terminal of %i columns', (columns) => {
  it.each([
    ['list'],
    ['show', backup],
    ['show', '2026-11-22_02-00-00'],
    ['show', 'no name'],
    ['verify', backup],
    ['status'],
    ['list', '--lokal'],
    ['restore', backup, '--schemas', 'FAC'],
  ])('%s %s breaks no word, and loses none', async (...argv) => {
    const line = [...argv.filter((word) => word !== undefined), '--local', temporaryFolder()];
    const [text, whole] = [await written(line, columns), await written(line, undefined)];
    const isShown = (one: string) => !/[█░]|elapsed|files (to read|read in)/.test(one);
    const ofResult = (all: string) => wordsOf(all.split('\n').filter(isShown).join('\n'));
    expect(ofResult(text)).toEqual(ofResult(whole));
    for (const one of text.split('\n')) {
      const isOneWord = !one.trim().replace(/ \\$/, '').includes(' ') || /'/.test(one);
      expect(one.length <= columns || isOneWord, one).toBe(true);
    }
  });
});

it('what a program or a file gets is not broken', async () => {
  const text = await written(['show', backup, '--local', temporaryFolder()], undefined);
  expect(text.split('\n').some((line) => line.length > 120)).toBe(true);
});
