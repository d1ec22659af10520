import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Manifest, manifestFile, type StoredFile, sha256 } from '../../core/backup-format/manifest.ts';
import { listBackups, openBackup, openListed } from '../../core/backup-format/open-backup.ts';
import { latestBackup } from '../../core/operations/latest-backup.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { runCommand } from '../cli/command-process.ts';
import { damages } from './damaged-files.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, HurriedClock, RecordingReporter, testDirectory, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';

const written = '2026-11-23_02-00-00';
const night = (day: number) => new HurriedClock(Date.UTC(2026, 10, day, 2), () => 0);
const storeIn = (directory: string) => openLocalStores(directory).backups;

async function prepared() {
  const site = randomSite(5, 25);
  const simulator = await testSimulator({ site });
  const { directory, manifest } = await backUp(simulator, { clock: night(23) });
  const verify = async (name: string) =>
    verifyBackup({ backups: storeIn(directory), reporter: new RecordingReporter() }, name);
  return { site, simulator, directory, manifest: manifest as Manifest, verify };
}

describe('a backup whose folder was renamed', () => {
  it.each(['2026-11-20_02-00-00', 'before the upgrade', `${written}.keep`])(
    'to "%s" is told with both names',
    async (name) => {
      const { directory, verify, manifest } = await prepared();
      const whole = await verify(written);
      renameSync(join(directory, written), join(directory, name));
      expect(await verify(name)).toEqual({ ...whole, backup: name, writtenAs: written });
      expect(await openListed(storeIn(directory), name)).toMatchObject({
        state: 'finished',
        manifest: { name, writtenAs: written, status: 'complete', counts: manifest.counts },
      });
      const run = async (...argv: string[]) => {
        const { exitCode, stdout } = await runCommand([...argv, '--local', directory]);
        expect(exitCode).toBe(0);
        return stdout;
      };
      const sentence = `${name} was written as ${written}: its folder was renamed.`;
      expect(await run('list')).toContain(sentence);
      const listed = JSON.parse(await run('list', '--json')) as unknown;
      expect(listed).toMatchObject({ backups: [{ backup: name, writtenAs: written, state: 'finished' }] });
      expect(await run('show', name)).toContain(`it was written as ${written}`);
      expect(await run('verify', name)).toContain(`${name}, renamed: it was written as ${written}`);
    },
  );

  it('is restored, and names its damage where its files lie now', async () => {
    const { site, directory, verify } = await prepared();
    renameSync(join(directory, written), join(directory, 'kept'));
    const target = emptySiteLike(site);
    const simulator = await testSimulator({ site: target });
    const restored = await restore(simulator, directory, { folder: 'kept' });
    expect(restored.error).toBeUndefined();
    expect(restored.report).toMatchObject({ backup: 'kept', differences: [] });
    expect(compareSites(site, target, { objects: restored.objects, history: true })).toEqual([]);
    const again = await restore(simulator, directory, { folder: 'kept' });
    expect(again.result).toMatchObject({ created: 0, differences: 0 });

    const shard = 'kept/config/objectschemas.json';
    damages['flipped in a bit'](join(directory, shard));
    expect((await verify('kept')).problems).toMatchObject([{ key: shard }]);
    const refused = await restore(simulator, directory, { folder: 'kept' });
    expect(refused.error).toMatchObject({ name: 'DamagedBackupError' });
    expect(refused.error?.message).toContain(shard);
  });

  it('is not the latest by a name that is no time of its own', async () => {
    const { simulator, directory } = await prepared();
    await backUp(simulator, { directory, clock: night(24) });
    renameSync(join(directory, written), join(directory, '2099-01-01_00-00-00'));
    const { manifest, suspicions } = await latestBackup(openLocalStores(directory), Date.UTC(2026, 10, 24, 3));
    expect(manifest.name).toBe('2026-11-24_02-00-00');
    expect(suspicions).toEqual([`2099-01-01_00-00-00 does not count: it is ${written}, and its folder was renamed.`]);
  });

  it('stands in the list among the others by its time, and a stranger with a manifest of another kind does not', async () => {
    const { simulator, directory } = await prepared();
    await backUp(simulator, { directory, clock: night(24) });
    renameSync(join(directory, written), join(directory, 'zz'));
    for (const [folder, text] of [
      ['app', '{"name": "an app"}'],
      ['text', 'no JSON'],
    ] as const) {
      await storeIn(directory).create(`${folder}/manifest.json`, new TextEncoder().encode(text));
    }
    const names = (await Array.fromAsync(listBackups(storeIn(directory)))).map((backup) => backup.name);
    expect(names).toEqual(['zz', '2026-11-24_02-00-00']);
  });
});

describe("a manifest that lies in another's folder", () => {
  it.each(['with', 'without'])('is not believed, %s a manifest of its own before', async (before) => {
    const { simulator, directory, verify } = await prepared();
    const other = '2026-11-24_02-00-00';
    await backUp(simulator, { directory, clock: night(24), activity: before === 'with' });
    cpSync(join(directory, written, 'manifest.json'), join(directory, other, 'manifest.json'));

    const sentence = `${other}/manifest.json is the manifest of ${written}, whose files are not in this folder.`;
    expect((await verify(other)).problems[0]?.problem).toContain(sentence);
    expect(await openListed(storeIn(directory), other)).toMatchObject({ state: 'damaged' });
    for (const command of ['verify', 'show', 'restore']) {
      const { exitCode, stderr } = await runCommand([command, other, '--local', directory]);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 13, stderr: expect.stringContaining(sentence) });
    }
    const { exitCode, stdout } = await runCommand(['list', '--local', directory]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`${written} *complete[\\s\\S]*${other} *damaged`));
  });

  it('does not make a whole backup of a folder of the same name elsewhere', async () => {
    const { directory } = await prepared();
    const elsewhere = await backUp(await testSimulator({ site: randomSite(6, 25) }), { clock: night(23) });
    cpSync(join(directory, written, 'manifest.json'), join(elsewhere.directory, written, 'manifest.json'));
    const backups = storeIn(elsewhere.directory);
    const { problems } = await verifyBackup({ backups, reporter: new RecordingReporter() }, written);
    expect(problems.map(({ key }) => key)).toContain(`${written}/manifest/files-00001.jsonl`);
  });

  it('reads no file outside its folder, whatever its lists name', async () => {
    const { directory, manifest } = await prepared();
    const outside = { key: `${written}/../../etc/passwd`, bytes: 1, sha256: '0'.repeat(64), records: 1 };
    for (const key of [outside.key, '2026-11-01_02-00-00/config/objectschemas.json']) {
      const copy = testDirectory();
      cpSync(join(directory, written), join(copy, written), { recursive: true });
      const lists = [...manifest.fileLists, { ...outside, key }];
      writeFileSync(join(copy, written, 'manifest.json'), manifestFile({ ...unsealed(manifest), fileLists: lists }));
      const { problems } = await verifyBackup({ backups: storeIn(copy), reporter: new RecordingReporter() }, written);
      expect(problems).toEqual([{ key, problem: "lies outside the backup's folder." }]);
    }
  });
});

/** As it was before it was sealed. */
function unsealed(manifest: Manifest): Manifest {
  const { seal: _, ...fields } = manifest as Manifest & { seal?: string };
  return fields;
}

/** Every place of a manifest, as the way to it from the root. */
function placesIn(value: unknown, way: readonly string[] = []): string[][] {
  const inside = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  // Of a list one entry stands for all.
  const some = Array.isArray(value) ? inside.slice(0, 1) : inside;
  return some.flatMap(([name, item]) => [[...way, name], ...placesIn(item, [...way, name])]);
}

function withValue(manifest: Manifest, way: readonly string[], value: unknown): Manifest {
  const copy = structuredClone(manifest);
  const last = way.at(-1) ?? '';
  const parent = way.slice(0, -1).reduce<Record<string, unknown>>((at, name) => at[name] as never, copy as never);
  if (value === undefined && !Array.isArray(parent)) delete parent[last];
  else parent[last] = value;
  return copy;
}

describe('a manifest whose seal is intact', () => {
  const wrong: readonly unknown[] = [null, undefined, 'x', '', -1, 1.5, 1e300, true, [], {}, [null], [[]], { a: null }];

  it.each([1, 2])(
    'of format %i is a damaged backup or one that can be shown, whatever stands in any of its places; the others are listed',
    async (format) => {
      const { simulator, directory, manifest: made } = await prepared();
      const other = '2026-11-24_02-00-00';
      await backUp(simulator, { directory, clock: night(24), activity: false });
      const old = readFileSync(
        join(import.meta.dirname, '../golden/format-1/backups', written, 'manifest.json'),
        'utf8',
      );
      const manifest = format === 1 ? (JSON.parse(old) as Manifest) : made;
      const places = placesIn(unsealed(manifest));
      expect(places.length).toBeGreaterThan(60);
      let damaged = 0;
      for (const way of places) {
        for (const value of wrong) {
          const forged = manifestFile(withValue(unsealed(manifest), way, value));
          writeFileSync(join(directory, written, 'manifest.json'), forged);
          const [listed, next] = await Array.fromAsync(listBackups(storeIn(directory)));
          expect(next).toMatchObject({ name: other, state: 'finished' });
          if (listed?.state === 'damaged') damaged += 1;
          else if (listed?.state === 'finished') expect(() => JSON.stringify(listed.manifest.counts)).not.toThrow();
          else expect(listed).toMatchObject({ state: 'unsupported' });
        }
      }
      // Places that no reader goes by may hold anything.
      expect(damaged).toBeGreaterThan(places.length * wrong.length * 0.5);
    },
  );

  it.each([
    ['counts', null],
    ['schemas', {}],
    ['schemas.0.objectTypes', null],
    ['fileLists.0.key', 7],
    ['site', 'x'],
    ['status', 'fine'],
    ['startedAt', 'yesterday'],
    ['gaps', undefined],
  ])('is a damaged backup with a sentence where %s is %j', async (place, value) => {
    const { directory, manifest, verify } = await prepared();
    const forged = withValue(unsealed(manifest), place.split('.'), value);
    writeFileSync(join(directory, written, 'manifest.json'), manifestFile(forged));
    const sentence = /manifest\.json is damaged: its seal is intact, but .*No assets-backup writes it so\./;
    const listed = await openListed(storeIn(directory), written);
    expect(listed).toMatchObject({ state: 'damaged', reason: expect.stringMatching(sentence) });
    expect(listed).toMatchObject({ reason: expect.stringContaining(place.split('.').at(-1) ?? '') });
    expect((await verify(written)).problems[0]?.problem).toMatch(sentence);
  });

  it('is told so by every command', async () => {
    const { directory, manifest } = await prepared();
    const forged = withValue(unsealed(manifest), ['counts'], null);
    writeFileSync(join(directory, written, 'manifest.json'), manifestFile(forged));
    for (const command of ['show', 'verify']) {
      const { exitCode, stderr } = await runCommand([command, written, '--local', directory]);
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 13,
        stderr: expect.stringContaining('counts is no object'),
      });
    }
    const listed = await runCommand(['list', '--local', directory]);
    expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/damaged/) });
  });

  it.each([
    [0, 'DamagedBackupError'],
    [-1, 'DamagedBackupError'],
    [1.5, 'DamagedBackupError'],
    ['1', 'DamagedBackupError'],
    [null, 'DamagedBackupError'],
    [undefined, 'DamagedBackupError'],
    [3, 'UnsupportedFormatError'],
  ])('is refused with a format version of %j', async (version, error) => {
    const { directory, manifest } = await prepared();
    const forged = withValue(unsealed(manifest), ['formatVersion'], version);
    writeFileSync(join(directory, written, 'manifest.json'), manifestFile(forged));
    await expect(openBackup(storeIn(directory), written)).rejects.toMatchObject({ name: error });
  });
});

it('a file that a list names twice is damage: what one of the two was is lost', async () => {
  const { directory, manifest, verify } = await prepared();
  const list = join(directory, manifest.fileLists[0]?.key ?? '');
  const [first = ''] = readFileSync(list, 'utf8').split('\n');
  const bytes = Buffer.from(`${readFileSync(list, 'utf8')}${first}\n`);
  writeFileSync(list, bytes);
  const records = (manifest.fileLists[0]?.records ?? 0) + 1;
  const fileLists = [{ key: manifest.fileLists[0]?.key ?? '', bytes: bytes.length, sha256: sha256(bytes), records }];
  writeFileSync(join(directory, written, 'manifest.json'), manifestFile({ ...unsealed(manifest), fileLists }));
  const { key } = JSON.parse(first) as { key: string };
  expect((await verify(written)).problems).toContainEqual({
    key,
    problem: 'is listed twice: what one of the two was is lost.',
  });
});

describe('a stored file of another shape, of which the lists and the seal are right', () => {
  const texts = ['{"a":1}', '{}', '[null]', '[1]', '[{}]', '[[]]', '"x"', 'null', '7'];

  it('is named, and is no fault of the program', { timeout: 120_000 }, async () => {
    const { site, directory, manifest, verify } = await prepared();
    const [list] = manifest.fileLists;
    const lines = readFileSync(join(directory, list?.key ?? ''), 'utf8')
      .trimEnd()
      .split('\n');
    const files = lines.map((line) => JSON.parse(line) as StoredFile);
    const roles = [/\/objectsmeta\//, /\/objects\/[^/]+$/, /\/history\//, /\/comments\//, /\/config\/attributes\//];
    const some = roles.map((role) => files.find(({ key, records }) => role.test(key) && records > 0));
    expect(some).not.toContain(undefined);
    for (const file of some.filter((one) => one !== undefined)) {
      const path = join(directory, file.key);
      const whole = readFileSync(path);
      for (const text of texts) {
        const bytes = new TextEncoder().encode(text);
        const value = JSON.parse(text) as object | null;
        const records = Object.keys(value ?? {}).length;
        writeFileSync(path, bytes);
        seal(
          directory,
          manifest,
          files.map((one) => (one === file ? { ...one, bytes: bytes.length, sha256: sha256(bytes), records } : one)),
        );
        const { problems } = await verify(written);
        expect(problems, `${file.key} ${text}`).not.toEqual([]);
      }
      writeFileSync(path, whole);
    }
    const [objects] = some;
    const nulls = new TextEncoder().encode('[null]');
    const path = join(directory, objects?.key ?? '');
    const whole = readFileSync(path);
    writeFileSync(path, nulls);
    const forged = { bytes: nulls.length, sha256: sha256(nulls), records: 1 };
    seal(
      directory,
      manifest,
      files.map((one) => (one === objects ? { ...one, ...forged } : one)),
    );
    const target = await testSimulator({ site: emptySiteLike(site) });
    const { error } = await restore(target, directory, { folder: written });
    expect(error).toMatchObject({ name: 'DamagedBackupError' });
    expect(error?.message).toContain('is of another shape than the format gives it');
    expect(target.requests.writes).toEqual([]);
    writeFileSync(path, whole);
    seal(directory, manifest, files);
    expect((await verify(written)).problems).toEqual([]);
  });

  it('is a list of references too', async () => {
    const { directory, manifest, verify } = await prepared();
    const files = readFileSync(join(directory, manifest.fileLists[0]?.key ?? ''), 'utf8')
      .trimEnd()
      .split('\n');
    const key = `${written}/manifest/references-outside-00001.jsonl`;
    for (const text of ['7\n', '{}\n', '"x"\n', '[]\n', '']) {
      const bytes = new TextEncoder().encode(text);
      writeFileSync(join(directory, key), bytes);
      const records = text === '' ? 0 : 1;
      const named = { key, bytes: bytes.length, sha256: sha256(bytes), records };
      seal(directory, manifest, [...files.map((line) => JSON.parse(line) as StoredFile), named]);
      const problems = (await verify(written)).problems.map(({ problem }) => problem).join();
      expect(problems, text).toMatch(text === '' ? /counts \d+ files/ : /is of another shape than the format gives it/);
    }
  });
});

/** Writes the list of a backup anew, and seals it. */
function seal(directory: string, manifest: Manifest, files: readonly StoredFile[]): void {
  const [list] = manifest.fileLists;
  if (!list) throw new Error('The manifest has no list.');
  const bytes = new TextEncoder().encode(files.map((file) => `${JSON.stringify(file)}\n`).join(''));
  writeFileSync(join(directory, list.key), bytes);
  const fileLists = [{ ...list, bytes: bytes.length, sha256: sha256(bytes), records: files.length }];
  writeFileSync(join(directory, written, 'manifest.json'), manifestFile({ ...unsealed(manifest), fileLists }));
}
