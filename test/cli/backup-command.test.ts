import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { InterruptedError, SiteUnavailableError } from '../../core/errors.ts';
import type { Gap } from '../../core/model/outcome.ts';
import { allRead, backup, manifest, pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const env = { ASSETS_SITE_NAME: 'myorganization.atlassian.net', ASSETS_API_TOKEN: 'token' };

const gap = (number: number): Gap => ({
  kind: 'history',
  what: `history of object ${number}`,
  error: 'SiteUnavailableError',
  reason: 'The site answered 503.',
  schemaKey: 'FAC',
});

/** Log lines of the only run in this folder. */
function logLines(directory: string): Record<string, unknown>[] {
  const [name, ...others] = readdirSync(join(directory, 'logs'));
  expect(others).toEqual([]);
  const lines = readFileSync(join(directory, 'logs', name ?? ''), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('backup', () => {
  it('shows what was stored and where, and the next command', async () => {
    const directory = temporaryFolder();
    const io = new RecordedIo({ env });

    const code = await runCommandLine(['backup', '--local', directory], io, pretendProduct().product);

    expect(code).toBe(0);
    const lines = io.stdout.text.trimEnd().split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '  Schema  Name        Types  Objects  Folder',
      '  FAC     Facilities      2    1,204  FAC/',
      '  USERS   Users           1   10,022  USERS/',
      '  Total                   3   11,226',
    ]);
    expect(io.stdout.text).toContain('40,101 history entries, 233 comments');
    expect(io.stdout.text).toContain(join(directory, backup));
    expect(lines.at(-1)).toBe(
      `Backed up 11,226 objects of 2 schemas; nothing is missing. Check it: npx assets-backup verify ${backup} --local '${directory}'`,
    );
  });

  it('names what is not there: not offered, the first ten gaps, notices', async () => {
    const made = manifest({
      status: 'complete-with-gaps',
      gaps: Array.from({ length: 12 }, (_, index) => gap(index + 1)),
      notOffered: [{ what: 'schema properties', reason: 'the site answers 404' }],
      notices: [{ kind: 'count-differs', message: 'The site counts 12 offices, 11 were read.' }],
    });
    const io = new RecordedIo({ env });

    await runCommandLine(['backup', '--local', temporaryFolder()], io, pretendProduct(made).product);

    expect(io.stdout.text).toContain('schema properties: the site answers 404');
    expect(io.stdout.text).toContain('Gaps (12):\n  - FAC: history of object 1: The site answered 503.\n');
    expect(io.stdout.text).toContain('history of object 10:');
    expect(io.stdout.text).not.toContain('history of object 11:');
    expect(io.stdout.text).toContain('and 2 more');
    expect(io.stdout.text).toContain('The site counts 12 offices');
    expect(io.stdout.text.trimEnd().split('\n').at(-1)).toContain('12 other things could not be read');
  });

  it('says what was read, what was carried over and from where, how old it is, and what was passed over', async () => {
    const of = (read: number, carried: number, oldest: string) => ({ read, carried, missing: 0, oldest });
    const { schemas, ...second } = manifest({
      activity: {
        history: { ...of(900, 10_300, '2026-11-10T02:00:00.000Z'), missing: 26 },
        comments: of(900, 10_326, '2026-11-12T02:00:00.000Z'),
      },
    });
    const last = '2026-11-22_02-00-00';
    const spoilt = { backup: last, reason: 'Its list of files is damaged.' };
    const shown = async (...bases: Manifest['schemas'][number]['base'][]) => {
      const built = schemas.map((schema, index) => ({ ...schema, base: bases[index] ?? schema.base }));
      const io = new RecordedIo({ env });
      const made = { ...second, schemas: built };
      expect(await runCommandLine(['backup', '--local', temporaryFolder()], io, pretendProduct(made).product)).toBe(0);
      return io.stdout.text;
    };

    const same = { backup: last, passedOver: [] };
    const text = await shown(same, same);
    expect(text).toMatch(/^ {2}Read +history and comments of 900 objects$/m);
    expect(text).toMatch(
      /^ {2}Carried over +history of 10,300 objects, comments of 10,326 objects, from 2026-11-22_02-00-00$/m,
    );
    expect(text).toMatch(/^ {2}Not read yet +history of 26 objects; the next night asks for that$/m);
    expect(text).toMatch(/^ {2}Oldest activity +history of 2026-11-10, comments of 2026-11-12$/m);
    expect(text).not.toContain('Newer backups');

    const older = { backup: '2026-11-21_02-00-00', passedOver: [spoilt] };
    const mixed = await shown(same, older);
    expect(mixed).toContain(`, from ${last} (FAC) and 2026-11-21_02-00-00 (USERS)`);
    expect(mixed).toContain(
      `Newer backups from which nothing was carried over (1):\n  - USERS: ${last}: Its list of files is damaged.\n`,
    );
    expect(await shown(older, older)).toContain(`  - ${last}: Its list of files is damaged.\n`);
  });

  it('of a first night says what was read, and of one without activity nothing', async () => {
    const shown = async (made: Manifest) => {
      const io = new RecordedIo({ env });
      await runCommandLine(['backup', '--local', temporaryFolder()], io, pretendProduct(made).product);
      return io.stdout.text;
    };
    const first = await shown(manifest());
    expect(first).toMatch(/^ {2}Read +history and comments of 11,226 objects$/m);
    expect(first).not.toMatch(/Carried over|Oldest activity|Not read yet/);
    expect(await shown(manifest({ activity: allRead(0, '') }))).not.toMatch(/^ {2}(Read|Carried over) /m);
  });

  it.each([
    [[], false],
    [['--full'], true],
  ])('with %j reads everything anew: %s', async (options, full) => {
    const asked: unknown[] = [];
    const { product } = pretendProduct();
    const backUp: typeof product.backUp = (wanted) => {
      asked.push(wanted.full);
      return product.backUp(wanted);
    };
    const argv = ['backup', '--local', temporaryFolder(), ...options];
    await runCommandLine(argv, new RecordedIo({ env }), { ...product, backUp });
    expect(asked).toEqual([full]);
  });

  it.each([
    ['alone', [], 'schemas; in 1 place the site counts more than it shows to this account. Check it'],
    ['beside others', [gap(1)], '1 other thing could not be read, and in 1 place the site counts more than'],
  ])('does not say that all objects are there where some are hidden, %s', async (_case, others, sentence) => {
    const hidden: Gap = {
      ...{ kind: 'not-visible', what: '7 objects of Laptop', error: 'NotVisible', reason: 'Roles hide them.' },
      hidden: { number: 7, of: 'objects' },
    };
    const made = manifest({ status: 'complete-with-gaps', gaps: [...others, hidden] });
    const io = new RecordedIo({ env });

    expect(await runCommandLine(['backup', '--local', temporaryFolder()], io, pretendProduct(made).product)).toBe(3);

    const text = io.stdout.text.replaceAll(/\s+/g, ' ');
    expect(text).toContain(sentence);
    expect(text).toContain('all configuration and objects that the account sees are stored');
    expect(text).not.toContain('are whole');
  });

  it('never says "nothing is missing" where objects are fewer, suspicious or not', async () => {
    const measured = [{ measure: 'last', against: '2026-11-22_02-00-00', before: 290, now: 249 }] as const;
    const message = 'All schemas together have 249 objects; in 2026-11-22_02-00-00 it was 290.';
    const suspicion = { kind: 'fewer-objects', ...measured[0], message } as const;
    const last = async (made: Manifest) => {
      const io = new RecordedIo({ env });
      expect(await runCommandLine(['backup', '--local', temporaryFolder()], io, pretendProduct(made).product)).toBe(0);
      expect(io.stdout.text).not.toContain('nothing is missing');
      return { text: io.stdout.text, line: io.stdout.text.trimEnd().split('\n').at(-1) };
    };
    const fewer = await last(manifest({ measured }));
    expect(fewer.line).toContain(
      '41 objects fewer than 2026-11-22_02-00-00; all that the account sees is stored. Check it:',
    );
    const suspicious = await last(manifest({ measured, suspicions: [suspicion] }));
    expect(suspicious.line).toContain('; it is suspicious (1 thing, named above). Check it:');
    expect(suspicious.text).toContain('complete, and suspicious: everything that the account can see is stored');
    expect(suspicious.text).toContain(`Suspicious (1):\n  - ${message}`);
    expect(suspicious.text).toContain(`diff 2026-11-22_02-00-00 ${backup} --local`);
    expect(suspicious.text).toContain(`accept ${backup} --local`);
  });

  it('with --json writes one document to stdout and nothing to stderr', async () => {
    const directory = temporaryFolder();
    const io = new RecordedIo({ env });

    await runCommandLine(['backup', '--local', directory, '--json'], io, pretendProduct().product);

    expect(io.document()).toMatchObject({
      type: 'backup',
      backup,
      status: 'complete',
      folder: join(directory, backup),
      counts: { objects: 11_226 },
      activity: { history: { read: 11_226, carried: 0, missing: 0 } },
      gaps: 0,
      exitCode: 0,
    });
    expect(io.stderr.text).toBe('');
  });

  it('writes plain lines where stderr is no terminal', async () => {
    const { product } = pretendProduct();
    const io = new RecordedIo({ env });

    await runCommandLine(['backup', '--local', temporaryFolder()], io, {
      ...product,
      backUp: (options) => {
        options.reporter.planned('configuration', 2);
        options.reporter.advanced('configuration', 2);
        options.reporter.planned('objects', 1000);
        options.reporter.advanced('objects', 1204);
        return product.backUp(options);
      },
    });

    expect(
      io.stderr.text
        .replaceAll(/ into .*/g, '')
        .trimEnd()
        .split('\n'),
    ).toEqual([
      'Backing up https://myorganization.atlassian.net',
      'Configuration: 2 schemas to read.',
      'Configuration: 2 schemas read in 0:00.',
      'Objects: 1,000 objects to read.',
      'Objects: 1,204 objects read in 0:00.',
    ]);
  });

  it('keeps a private log of events', async () => {
    const directory = join(temporaryFolder(), 'new', 'backups');
    const { product } = pretendProduct();

    await runCommandLine(['backup', '--local', directory], new RecordedIo({ env }), {
      ...product,
      backUp: (options) => {
        options.reporter.event('warn', 'export.gap', { kind: 'history', objectId: '4711', error: 'NotFoundError' });
        return product.backUp(options);
      },
    });

    const logs = join(directory, 'logs');
    expect(statSync(logs).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(logs)) {
      expect(name).toMatch(/^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.log$/);
      expect(statSync(join(logs, name)).mode & 0o777).toBe(0o600);
    }
    const lines = logLines(directory);
    expect(lines.map(({ event }) => event)).toEqual(['run.started', 'export.gap', 'run.ended']);
    expect(lines[1]).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      event: 'export.gap',
      kind: 'history',
      objectId: '4711',
      error: 'NotFoundError',
    });
  });

  it('says after a failure why, what led to it, and where the log is', async () => {
    const directory = temporaryFolder();
    const error = new SiteUnavailableError('The site kept failing.', { cause: new Error('read ECONNRESET') });
    const { product } = pretendProduct(manifest(), { backUp: () => Promise.reject(error) });
    const io = new RecordedIo({ env });

    const code = await runCommandLine(['backup', '--local', directory], io, product);

    expect(code).toBe(1);
    expect(io.stderr.text).toMatch(
      /The site kept failing\.\n {2}because of Error: read ECONNRESET\nThe log of this run: .*logs.*\.log\n$/,
    );
    expect(logLines(directory).at(-1)).toMatchObject({
      level: 'error',
      event: 'run.failed',
      error: 'SiteUnavailableError',
      causes: 'Error: read ECONNRESET',
      exitCode: 1,
    });
  });

  it('removes logs that are older than ten days, or --keep-logs, and nothing else', async () => {
    const directory = temporaryFolder();
    const logs = join(directory, 'logs');
    const day = (days: number) =>
      `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-')}.log`;
    const [fresh, tenDays, older] = [day(1), day(9.9), day(10.1)];
    mkdirSync(logs, { recursive: true });
    for (const name of [fresh, tenDays, older, 'notes.log', '2020-01-01.log', '2020-01-01_00-00-00.txt']) {
      writeFileSync(join(logs, name), '');
    }

    await runCommandLine(['backup', '--local', directory], new RecordedIo({ env }), pretendProduct().product);
    const afterDefault = readdirSync(logs);
    await runCommandLine(
      ['backup', '--local', directory, '--keep-logs', '5'],
      new RecordedIo({ env }),
      pretendProduct().product,
    );
    const afterFive = readdirSync(logs);

    expect(afterDefault).not.toContain(older);
    expect(afterDefault).toEqual(expect.arrayContaining([fresh, tenDays]));
    expect(afterFive).not.toContain(tenDays);
    expect(afterFive).toEqual(
      expect.arrayContaining([fresh, 'notes.log', '2020-01-01.log', '2020-01-01_00-00-00.txt']),
    );
  });

  it('does not begin where its log cannot be written: a sentence, the cause, and 1', async () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'logs'), 'a file');
    const io = new RecordedIo({ env });

    const code = await runCommandLine(['backup', '--local', directory], io, pretendProduct().product);

    expect(code).toBe(1);
    expect(io.stderr.text).toMatch(/^The log .* cannot be written\.\n {2}because of Error: E/);
  });

  it('that is wrong usage leaves no folder behind', async () => {
    const directory = join(temporaryFolder(), 'backups');

    expect(await runCommandLine(['backup', '--local', directory], new RecordedIo(), pretendProduct().product)).toBe(2);
    expect(existsSync(directory)).toBe(false);
  });

  it('stops in order at the first Ctrl-C and at once at the second', async () => {
    const { product } = pretendProduct();
    const io = new RecordedIo({ env });
    const directory = temporaryFolder();

    const code = await runCommandLine(['backup', '--local', directory], io, {
      ...product,
      backUp: ({ signal }) => {
        expect(signal?.aborted).toBe(false);
        io.pressCtrlC();
        expect(signal?.aborted).toBe(true);
        io.pressCtrlCAgain();
        return Promise.reject(new InterruptedError('The backup was stopped.'));
      },
    });

    expect(code).toBe(130);
    expect(io.exits).toEqual([130]);
    expect(io.stderr.text).toContain('Stopping ...; press Ctrl-C again to quit at once.\n');
    expect(io.stderr.text).toContain('The backup was stopped.');
    expect(io.isListening).toBe(false);
    expect(logLines(directory).map(({ event }) => event)).toEqual(['run.started', 'run.stopping', 'run.failed']);
  });

  it('takes the schemas of all its --schemas', async () => {
    const asked: unknown[] = [];
    const { product } = pretendProduct();
    const backUp = (options: { readonly objectSchemaKeys: unknown }) => {
      asked.push(options.objectSchemaKeys);
      return pretendProduct().product.backUp(options as never);
    };
    const argv = ['backup', '--local', temporaryFolder(), '--schemas', 'FAC,USERS', '--schemas', 'HR', '--schemas=FAC'];
    await runCommandLine(argv, new RecordedIo({ env }), { ...product, backUp });
    expect(asked).toEqual([['FAC', 'USERS', 'HR']]);
  });

  it('does not take names of the site for orders to the terminal', async () => {
    const made = manifest();
    const [first] = made.schemas;
    const schemas = [{ ...first, name: 'Red\u001b[31m\u009b2J\nUp\u202eside', key: 'A\u0007' }];
    const io = new RecordedIo({ env });

    await runCommandLine(
      ['backup', '--local', temporaryFolder()],
      io,
      pretendProduct(manifest({ schemas } as Partial<typeof made>)).product,
    );

    for (const order of '\u001b\u009b\u0007\u202e') expect(io.stdout.text).not.toContain(order);
    expect(io.stdout.text).toContain('Red\\u001b[31m\\u009b2J\\u000aUp\\u202eside');
  });
});
