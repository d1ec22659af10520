import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copiedHere } from '../../../core/backup/copied-records.ts';
import { backupsThatCount, recordFinish } from '../../../core/backup/finish-records.ts';
import { workKeys } from '../../../core/backup/work-files.ts';
import { type Manifest, manifestFile } from '../../../core/backup-format/manifest.ts';
import { openBackup } from '../../../core/backup-format/open-backup.ts';
import { KeyExistsError, StorageError } from '../../../core/errors.ts';
import { latestBackup } from '../../../core/operations/latest-backup.ts';
import { readersOf } from '../../../core/runs/backup-readers.ts';
import { readJson, writeJson } from '../../../core/work-store/json-file.ts';
import { damages, keysIn } from '../../end-to-end/damaged-files.ts';
import { HurriedClock, RecordingReporter, testClock, testDirectory } from '../../end-to-end/local-run.ts';
import { GoldenFolder } from '../../golden/golden-folder.ts';
import { copy, filesIn, folderPlace, withStore } from './copy-run.ts';

const golden = new GoldenFolder('format-2');
const backup = '2026-11-24_02-00-00';
/** A day after the last night. */
const clock = new HurriedClock(Date.UTC(2026, 10, 26, 8));

/** A folder with three nights, and another one. */
function prepared() {
  return { from: golden.copy(), to: testDirectory() };
}

async function manifestIn(directory: string, name = backup): Promise<Manifest> {
  return await openBackup(folderPlace(directory).backups, name);
}

/** Seals a manifest anew, with other fields. */
async function seal(directory: string, fields: Partial<Manifest>): Promise<void> {
  const { seal: _, ...manifest } = await manifestIn(directory);
  writeFileSync(manifestPath(directory), manifestFile({ ...manifest, ...fields }));
}

const manifestPath = (directory: string) => join(directory, backup, 'manifest.json');
const dataKey = (directory: string) => keysIn(directory, backup, /objectsmeta/)[0] ?? '';

/** A copy that was broken off: all but its manifest, and one file. */
async function brokenOff(from: string, to: string) {
  await copy(from, to, backup);
  rmSync(manifestPath(to));
  const key = dataKey(to);
  rmSync(join(to, key));
  return key;
}

describe('a copy', () => {
  it('has byte for byte what the backup has, and says what went over', async () => {
    const { from, to } = prepared();

    const { result, reporter } = await copy(from, to, backup);

    expect(filesIn(to, backup)).toEqual(filesIn(from, backup));
    const files = filesIn(from, backup).size - 1;
    expect(result).toMatchObject({
      backup,
      status: (await manifestIn(from)).status,
      there: 'nothing',
      copied: { files, found: 0 },
      verification: { problems: [], strangers: [] },
    });
    expect(reporter.plannedCounts).toMatchObject({ copying: files });
    expect(reporter.advancedCounts).toEqual(reporter.plannedCounts);
    expect(Object.keys(reporter.plannedCounts)).toEqual(['source check', 'copying', 'copy check']);
  });

  it('is marked: it is no recent backup there, and `latest` names it instead', async () => {
    const { from, to } = prepared();
    await copy(from, to, backup);
    await copy(from, to, '2026-11-23_02-00-00');

    const { backups, work } = folderPlace(to);
    expect(await copiedHere(work, await manifestIn(to))).toEqual({
      from: join(from, backup),
      by: 'a test',
      at: expect.stringMatching(/^\d{4}-/),
    });
    expect(await Array.fromAsync(backupsThatCount({ backups, work, clock }))).toEqual([]);
    await expect(latestBackup({ backups, work }, clock.now())).rejects.toThrow(
      `There is no backup that counts: ${backup} and 1 older one were copied here from another place, and what is \`latest\` there nobody can tell. Name it to use it.`,
    );
    // Where it was made it counts as before.
    const source = folderPlace(from);
    expect((await latestBackup(source, clock.now())).manifest.name).toBe('2026-11-25_02-00-00');
  });

  it('counts as a copy also where it was made once, and had been deleted', async () => {
    const { from, to } = prepared();
    const { backups, work } = folderPlace(from);
    await recordFinish(work, { backup, executionId: 'the night' }, await manifestIn(from));
    await copy(from, to, backup);
    rmSync(join(from, backup), { recursive: true });

    expect((await copy(to, from, backup)).result).toMatchObject({ there: 'nothing' });

    const counting = await Array.fromAsync(backupsThatCount({ backups, work, clock }));
    expect(counting.map(({ manifest }) => manifest.name)).not.toContain(backup);
    expect((await copy(to, from, backup)).result).toMatchObject({ there: 'copied' });
  });

  it('counts as a copy whatever its folder is called there', async () => {
    const { from, to } = prepared();
    renameSync(join(from, backup), join(from, 'before the move'));

    const { result } = await copy(from, to, 'before the move');

    expect(result).toMatchObject({ backup: 'before the move', there: 'nothing' });
    expect(filesIn(to, 'before the move')).toEqual(filesIn(from, 'before the move'));
    expect(await manifestIn(to, 'before the move')).toMatchObject({ writtenAs: backup });
    renameSync(join(to, 'before the move'), join(to, backup));
    const { backups, work } = folderPlace(to);
    expect(await Array.fromAsync(backupsThatCount({ backups, work, clock }))).toEqual([]);
  });

  it('of a backup of format 1 is one of format 1', async () => {
    const from = new GoldenFolder('format-1').copy();
    const to = testDirectory();

    const { result } = await copy(from, to, '2026-11-23_02-00-00');

    expect(result?.verification.problems).toEqual([]);
    expect(filesIn(to, '2026-11-23_02-00-00')).toEqual(filesIn(from, '2026-11-23_02-00-00'));
  });

  it('of a partial backup is made, and says so', async () => {
    const { from, to } = prepared();
    await seal(from, { status: 'partial' });

    expect((await copy(from, to, backup)).result).toMatchObject({ status: 'partial', there: 'nothing' });
  });

  it('leaves strangers in the folder behind', async () => {
    const { from, to } = prepared();
    writeFileSync(join(from, backup, 'notes.txt'), 'mine');

    expect((await copy(from, to, backup)).result?.verification.strangers).toEqual([]);
    expect(existsSync(join(to, backup, 'notes.txt'))).toBe(false);
  });

  it('reads at most sixteen files at once', async () => {
    const { from, to } = prepared();
    let now = 0;
    let most = 0;
    const sixteen = Promise.withResolvers<void>();
    await copy(from, to, backup, {
      destination: (place) =>
        withStore(place, 'backups', {
          create: async (key: string, bytes: Uint8Array) => {
            now += 1;
            most = Math.max(most, now);
            if (now === 16) sixteen.resolve();
            await sixteen.promise;
            // Long enough for a seventeenth to come.
            await new Promise((resolve) => setTimeout(resolve, 2));
            await place.backups.create(key, bytes);
            now -= 1;
          },
        }),
    });
    expect(most).toBe(16);
  });
});

describe('who reads the backup', () => {
  it('is marked at both ends before the manifest is opened, until the copy has ended', async () => {
    const { from, to } = prepared();
    const ends = [folderPlace(from), folderPlace(to)];
    const runs = { holder: (executionId: string) => ({ executionId }), hasEnded: async () => false };
    const readers = () => Promise.all(ends.map((end) => readersOf({ ...end, runs, clock: testClock }, backup)));
    const seen: number[][] = [];

    await copy(from, to, backup, {
      source: (place) =>
        withStore(place, 'backups', {
          read: async (key: string, most?: number) => {
            seen.push((await readers()).map(({ length }) => length));
            return place.backups.read(key, most);
          },
        }),
    });

    expect(seen.length).toBeGreaterThan(10);
    expect(new Set(seen.map(String))).toEqual(new Set(['1,1']));
    expect((await readers()).flat()).toEqual([]);
  });

  it('cannot be marked on a disk that takes nothing: it is copied all the same, and that is said', async () => {
    const { from, to } = prepared();

    const { result, unmarked } = await copy(from, to, backup, {
      source: (place) =>
        withStore(place, 'work', {
          write: () => Promise.reject(new StorageError('The disk is read-only: x could not be written.')),
        }),
    });

    expect(result).toMatchObject({ there: 'nothing' });
    expect(unmarked).toEqual(['The disk is read-only: x could not be written.']);
  });
});

describe('a damaged backup', () => {
  it.each(Object.keys(damages) as (keyof typeof damages)[])(
    'that is %s is refused, and nothing is copied',
    async (damage) => {
      const { from, to } = prepared();
      const key = dataKey(from);
      damages[damage](join(from, key));

      const { error } = await copy(from, to, backup);

      expect(error).toMatchObject({ name: 'DamagedBackupError', exitCode: 13 });
      expect(error?.message).toContain(key);
      expect(existsSync(join(to, backup))).toBe(false);
    },
  );

  it('that is damaged while it is copied gets no manifest', async () => {
    const { from, to } = prepared();
    const key = dataKey(from);
    const reporter = new RecordingReporter();
    const planned = reporter.planned.bind(reporter);
    reporter.planned = (stage: string, count: number) => {
      planned(stage, count);
      if (stage === 'copying') damages['flipped in a bit'](join(from, key));
    };

    const { error } = await copy(from, to, backup, { reporter });

    expect(error).toMatchObject({ name: 'DamagedBackupError' });
    expect(error?.message).toContain(key);
    expect(existsSync(manifestPath(to))).toBe(false);
  });

  it('in its new place is named, by its file', async () => {
    const { from, to } = prepared();

    const { error } = await copy(from, to, backup, {
      destination: (place) =>
        withStore(place, 'backups', {
          create: async (key: string, bytes: Uint8Array) => {
            await place.backups.create(key, bytes);
            if (key === dataKey(from)) damages['flipped in a bit'](join(to, key));
          },
        }),
    });

    expect(error).toMatchObject({ name: 'DamagedBackupError', exitCode: 13 });
    expect(error?.message).toContain(`The copy ${backup} in ${to} is damaged: ${join(to, dataKey(from))}`);
  });
});

describe('what is there already', () => {
  it('is not sent again, where its bytes are the same', async () => {
    const { from, to } = prepared();
    await brokenOff(from, to);
    const created: string[] = [];

    const { result } = await copy(from, to, backup, {
      destination: (place) =>
        withStore(place, 'backups', {
          create: (key: string, bytes: Uint8Array) => {
            created.push(key);
            return place.backups.create(key, bytes);
          },
        }),
    });

    expect(created).toEqual([dataKey(from), `${backup}/manifest.json`]);
    expect(result?.copied).toMatchObject({ files: 1, found: filesIn(from, backup).size - 2 });
    expect(filesIn(to, backup)).toEqual(filesIn(from, backup));
  });

  it.each(['of other bytes', 'of another size'])('and is a file %s is named, and nothing is written', async (kind) => {
    const { from, to } = prepared();
    const missing = await brokenOff(from, to);
    const [, key = ''] = keysIn(to, backup, /objects\//);
    if (kind === 'of other bytes') damages['flipped in a bit'](join(to, key));
    else appendFileSync(join(to, key), ' ');

    const { error } = await copy(from, to, backup);

    expect(error).toMatchObject({ name: 'CopyRefusedError', exitCode: 1 });
    expect(error?.message).toContain(`${join(to, key)} is there already, with other bytes`);
    expect(existsSync(join(to, missing))).toBe(false);
    expect(existsSync(manifestPath(to))).toBe(false);
  });

  it('since a moment ago counts by its bytes as well', async () => {
    const { from, to } = prepared();
    const key = dataKey(from);
    const races = (bytesOfOther: (bytes: Uint8Array) => Uint8Array) =>
      copy(from, to, backup, {
        destination: (place) =>
          withStore(place, 'backups', {
            create: async (given: string, bytes: Uint8Array) => {
              if (given !== key) return place.backups.create(given, bytes);
              mkdirSync(dirname(join(to, key)), { recursive: true });
              writeFileSync(join(to, key), bytesOfOther(bytes));
              throw new KeyExistsError('It exists.');
            },
          }),
      });

    expect((await races(() => new Uint8Array(3))).error).toMatchObject({ name: 'CopyRefusedError' });
    rmSync(join(to, key));
    expect((await races((bytes) => bytes)).result).toMatchObject({ there: 'nothing' });
  });

  it('with another seal is another backup, and stays', async () => {
    const { from, to } = prepared();
    cpSync(join(from, backup), join(to, backup), { recursive: true });
    await seal(to, { writtenBy: 'somebody else' });
    const before = filesIn(to, backup);

    const { error } = await copy(from, to, backup);

    expect(error).toMatchObject({ name: 'CopyRefusedError' });
    expect(error?.message).toContain(`${join(to, backup)} is another backup than ${backup}: it has another seal.`);
    expect(filesIn(to, backup)).toEqual(before);
  });

  it('with a manifest that cannot be believed stays', async () => {
    const { from, to } = prepared();
    cpSync(join(from, backup), join(to, backup), { recursive: true });
    damages['flipped in a bit'](manifestPath(to));

    const { error } = await copy(from, to, backup);

    expect(error).toMatchObject({ name: 'CopyRefusedError' });
    expect(error?.message).toMatch(/cannot be believed: .* Nothing was copied\. Move that folder away/);
  });

  it('and is being made by a run there is left to it', async () => {
    const { from, to } = prepared();
    const owner = { executionId: 'arn:running' };
    await writeJson(folderPlace(to).work, workKeys(backup).owner, owner);

    expect((await copy(from, to, backup)).error).toMatchObject({
      name: 'CopyRefusedError',
      message: expect.stringContaining('is being made by a backup that runs there (arn:running)'),
    });
    expect(existsSync(join(to, backup))).toBe(false);
  });

  it.each(['made', 'copied', 'unrecorded'] as const)(
    'as the very backup, %s, is verified and left as it is',
    async (there) => {
      const { from, to } = prepared();
      if (there === 'copied') await copy(from, to, backup);
      else cpSync(join(from, backup), join(to, backup), { recursive: true });
      const manifest = await manifestIn(to);
      const { work } = folderPlace(to);
      if (there === 'made') await recordFinish(work, { backup, executionId: 'x' }, manifest);
      const before = filesIn(to, backup);

      const { result } = await copy(from, to, backup);

      expect(result).toMatchObject({ there, copied: { files: 0 }, verification: { problems: [] } });
      expect(filesIn(to, backup)).toEqual(before);
      expect((await copiedHere(work, manifest)) !== undefined).toBe(there === 'copied');
      damages['flipped in a bit'](join(to, dataKey(to)));
      expect((await copy(from, to, backup)).error).toMatchObject({ name: 'DamagedBackupError', exitCode: 13 });
    },
  );
});

describe('Ctrl-C', () => {
  it.each(['source check', 'copying', 'copy check'])(
    'in the stage "%s" ends it at the next file, and the same line goes on',
    async (stage) => {
      const { from, to } = prepared();
      const controller = new AbortController();
      const reporter = new RecordingReporter();
      const advanced = reporter.advanced.bind(reporter);
      reporter.advanced = (of: string, count: number) => {
        advanced(of, count);
        if (of === stage && reporter.advancedCounts[of] === 10) controller.abort();
      };

      const { error } = await copy(from, to, backup, { reporter, signal: controller.signal });

      expect(error).toMatchObject({ name: 'InterruptedError', exitCode: 130 });
      expect(error?.message).toContain('The same line again');
      expect(reporter.advancedCounts[stage]).toBeLessThan(40);
      expect(existsSync(manifestPath(to))).toBe(stage === 'copy check');
      const { result } = await copy(from, to, backup);
      expect(result?.there).toBe(stage === 'copy check' ? 'copied' : 'nothing');
      if (stage === 'copying') expect(result?.copied.found).toBeGreaterThanOrEqual(10);
      expect(filesIn(to, backup)).toEqual(filesIn(from, backup));
      expect(readFileSync(manifestPath(to))).toEqual(readFileSync(manifestPath(from)));
      expect(await readJson(folderPlace(to).work, `readers/${backup}/copy-test.json`)).toMatchObject({
        state: 'ended',
      });
    },
  );
});
