import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openListed } from '../../core/backup-format/open-backup.ts';
import type { Verification } from '../../core/verify/verification.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { runCommand } from '../cli/command-process.ts';
import { compareSites } from './equal-sites.ts';
import { inPlaceOf, kindsOfFile, kindsWithBytes } from './kinds-of-file.ts';
import {
  backUp,
  type FinishedRun,
  HurriedClock,
  RecordingReporter,
  testDirectory,
  testSimulator,
} from './local-run.ts';
import { restore } from './restore-run.ts';

const name = '2026-11-23_02-00-00';
const clock = () => new HurriedClock(Date.UTC(2026, 10, 23, 2), () => 0);

async function prepared(seed = 5) {
  const site = randomSite(seed, 25);
  const simulator = await testSimulator({ site });
  const { directory } = await backUp(simulator, { clock: clock() });
  return { site, simulator, directory, outside: testDirectory(), keys: keysIn(directory) };
}

/** Keys of all files of the backup, in their order. */
function keysIn(directory: string): string[] {
  return readdirSync(join(directory, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

/** The folders on the way to a file, below that of the backup. */
const foldersOf = (key: string) =>
  key
    .split('/')
    .slice(1, -1)
    .map((_, index, names) => [name, ...names.slice(0, index + 1)].join('/'));

const verify = (directory: string): Promise<Verification> =>
  verifyBackup({ backups: openLocalStores(directory).backups, reporter: new RecordingReporter() }, name);

const said = ({ problems }: Verification, key: string) =>
  problems.filter((problem) => problem.key === key).map(({ problem }) => problem);

describe('in the place of each stored file', () => {
  it.each([...Object.entries(kindsOfFile), ...Object.entries(kindsWithBytes)])(
    '%s is named, hangs nothing and does not pass',
    async (kind, make) => {
      const { directory, outside, keys } = await prepared();
      expect(keys.length).toBeGreaterThan(40);
      const { backups } = openLocalStores(directory);
      expect((await verify(directory)).problems).toEqual([]);
      const words = kind.startsWith('a link') ? 'a symbolic link' : kind;
      for (const key of keys) {
        await inPlaceOf(join(directory, key), outside, make, async () => {
          expect(said(await verify(directory), key).join(), key).toContain(`is ${words}, where a file should be`);
          const listed = await openListed(backups, name);
          expect(listed.state).toBe(key.endsWith('/manifest.json') ? 'damaged' : 'finished');
        });
      }
      expect((await verify(directory)).problems).toEqual([]);
    },
  );

  it.each(['inside', 'outside'])('a folder that is a link to the same files %s does not pass either', async (where) => {
    const { directory, outside, keys } = await prepared();
    const folders = [...new Set(keys.flatMap(foldersOf))];
    expect(folders.length).toBeGreaterThan(8);
    for (const folder of folders) {
      const path = join(directory, folder);
      const moved = where === 'inside' ? join(directory, name, 'moved') : join(outside, 'moved');
      renameSync(path, moved);
      symlinkSync(moved, path);
      const problems = (await verify(directory)).problems.map(({ problem }) => problem).join();
      expect(problems, folder).toMatch(/lies behind a symbolic link \(.*\), where a file should be/);
      rmSync(path);
      renameSync(moved, path);
    }
    expect((await verify(directory)).problems).toEqual([]);
  });

  it('it is told by every command, and the folder of all backups may be a link', async () => {
    const { directory, outside, keys } = await prepared();
    const link = join(outside, 'backups');
    symlinkSync(directory, link);
    const run = async (...argv: string[]) => runCommand([...argv, '--local', link]);
    expect((await run('verify', name)).exitCode).toBe(0);

    const key = keys.find((one) => one.includes('/objectsmeta/')) ?? '';
    const pipe = kindsOfFile['a named pipe'] ?? (() => {});
    await inPlaceOf(join(directory, key), outside, pipe, async () => {
      expect(await run('verify', name)).toMatchObject({
        exitCode: 13,
        stdout: expect.stringContaining(`${key} is a named pipe, where a file should be.`),
      });
    });
    await inPlaceOf(join(directory, name, 'manifest.json'), outside, pipe, async () => {
      expect(await run('list')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/damaged/) });
      const { exitCode, stderr } = await run('show', name);
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 13,
        stderr: expect.stringContaining('manifest.json is a named pipe, where a file should be.'),
      });
    });
  });

  it.each([6e8, 3e9])(
    'a sparse file of %d bytes is named, and nobody reads it to its end',
    { timeout: 120_000 },
    async (size) => {
      const { directory, outside, keys } = await prepared();
      const sparse = (path: string) => {
        writeFileSync(path, '');
        truncateSync(path, size);
      };
      for (const key of keys) {
        await inPlaceOf(join(directory, key), outside, sparse, async () => {
          const { problems } = await verify(directory);
          expect(problems.find((problem) => problem.key === key)?.problem, key).toContain(
            `is ${size} bytes of something else, where a file should be`,
          );
        });
      }
      mkdirSync(join(directory, 'of another program'));
      sparse(join(directory, 'of another program', 'manifest.json'));
      const manifest = join(directory, name, 'manifest.json');
      await inPlaceOf(manifest, outside, sparse, async () => {
        const listed = await runCommand(['list', '--local', directory]);
        expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/damaged/) });
        expect((await runCommand(['show', name, '--local', directory])).exitCode).toBe(13);
      });
      expect((await runCommand(['list', '--local', directory])).stdout).not.toContain('of another program');
    },
  );

  it('nothing is restored from it', async () => {
    const { site, directory, outside, keys } = await prepared();
    const target = await testSimulator({ site: emptySiteLike(site) });
    const key = keys.find((one) => one.includes('/objectsmeta/')) ?? '';
    const link = kindsWithBytes['a link to the file itself, outside'] ?? (() => {});
    const { error } = await inPlaceOf(join(directory, key), outside, link, () =>
      restore(target, directory, { folder: name }),
    );
    expect(error).toMatchObject({ name: 'DamagedBackupError', exitCode: 13 });
    expect(error?.message).toContain(`${key} is a symbolic link, where a file should be.`);
    expect(target.requests.writes).toEqual([]);
  });
});

/** What lies under each key that a run is about to create. */
const planted: typeof kindsOfFile = {
  ...kindsOfFile,
  'a file with other bytes': (path: string) => writeFileSync(path, '[\n{"id":"1","label":"planted"}\n]\n'),
  'an empty file': (path: string) => writeFileSync(path, ''),
};

/** A run under whose keys, just before it creates them, lies what `plant` puts there. */
async function backUpOver(
  site: SimulatedSite,
  plant: (path: string, key: string, bytes: Uint8Array) => void | Promise<void>,
): Promise<FinishedRun> {
  const directory = testDirectory();
  const seen = new Set<string>();
  return backUp(await testSimulator({ site }), {
    directory,
    clock: clock(),
    decorate: (services) => {
      const { backups } = services;
      return {
        ...services,
        backups: {
          create: async (key, bytes) => {
            if (!seen.has(key)) {
              seen.add(key);
              await openLocalStores(directory)
                .backups.create(`${dirname(key)}/before`, new Uint8Array())
                .catch(() => {});
              rmSync(join(directory, dirname(key), 'before'), { force: true });
              await plant(join(directory, key), key, bytes);
            }
            return backups.create(key, bytes);
          },
          copy: (from, key) => backups.copy(from, key),
          read: (key) => backups.read(key),
          stream: (key) => backups.stream(key),
          list: (prefix) => backups.list(prefix),
          folders: () => backups.folders(),
          addressOf: (key) => backups.addressOf(key),
        },
      };
    },
  });
}

const isFirstName = (key: string) => !key.includes('.try-');
const isManifest = (key: string) => key.endsWith('/manifest.json');

describe('where something lies under each key of a running backup', () => {
  it.each(Object.entries(planted))('%s is never sealed in, and the backup is all of the site', async (kind, plant) => {
    const site = randomSite(7, 30);
    const run = await backUpOver(site, async (path, key) => {
      if (isFirstName(key) && !isManifest(key)) await plant(path, '');
    });
    expect(run.result).toMatchObject({ status: 'complete', gaps: 0 });
    expect(run.manifest?.notices.map(({ kind }) => kind)).toContain('stray-files');
    const { problems, strangers } = await verify(run.directory);
    expect(problems).toEqual([]);
    const isStrayListed = kind.includes('file');
    if (isStrayListed) expect(strangers.length).toBe(keysIn(run.directory).filter(isFirstName).length - 1);
    const verified = await runCommand(['verify', name, '--local', run.directory]);
    expect(verified.exitCode).toBe(0);
    if (isStrayListed) expect(verified.stdout).toMatch(/files in the folder that the backup does not name/);

    const target = emptySiteLike(site);
    const restored = await restore(await testSimulator({ site: target }), run.directory, { folder: name });
    expect(restored.report?.differences).toEqual([]);
    expect(compareSites(site, target, { objects: restored.objects, history: true })).toEqual([]);
  });

  it('the very bytes are those of an earlier try: nothing is stored twice, and nothing is to be told', async () => {
    const run = await backUpOver(randomSite(7, 30), (path, key, bytes) => {
      if (!isManifest(key)) writeFileSync(path, bytes);
    });
    expect(run.result).toMatchObject({ status: 'complete' });
    expect(run.manifest?.notices.filter(({ kind }) => kind === 'stray-files')).toEqual([]);
    expect(keysIn(run.directory).filter((key) => !isFirstName(key))).toEqual([]);
    expect(await verify(run.directory)).toMatchObject({ problems: [], strangers: [] });
  });

  it('another manifest stays, and is no success of this run', async () => {
    const made = await backUp(await testSimulator({ site: randomSite(8, 9) }), { clock: clock() });
    const other = readFileSync(join(made.directory, name, 'manifest.json'));
    const run = await backUpOver(randomSite(7, 30), (path, key) => {
      if (isManifest(key)) writeFileSync(path, other);
    });
    expect(run.error).toMatchObject({ name: 'KeyExistsError' });
    expect(run.error?.message).toMatch(/manifest\.json is there already, and this run did not write it/);
    expect(readFileSync(join(run.directory, name, 'manifest.json')).equals(other)).toBe(true);
  });
});
