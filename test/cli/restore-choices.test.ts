import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { optionsOf, sameCommand } from '../../cli/restore-options.ts';
import { choiceRows } from '../../functions/inputs/restore-choices.ts';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';
import { backup, pretendProduct } from './pretend-product.ts';
import { hash } from './pretend-restore.ts';
import { RecordedIo } from './recorded-io.ts';
import { run } from './restored.ts';

const rows = choiceRows.flatMap(([field, { option, ...choice }]) => (option ? [{ field, option, ...choice }] : []));

/** What a shell makes of a command line of ours. */
function wordsOf(line: string): string[] {
  const words = line.slice(line.indexOf('npx assets-backup ') + 'npx assets-backup '.length);
  return execFileSync('sh', ['-c', `printf '%s\\0' ${words}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

const awkward = fc
  .string({ unit: fc.constantFrom(...'aB7 \'"$`\\=:;#*!-~ä漢😀'), minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '' && !/^(--|@)/.test(text));
const key = fc.stringMatching(/^[A-ZÄ][A-Z0-9_-]{0,5}$/);
const schemas = fc
  .uniqueArray(fc.tuple(key, key, fc.option(awkward)), { minLength: 1, maxLength: 3, selector: ([old]) => old })
  .filter((all) => new Set(all.map(([, made]) => made)).size === all.length)
  .map((all) => all.map(([old, made, name]) => `${old}=${made}${name === null ? '' : `:${name}`}`));

/** Texts for the options that do not take any. */
const texts: Readonly<Record<string, fc.Arbitrary<readonly string[]>>> = {
  objectSchemas: schemas,
  same: fc
    .uniqueArray(fc.tuple(key, fc.constantFrom('ASSETS-9', '4711', 'none')), { minLength: 1, selector: ([old]) => old })
    .map((all) => all.map(([old, is]) => `${old}-1=${is}`)),
  users: fc.constant(['@users.csv']),
  sameFile: fc.constant(['@same.csv']),
  approve: fc.constant([hash]),
  onExisting: fc.constantFrom(...['skip', 'update', 'fail']).map((what) => [what]),
  changedBy: fc.constantFrom('5b10ac8d82e05b22cc7d4ef5', "712020:6a4c-é$'").map((account) => [account]),
  changedSince: fc.constantFrom('2026-11-27', '2026-11-27T18:00:00+01:00').map((time) => [time]),
};
/** Of no use without another one. */
const needsUpdate = new Set(['--changed-by', '--changed-since']);

/** Options as a person may give them: each or not, in any order. */
const commandLine = fc
  .tuple(
    ...rows.map(({ field, option }) => {
      const [name = '', takesText] = option.flags.split(' ');
      const given = takesText
        ? (texts[field] ?? fc.array(awkward, { minLength: 1, maxLength: 3 })).map((all) =>
            all.map((text) => [name, text]),
          )
        : fc.constant<string[][]>([[name]]);
      return fc.option(given, { nil: [] });
    }),
  )
  .chain((given) => fc.shuffledSubarray(given, { minLength: given.length }).map((all) => all.flat(2)))
  // The last one counts.
  .map((argv) => (argv.some((word) => needsUpdate.has(word)) ? [...argv, '--on-existing', 'update'] : argv));

const files = { 'users.csv': 'kind,source,target\n', 'same.csv': 'old,is\n' };
const namesFile = (argv: readonly string[]) => argv.includes('--users') || argv.includes('--same-file');

/** What a restore was asked for, but for what belongs to one run. */
async function askedBy(argv: readonly string[], more: Readonly<Record<string, object>> = {}) {
  const made = await run(argv, { files: { ...files, ...more } });
  expect(made.stderr).not.toMatch(/Usage:/);
  const { dryRun, approve, ...choices } = made.asked?.choices ?? {};
  return { ...made, choices };
}

describe('the choices of a restore', () => {
  it('say the same as options, as the line to start it again, and as an input file', async () => {
    await fc.assert(
      fc.asyncProperty(commandLine, async (argv) => {
        const { choices, asked, lastLine } = await askedBy(['plan', backup, ...argv]);
        expect(choices).toHaveProperty('backup', backup);
        expect((await askedBy(wordsOf(lastLine))).choices).toEqual(choices);

        const { input } = (await askedBy(['plan', backup, ...argv, '--json'])).io.document();
        const byFile = await askedBy(['plan', '--input', '@input.json'], { 'input.json': input as object });
        expect(byFile.choices).toEqual(choices);

        const options = asked && optionsOf(asked.choices);
        expect(options?.input !== undefined).toBe(namesFile(argv));
        if (!options || namesFile(argv)) return;
        expect((await askedBy(wordsOf(sameCommand('plan', backup, [], options)))).choices).toEqual(choices);
      }),
      { numRuns: 12 },
    );
  });

  it.each([
    ['a key that --schema cannot read', { objectSchemas: [{ oldObjectSchemaKey: 'A:B' }] }],
    ['a type that looks like an option', { include: { objectTypes: ['Laptop', '--all'] } }],
    ['an attribute that looks like one', { include: { attributes: ['--all'] } }],
  ])('are left to a file where they hold %s', (_, input) => {
    const options = optionsOf(parseRestoreInput({ folder: backup, processHistory: false, ...input }));

    expect(options.input).toBeDefined();
    expect(sameCommand('restore', backup, [], options)).toBe(
      `npx assets-backup restore ${backup} --input ${options.input} --no-history`,
    );
  });

  it('are the options of restore, each with its sentence', async () => {
    const io = new RecordedIo();
    await runCommandLine(['restore', '--help'], io, pretendProduct().product);

    for (const { option, help } of rows) {
      const [line] = io.stdout.text.split('\n').filter((text) => text.startsWith(`  ${option.flags} `));
      expect(line?.slice(option.flags.length + 2).trim()).toBe(help);
    }
  });

  // `npx vitest run test/cli/restore-choices -u` writes it anew.
  it('are the table in docs/restoring.md', async () => {
    const page = resolve(import.meta.dirname, '../../docs/restoring.md');
    const [before, after] = readFileSync(page, 'utf8').split(
      /(?<=<!-- choices -->\n\n).*(?=\n<!-- end of choices -->)/s,
    );
    const code = (text: string | undefined) => (text === undefined ? '' : `\`${text}\``);
    const table = choiceRows.map(([field, { option, help, inFile, check }]) => {
      const meaning = inFile === undefined ? help : `${help}. In an input file: ${inFile}`;
      const cells = [code(option?.flags), code(field), code(JSON.stringify(v.getDefault(check))), meaning];
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
    });
    const head = '| option | field of the input | default | what it says |\n| --- | --- | --- | --- |\n';

    expect(after).toBeDefined();
    await expect([before, head, ...table, after].join('')).toMatchFileSnapshot(page);
  });
});
