import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { DamagedBackupError } from '../../core/errors.ts';
import type { Verification } from '../../core/verify/verification.ts';
import { runOn } from './held-backups.ts';
import { backup, manifest, pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const older = '2026-11-22_02-00-00';
const unfinished = '2026-11-21_02-00-00';

/** A folder with a whole backup, an older one, and one that never was finished. */
function prepared() {
  const { product, backups } = pretendProduct();
  backups.add(manifest());
  backups.add(manifest({ name: older, status: 'partial' }));
  backups.files.set(`${unfinished}/config/objectschemas.json`, new Uint8Array());
  return { product, backups, directory: temporaryFolder(), io: new RecordedIo() };
}

describe('list', () => {
  it('names every backup with its status, oldest first', async () => {
    const { product, directory, io } = prepared();

    const code = await runCommandLine(['list', '--local', directory], io, product);

    expect(code).toBe(0);
    const lines = io.stdout.text.trimEnd().split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '  Backup               Status      Objects   Size  Schemas     Site',
      `  ${unfinished}  unfinished`,
      `  ${older}  partial      11,226  45 MB  FAC, USERS  https://myorganization.atlassian.net`,
      `  ${backup}  complete     11,226  45 MB  FAC, USERS  https://myorganization.atlassian.net`,
    ]);
    expect(lines.at(-1)).toMatch(/^3 backups in .*, 1 of them not usable\. .* show 2026-11-23_02-00-00 --local/);
  });

  it('names a backup whose manifest was changed as damaged', async () => {
    const { product, backups, directory, io } = prepared();
    const key = `${backup}/manifest.json`;
    const text = new TextDecoder().decode(backups.files.get(key));
    backups.files.set(key, new TextEncoder().encode(text.replace('complete', 'compleat')));

    await runCommandLine(['list', '--local', directory], io, product);

    expect(io.stdout.text).toMatch(new RegExp(`${backup} {2}damaged`));
  });

  it('says where there are none', async () => {
    const io = new RecordedIo();
    expect(await runCommandLine(['list', '--local', temporaryFolder()], io, pretendProduct().product)).toBe(0);
    expect(io.stdout.text).toMatch(/^There are no backups in .*\. Make one: npx assets-backup backup/);
  });

  it('with --json is one document', async () => {
    const { product, directory, io } = prepared();

    await runCommandLine(['list', '--local', directory, '--json'], io, product);

    expect(io.document()).toMatchObject({
      type: 'backups',
      directory,
      backups: [
        { backup: unfinished, state: 'unfinished', reason: expect.any(String) },
        { backup: older, state: 'finished', status: 'partial' },
        { backup, state: 'finished', status: 'complete', objects: 11_226, schemas: ['FAC', 'USERS'], gaps: 0 },
      ],
    });
    expect(io.stderr.text).toBe('');
  });

  it('of a file is a sentence', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'deeper')]) {
      const io = new RecordedIo();
      expect(await runCommandLine(['list', '--local', path], io, pretendProduct().product)).toBe(2);
      expect(io.stderr.text).toBe(
        `${path} is a file; --local needs a folder, or a zip of a backup of the original scripts.\n`,
      );
    }
  });
});

describe('show', () => {
  it('gives the counts of every schema and type, and where it came from', async () => {
    const { product, directory, io } = prepared();

    const code = await runCommandLine(['show', backup, '--local', directory], io, product);

    expect(code).toBe(0);
    for (const line of [
      /Site +https:\/\/myorganization\.atlassian\.net$/m,
      /Finished +2026-11-23 02:14:05 UTC, after 14:05$/m,
      /^ +FAC +Facilities +1,204$/m,
      /^ +Room +1,192$/m,
      /References +22,040 inside the backup, 3 to objects outside$/m,
      /Requests +22,510$/m,
      /Of these +30 object-aql, /m,
    ]) {
      expect(io.stdout.text).toMatch(line);
    }
    expect(io.stdout.text.trimEnd().split('\n').at(-1)).toContain(`verify ${backup} --local`);
  });

  it('says where history and comments came from, and how old the oldest are', async () => {
    const { product, backups } = pretendProduct();
    const [facilities, users] = manifest().schemas;
    if (!facilities || !users) throw new Error('two schemas');
    const passedOver = [{ backup: '2026-11-22_02-00-00', reason: 'It is partial: it lacks objects of Room.' }];
    backups.add(
      manifest({
        schemas: [{ ...facilities, base: { backup: '2026-11-21_02-00-00', passedOver } }, users],
        activity: {
          history: { read: 1200, carried: 10_026, missing: 0, oldest: '2026-11-10T02:00:00.000Z' },
          comments: { read: 1200, carried: 10_020, missing: 6, oldest: '2026-11-12T02:00:00.000Z' },
        },
      }),
    );
    const io = new RecordedIo();

    await runCommandLine(['show', backup, '--local', temporaryFolder()], io, product);

    for (const line of [
      /Read +history and comments of 1,200 objects$/m,
      /Carried over +history of 10,026 objects, comments of 10,020 objects, from 2026-11-21_02-00-00$/m,
      /Not read yet +comments of 6 objects; /m,
      /Oldest activity +history of 2026-11-10, comments of 2026-11-12$/m,
      /FAC: 2026-11-22_02-00-00: It is partial: it lacks objects of Room\.$/m,
    ])
      expect(io.stdout.text).toMatch(line);
  });

  it('with --json is the manifest itself', async () => {
    const { product, directory, io } = prepared();

    await runCommandLine(['show', backup, '--local', directory, '--json'], io, product);

    expect(io.document()).toMatchObject({
      type: 'backup',
      backup,
      folder: join(directory, backup),
      manifest: manifest(),
    });
  });
});

describe('verify', () => {
  const whole: Verification = {
    backup,
    files: 11_300,
    bytes: 45_120_000,
    objects: 11_226,
    referencesInside: 22_040,
    referencesOutside: 3,
    activity: {
      history: { read: 1200, carried: 10_026, missing: 0, oldest: '2026-11-10T02:00:00.000Z' },
      comments: { read: 0, carried: 0, missing: 0, oldest: null },
    },
    problems: [],
    strangers: [],
  };
  const verified = (verification: Verification) => {
    const { product, backups } = pretendProduct(manifest(), { verify: async () => verification });
    backups.add(manifest());
    return { product, directory: temporaryFolder(), io: new RecordedIo() };
  };

  it('of a whole backup says what was checked, and 0', async () => {
    const { product, directory, io } = verified({ ...whole, strangers: [`${backup}/.DS_Store`] });

    const code = await runCommandLine(['verify', backup, '--local', directory], io, product);

    expect(code).toBe(0);
    expect(io.stdout.text).toMatch(/Files +11,300 as they were stored, 45 MB/);
    expect(io.stdout.text).toMatch(/Oldest activity +history of 2026-11-10$/m);
    expect(io.stdout.text).toMatch(/Note: 1 file .*not read, no damage:\n {2}- .*\.DS_Store/);
    expect(io.stdout.text.trimEnd().split('\n').at(-1)).toMatch(/is whole: 11,300 files checked, nothing is wrong\./);
  });

  it('of a damaged backup names every problem by its file, and 13', async () => {
    const problems = Array.from({ length: 40 }, (_, index) => ({
      key: `${backup}/FAC/objects/history/${index}.json`,
      problem: 'is missing.',
    }));
    const { product, directory, io } = verified({ ...whole, problems });
    const json = new RecordedIo();

    const code = await runCommandLine(['verify', backup, '--local', directory], io, product);
    await runCommandLine(['verify', backup, '--local', directory, '--json'], json, product);

    expect(code).toBe(13);
    for (const { key } of problems) expect(io.stdout.text).toContain(`  - ${key} is missing.\n`);
    expect(io.stdout.text.trimEnd().split('\n').at(-1)).toMatch(/is damaged in 40 files\. .*npx assets-backup backup/);
    expect(json.document()).toMatchObject({ type: 'verification', isWhole: false, exitCode: 13, problems });
  });

  it('ends at the first Ctrl-C: it changes nothing', async () => {
    const io = new RecordedIo();
    const { product, backups } = pretendProduct(manifest(), {
      verify: () => {
        setImmediate(() => io.pressCtrlC());
        return new Promise(() => {});
      },
    });
    backups.add(manifest());

    expect(await runCommandLine(['verify', backup, '--local', temporaryFolder()], io, product)).toBe(130);
    expect(io.isListening).toBe(false);
  });
});

describe('latest', () => {
  it('is the newest that counts, which is told, and what is suspicious about it', async () => {
    const { product, backups, directory, io } = prepared();
    backups.add(manifest({ name: '2026-11-24_02-00-00', status: 'partial' }));
    const json = new RecordedIo();

    expect(await runCommandLine(['show', 'latest', '--local', directory], io, product)).toBe(0);
    expect(await runCommandLine(['show', 'latest', '--local', directory, '--json'], json, product)).toBe(0);

    const [first, second] = io.stderr.text.split('\n');
    expect(first).toBe(`The latest backup that counts is ${backup}.`);
    expect(second).toBe('Warning: 2026-11-24_02-00-00 is newer, and does not count: it is partial.');
    expect(io.stdout.text.trimEnd().split('\n').at(-1)).toContain(`verify ${backup} --local`);
    expect(json.document()).toMatchObject({ folder: join(directory, backup) });
  });

  it('can be verified', async () => {
    const asked: string[] = [];
    const { product, backups } = pretendProduct(manifest(), {
      verify: async (_, name) => {
        asked.push(name);
        throw new DamagedBackupError('It was asked for.');
      },
    });
    backups.add(manifest());
    await runCommandLine(['verify', 'latest', '--local', temporaryFolder()], new RecordedIo(), product);
    expect(asked).toEqual([backup]);
  });

  it('of a folder without one that counts is a sentence, and 10', async () => {
    const io = new RecordedIo();
    const { product, backups } = pretendProduct();
    backups.add(manifest({ status: 'partial' }));
    expect(await runCommandLine(['show', 'latest', '--local', temporaryFolder()], io, product)).toBe(10);
    expect(io.stderr.text).toMatch(/^There is no backup that counts: .*list/);
  });

  it('of a folder without any says nothing of others', async () => {
    const io = new RecordedIo();
    const { product } = pretendProduct();
    const folder = temporaryFolder();
    expect(await runCommandLine(['show', 'latest', '--local', folder], io, product)).toBe(10);
    expect(io.stderr.text).toBe(
      `There is no backup in ${folder} yet. Make one: npx assets-backup backup --local '${folder}' --site site.json\n`,
    );
  });

  it('names it in full where it was named by dots, also where something else lies in it', async () => {
    const directory = realpathSync(temporaryFolder());
    mkdirSync(join(directory, 'check-setup'), { recursive: true });
    const before = process.cwd();
    process.chdir(directory);
    try {
      for (const [words, sentence] of [
        [
          ['list'],
          `There are no backups in ${directory}. Make one: npx assets-backup backup --local . --site site.json`,
        ],
        [['ls', 'latest'], `There is no backup in ${directory} yet. Make one: npx assets-backup backup --local . `],
        [['find', 'X'], `There is no backup in ${directory} yet. Make one: npx assets-backup backup --local . `],
        [['status'], `There are no restores in ${directory}.`],
      ] as const) {
        const { io } = await runOn('.', ...words);
        expect(io.stdout.text + io.stderr.text).toContain(sentence);
      }
    } finally {
      process.chdir(before);
    }
  });
});

describe('a folder that is not there', () => {
  it.each([
    ['list'],
    ['show', backup],
    ['show', 'latest'],
    ['verify', 'latest'],
    ['status'],
    ['plan', backup, '--site', 'site.json'],
    ['restore', 'latest', '--site', 'site.json'],
    ['undo', '2026-11-24_03-00-00_1a2b3c4d', '--site', 'site.json'],
  ])('is no success of %s: 10, a sentence, and nothing is made', async (...argv) => {
    const missing = join(temporaryFolder(), 'back ups');
    const [text, json] = [new RecordedIo(), new RecordedIo()];

    expect(await runCommandLine([...argv, '--local', missing], text, pretendProduct().product)).toBe(10);
    expect(await runCommandLine([...argv, '--local', missing, '--json'], json, pretendProduct().product)).toBe(10);

    expect(text.stdout.text + json.stdout.text).toBe('');
    expect(text.stderr.text).toBe(
      `There is no folder ${missing} (--local), and so no backup in it. The first one: npx assets-backup backup --local '${missing}' --site site.json\n`,
    );
    expect(json.errorDocument()).toMatchObject({ name: 'NoSuchBackupError', exitCode: 10 });
    expect(existsSync(missing)).toBe(false);
  });

  it('is made by a backup', async () => {
    const missing = join(temporaryFolder(), 'new');
    const io = new RecordedIo({ env: { ASSETS_SITE_NAME: 'x.atlassian.net', ASSETS_API_TOKEN: 'token' } });
    expect(await runCommandLine(['backup', '--local', missing], io, pretendProduct().product), io.stderr.text).toBe(0);
  });
});
