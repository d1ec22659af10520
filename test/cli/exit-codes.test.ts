import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import * as errors from '../../core/errors.ts';
import { statusOf } from '../../core/model/outcome.ts';
import { backup, manifest, pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const site = { ASSETS_SITE_NAME: 'myorganization.atlassian.net', ASSETS_API_TOKEN: 'token' };

/** One of every error that the product throws on purpose. */
const everyError = Object.values(errors).flatMap((exported) => {
  if (exported === errors.AssetsBackupError || !(exported.prototype instanceof errors.AssetsBackupError)) return [];
  return [Reflect.construct(exported, ['It did not work.']) as errors.AssetsBackupError];
});

describe('exit codes', () => {
  it('are those that the design promises', () => {
    expect(Object.keys(exitCodes).map(Number)).toEqual([0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 130]);
  });

  it.each(everyError)('$name of a run is its own exit code, in text and in JSON', async (error) => {
    const fail = () => Promise.reject(error);
    for (const command of [['backup'], ['restore', backup], ['plan', backup]]) {
      const directory = temporaryFolder();
      const { product, backups } = pretendProduct(manifest(), { backUp: fail, restore: fail });
      backups.add(manifest());
      const [text, json] = [new RecordedIo({ env: site }), new RecordedIo({ env: site })];

      const code = await runCommandLine([...command, '--local', directory], text, product);
      await runCommandLine([...command, '--local', directory, '--json'], json, product);

      expect(exitCodes).toHaveProperty(String(code));
      expect(code).toBe(error.exitCode);
      expect(text.stderr.text).toContain('It did not work.');
      expect(text.stdout.text + json.stdout.text).toBe('');
      expect(json.errorDocument()).toMatchObject({
        type: 'error',
        name: error.name,
        message: 'It did not work.',
        exitCode: code,
      });
    }
  });

  it.each([
    ['complete', 0],
    ['complete-with-gaps', 3],
    ['partial', 1],
  ] as const)('a backup that is %s gives %i', async (status, expected) => {
    const gap = { kind: status === 'partial' ? 'objects' : 'history', what: 'x', error: 'E', reason: 'r' } as const;
    const gaps = status === 'complete' ? [] : [gap];
    expect(statusOf(gaps)).toBe(status);
    const { product } = pretendProduct(manifest({ status, gaps }));
    const io = new RecordedIo({ env: site });

    const code = await runCommandLine(['backup', '--local', temporaryFolder(), '--json'], io, product);

    expect(code).toBe(expected);
    expect(io.document()).toMatchObject({ type: 'backup', status, exitCode: expected });
  });

  it.each([
    [[], 'A command is missing.'],
    [['bakup'], "Unknown command 'bakup'"],
    [['list'], '--local DIR or --stack NAME is needed'],
    [['list', '--local', 'x', '--stack', 'y'], '--local and --stack exclude each other'],
    [['list', '--local', 'x', '--region', 'eu-central-1'], '--profile and --region go with --stack only'],
    [['list', '--stack', '--region', 'x'], 'It needs a name'],
    [
      ['backup', '--stack', 'x', '--site', 'site.json'],
      '--site goes with --local only: the login of a stack lies in its secret',
    ],
    [['plan', backup, '--stack', 'x', '--keep-logs', '3'], '--keep-logs goes with --local only'],
    [['doctor'], '--stack NAME is needed'],
    [['login', '--local', 'x'], "unknown option '--local'"],
    [['login', '--stack', 'x', '--for', 'both'], 'allowed choices are backup, restore'],
    [['list', '--local'], '(argument missing|needs a path)'],
    [['backup', '--local', '--site', 'x'], 'It needs a path'],
    [['list', '--local', 'x', 'y'], 'too many arguments'],
    [['list', '--lokal', 'x'], 'Did you mean --local?'],
    [
      ['backup', '--local', 'x', '--schema', 'FAC'],
      '`backup` takes --schemas, once, with commas .* as in --schemas FAC,USERS',
    ],
    [['backup', '--local', 'x', '--schema=FAC'], '`backup` takes --schemas'],
    [
      ['restore', backup, '--local', 'x', '--schemas', 'FAC'],
      '`restore` and `plan` take --schema, once for each schema',
    ],
    [['plan', backup, '--local', 'x', '--schemas=FAC,USERS'], '`restore` and `plan` take --schema'],
    [['show', '--local', 'x'], "required argument 'backup'"],
    [['backup', '--local', 'x', '--keep-logs', '-1'], 'whole number'],
    [['backup', '--local', 'x', '--schemas', 'FAC,,USERS'], 'keys with commas'],
  ])('%j is wrong usage: a sentence, the usage, and 2', async (argv, sentence) => {
    const [text, json] = [new RecordedIo(), new RecordedIo()];

    const code = await runCommandLine(argv, text, pretendProduct().product);
    await runCommandLine([...argv, '--json'], json, pretendProduct().product);

    expect(code).toBe(2);
    expect(text.stderr.text).toMatch(new RegExp(sentence.replaceAll('?', '\\?'), 'i'));
    expect(text.stderr.text).toContain('Usage: assets-backup');
    expect(text.stdout.text).toBe('');
    expect(json.errorDocument()).toMatchObject({ type: 'error', name: 'WrongInputError', exitCode: 2 });
  });

  it('10 for a backup that is not there, whatever its name', async () => {
    const { product } = pretendProduct();
    for (const name of [backup, 'latest', '../..', '']) {
      const io = new RecordedIo();
      expect(await runCommandLine(['show', name, '--local', temporaryFolder()], io, product)).toBe(10);
      expect(await runCommandLine(['verify', name, '--local', temporaryFolder()], io, product)).toBe(10);
    }
  });

  it('13 for a backup that is unfinished or damaged', async () => {
    const { product, backups } = pretendProduct();
    backups.files.set(`${backup}/config/objectschemas.json`, new Uint8Array());
    const directory = temporaryFolder();
    const io = new RecordedIo();

    expect(await runCommandLine(['show', backup, '--local', directory], io, product)).toBe(13);
    expect(await runCommandLine(['verify', backup, '--local', directory], io, product)).toBe(13);
    expect(io.stderr.text).toContain('did not finish');
  });

  it('1 with the causes and the way to the stack for a fault of ours', async () => {
    const fault = new TypeError('x is not a function', { cause: new Error('deep', { cause: 'deeper' }) });
    const { product } = pretendProduct(manifest(), { backUp: () => Promise.reject(fault) });
    const [plain, debug] = [new RecordedIo({ env: site }), new RecordedIo({ env: site })];

    const code = await runCommandLine(['backup', '--local', temporaryFolder()], plain, product);
    await runCommandLine(['backup', '--local', temporaryFolder(), '--debug'], debug, product);

    expect(code).toBe(1);
    expect(plain.stderr.text).toMatch(
      /TypeError: x is not a function\n.*Error: deep\n.*deeper\n.*--debug.*\n.*log.*\.log/s,
    );
    expect(plain.stderr.text).not.toContain('exit-codes.test.ts');
    expect(debug.stderr.text).toContain('exit-codes.test.ts');
  });
});
