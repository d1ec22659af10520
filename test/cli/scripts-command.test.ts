import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../../cli/command-context.ts';
import { runCommandLine } from '../../cli/command-line.ts';
import { diffWithSiteLocally } from '../../local/local-diff.ts';
import { restoreLocally } from '../../local/local-restore.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import {
  pythonJson,
  type ScriptsFiles,
  scriptsFilesOf,
  writeScripts,
} from '../core/original-scripts/written-scripts.ts';
import { zipOf } from '../core/original-scripts/zip-writer.ts';
import { compareSites } from '../end-to-end/equal-sites.ts';
import { backUp, settingsFor, testClock, testDirectory, testSimulator } from '../end-to-end/local-run.ts';
import { companySite } from '../end-to-end/restore-company.ts';
import { objectsOfTable } from '../end-to-end/restore-run.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';

const name = '2022-06-16_10-41-30';
let company: ScriptsFiles;

beforeAll(async () => {
  const simulator = await startSimulator({ site: companySite().site });
  company = await scriptsFilesOf(simulator).finally(() => simulator.close());
});

/** The same in a folder of backups, as a folder and as a zip. */
function placed(files: ScriptsFiles = company) {
  const directory = testDirectory();
  const folder = join(directory, name);
  writeScripts(folder, files);
  const zips = testDirectory();
  const zip = join(zips, 'company.zip');
  const entries = [...files].map(([path, value]) => ({
    name: `${name}/${path}`,
    bytes: Buffer.from(pythonJson(value)),
  }));
  writeFileSync(zip, zipOf(entries));
  return { directory, folder, zips, zip };
}

function productFor(simulator?: Simulator): Product {
  const more = { clock: testClock, requestTimeoutMilliseconds: 5_000 };
  const settings = simulator && settingsFor(simulator);
  return pretendProduct(undefined, {
    openBackups: async (directory) => openLocalStores(directory).backups,
    restore: (options) => restoreLocally({ ...options, ...(settings && { settings }), ...more }),
    diffWithSite: (options) => diffWithSiteLocally({ ...options, ...(settings && { settings }), ...more }),
  }).product;
}

async function run(argv: readonly string[], simulator?: Simulator) {
  const env = simulator
    ? { ASSETS_SITE_NAME: simulator.url, ASSETS_API_TOKEN: 'token', ASSETS_USERNAME: 'me@here' }
    : {};
  const io = new RecordedIo({ env });
  const exitCode = await runCommandLine([...argv], io, productFor(simulator));
  return { exitCode, io, stdout: io.stdout.text, stderr: io.stderr.text };
}

const treeOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();

describe('backups of the original scripts', () => {
  it('are listed as what they are, beside ours, without being converted', async () => {
    const { directory } = placed();
    mkdirSync(join(directory, '2026-11-23_02-00-00', 'config'), { recursive: true });
    const ours = '[\n{"id":"1","objectSchemaKey":"FAC"}\n]\n';
    writeFileSync(join(directory, '2026-11-23_02-00-00', 'config', 'objectschemas.json'), ours);

    const { exitCode, stdout } = await run(['list', '--local', directory]);
    const asJson = await run(['list', '--local', directory, '--json']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`${name} +original-scripts +FAC, ASSETS`));
    expect(stdout).toMatch(/2026-11-23_02-00-00 +unfinished/);
    expect(stdout).toContain('1 backup is of the original scripts: it can be shown, verified, restored, compared');
    expect(asJson.io.document()).toMatchObject({
      backups: [
        { backup: name, state: 'original-scripts', schemas: ['FAC', 'ASSETS'] },
        { backup: '2026-11-23_02-00-00', state: 'unfinished' },
      ],
    });
    expect(existsSync(join(directory, '.work'))).toBe(false);
  });

  it('are places of their own: the folder itself, and a zip', async () => {
    const { folder, zip, zips } = placed();

    for (const place of [folder, zip]) {
      const { exitCode, stdout } = await run(['list', '--local', place]);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(new RegExp(`${name} +original-scripts`));
      const shown = await run(['show', name, '--local', place]);
      expect(shown.exitCode).toBe(0);
      expect(shown.stdout).toContain(`Folder      ${place}`);
    }
    expect(readdirSync(zips).sort()).toEqual(['.work', 'company.zip']);
  });

  it.each(['folder', 'zip'] as const)('are listed and shown object by object (%s)', async (kind) => {
    const { [kind]: place } = placed();

    const types = await run(['ls', name, 'ASSETS', '--local', place, '--json']);
    const { objectTypes } = types.io.document() as { objectTypes: { id: string; objects: number }[] };
    const type = objectTypes.find(({ objects }) => objects > 0)?.id ?? '';
    const listed = await run(['ls', name, type, '--local', place]);
    const [key = ''] = listed.stdout.split(' ');
    const shown = await run(['show', name, '--object', key, '--history', '--local', place]);
    const { stdout } = await run(['export', name, '--type', type, '--csv', '--local', place]);

    expect(key).toMatch(/^ASSETS-\d+$/);
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toMatch(new RegExp(`^${key}  `));
    expect(shown.stdout).toContain('Backups of the original scripts are not looked through');
    expect(stdout).toContain(`\r\n${key},`);
  });

  it.each(['folder', 'zip'] as const)('are shown with what they do not hold (%s)', async (kind) => {
    const { [kind]: place } = placed();

    const { exitCode, stdout } = await run(['show', name, '--local', place]);
    const asJson = await run(['show', name, '--local', place, '--json']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}Made of +a backup of the original scripts \(\d+ files( in a zip)?, \d+ kB\)$/m);
    expect(stdout).toMatch(/ASSETS +Assets +6/);
    expect(stdout).not.toContain('Of these');
    const { manifest } = asJson.io.document() as { manifest: { notices: { kind: string; message: string }[] } };
    expect(manifest.notices.map(({ kind }) => kind)).toEqual(Array(8).fill('not-held'));
    expect(manifest.notices.map(({ message }) => message)).toEqual([
      'Nothing in it names the address of its site.',
      'It holds no images of icons: an icon that the target does not have by its name is not made.',
      'It holds no attachments and no avatars of objects.',
      'It does not say which issues hold which objects.',
      'It does not say how many objects the site had: what the scripts did not get, nobody can tell from their files.',
      'It has no checksums: what was changed since, and still is JSON, nobody can tell.',
      'Its history may be cut: the scripts asked for the short form, in which long values end early.',
      "Its name is the local time of the scripts' machine, in no named time zone.",
    ]);
  });

  it.each(['folder', 'zip'] as const)('are verified as far as they allow (%s)', async (kind) => {
    const { [kind]: place } = placed();

    const { exitCode, stdout } = await run(['verify', name, '--local', place]);
    const asJson = await run(['verify', name, '--local', place, '--json']);

    expect(exitCode).toBe(0);
    expect(stdout).toContain('The scripts have stored no checksums and no counts');
    expect(stdout).toContain('9 objects stand in objects/ and in objectsmeta/, 0 only in objectsmeta/');
    expect(stdout.includes('has the checksum that its zip says')).toBe(kind === 'zip');
    expect(asJson.io.document()).toMatchObject({ isWhole: true, problems: [], objects: 9 });
  });

  it('are damaged where a file is cut, also one that was whole when it was converted', async () => {
    const { directory, folder } = placed();
    const [laptops = ''] = treeOf(folder).filter((path) => path.startsWith('ASSETS/objectsmeta/Laptop'));
    expect((await run(['verify', name, '--local', directory])).exitCode).toBe(0);
    writeFileSync(join(folder, laptops), readFileSync(join(folder, laptops), 'utf8').slice(0, -20));

    const { exitCode, stdout } = await run(['verify', name, '--local', directory]);

    expect(exitCode).toBe(13);
    expect(stdout).toContain(`${laptops} is no JSON: it was cut, or changed.`);
    const shown = await run(['show', name, '--local', directory]);
    expect(shown.stdout).toContain('partial');
  });

  it.each(['folder', 'zip'] as const)('are planned and restored into an empty site, equal (%s)', async (kind) => {
    const { [kind]: place, directory, zips } = placed();
    const source = companySite().site;
    const simulator = await testSimulator({ site: emptySiteLike(source) });

    const plan = await run(['restore', name, '--local', place, '--dry-run', '--json'], simulator);
    const restored = await run(['restore', name, '--local', place, '--json'], simulator);

    expect(plan.exitCode, plan.stderr).toBe(0);
    expect(restored.stderr).toBe('');
    const result = restored.io.document() as { restore: string; report: { losses: unknown[]; notices: string[] } };
    expect(restored.exitCode, restored.stdout).toBe(0);
    const work = join(kind === 'zip' ? zips : directory, '.work');
    const keys = readFileSync(join(work, 'restores', result.restore, 'keys.csv'), 'utf8');
    expect(
      compareSites(source, simulator.site, { objects: objectsOfTable(keys), history: true, icons: false }),
    ).toEqual([]);
    expect(JSON.stringify(result)).toContain('It holds no attachments and no avatars of objects.');
  });

  it('are restored in place by id, and compared with their site', async () => {
    const { directory } = placed();
    const { site, laptops } = companySite();
    const simulator = await testSimulator({ site });
    const same = await run(['diff', name, '--live', '--local', directory, '--json'], simulator);
    for (const one of laptops.slice(0, 1)) site.deleteObject(one);

    const differs = await run(['diff', name, '--live', '--local', directory], simulator);
    const restored = await run(['restore', name, '--local', directory, '--json'], simulator);

    expect(same.exitCode, same.stdout + same.stderr).toBe(0);
    expect(differs.exitCode).toBe(14);
    expect(restored.exitCode, restored.stdout + restored.stderr).toBe(0);
    expect([...site.objects.all()].filter(({ typeId }) => typeId === laptops[1]?.typeId)).toHaveLength(6);
  });

  it('are compared with backups of ours', async () => {
    const { directory } = placed();
    const { site, laptops } = companySite();
    const simulator = await testSimulator({ site });
    const { result } = await backUp(simulator, { directory });
    for (const one of laptops.slice(0, 1)) site.deleteObject(one);
    testClock.pass(2_000);
    const later = await backUp(simulator, { directory });

    const same = await run(['diff', name, result?.backup ?? '', '--local', directory]);
    const differs = await run(['diff', name, later.result?.backup ?? '', '--local', directory]);

    expect(same.exitCode, same.stdout).toBe(0);
    expect(differs.exitCode).toBe(14);
    expect(differs.stdout).toContain('Laptop 0');
    const latest = await run(['show', 'latest', '--local', directory]);
    expect(latest.stdout).toContain(`Backup ${later.result?.backup}`);
  });

  it.each(['folder', 'zip'] as const)('are copied into our format, where they count as copies (%s)', async (kind) => {
    const { [kind]: from } = placed();
    const to = join(testDirectory(), 'ours');

    const { exitCode, stdout, stderr } = await run(['copy', name, '--from', from, '--to', to]);

    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^ {2}Made of +a backup of the original scripts/m);
    expect(existsSync(join(to, name, 'manifest.json'))).toBe(true);
    const listed = await run(['list', '--local', to, '--json']);
    const shown = await run(['show', name, '--local', to]);
    expect(shown.stdout).toContain(`Copied      from ${from}`);
    expect(shown.stdout).toMatch(/^ {2}Made of +a backup of the original scripts/m);
    expect(listed.io.document()).toMatchObject({
      backups: [
        { backup: name, state: 'finished', status: 'complete', copiedFrom: expect.any(String), originalScripts: {} },
      ],
    });
    expect((await run(['verify', name, '--local', to])).exitCode).toBe(0);
    expect((await run(['show', 'latest', '--local', to])).exitCode).toBe(10);
    const diff = await run(['diff', name, name, '--local', to]);
    expect(diff.exitCode, diff.stderr).toBe(0);
    const again = await run(['copy', name, '--from', from, '--to', to]);
    expect(again.exitCode).toBe(0);
  });

  it('take nothing in, and nothing of them goes', async () => {
    const { directory, folder, zip } = placed();
    const before = treeOf(folder);
    for (const place of [folder, zip]) {
      const backup = await run(['backup', '--local', place, '--site', 'site.json']);
      expect(backup.exitCode).toBe(2);
      expect(backup.stderr).toContain('is a backup of the original scripts, into which nothing is written');
      const copy = await run(['copy', name, '--from', directory, '--to', place]);
      expect(copy.exitCode).toBe(2);
      const prune = await run(['prune', '--local', place]);
      expect(prune.exitCode).toBe(2);
      expect(prune.stderr).toContain('which nothing ever deletes');
    }
    const beside = await run(['copy', name, '--from', zip, '--to', directory]);
    expect(beside.exitCode).toBe(1);
    expect(beside.stderr).toContain('a copy of that name has no room beside it');
    writeFileSync(join(directory, 'settings.json'), '{ "keep": { "last": 1 } }');
    const prune = await run(['prune', '--local', directory, '--json']);
    expect(prune.io.document()).toMatchObject({
      deleted: [],
      unfinished: { deleted: [], kept: [] },
      kept: [{ backup: name, reasons: ['of the original scripts: none of ours, and never deleted'] }],
    });
    expect(treeOf(folder)).toEqual(before);
    expect((await run(['show', 'latest', '--local', directory])).exitCode).toBe(10);
  });

  it('are not looked into by find, which says so', async () => {
    const { directory, zip } = placed();
    const to = directory.replace(/$/, '-copies');
    await run(['copy', name, '--from', zip, '--to', to]);
    writeScripts(join(to, '2021-01-01_00-00-00'), company);

    const { exitCode, stdout } = await run(['find', 'Laptop', '--local', to]);

    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('1 backup of the original scripts was not looked into: 2021-01-01_00-00-00. Copy one');
    const alone = await run(['find', 'Laptop', '--local', zip]);
    expect(alone.exitCode).toBe(10);
    expect(alone.stderr).toContain('1 backup of the original scripts is there, and must be copied first');
  });

  it('are shown, verified and copied where nothing can be written beside them', async () => {
    const { directory, zips, zip } = placed();
    for (const place of [directory, zips]) symlinkSync('/proc/self', join(place, '.work'));
    const to = testDirectory();

    expect((await run(['show', name, '--local', directory])).stdout).toMatch(/ASSETS +Assets +6/);
    expect((await run(['verify', name, '--local', zip])).exitCode).toBe(0);
    expect((await run(['copy', name, '--from', zip, '--to', to])).exitCode).toBe(0);
    expect((await run(['verify', name, '--local', to])).exitCode).toBe(0);
  });

  it('are refused where a file is no zip of theirs', async () => {
    const folder = testDirectory();
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'no zip');
    const other = join(folder, 'other.zip');
    writeFileSync(other, zipOf([{ name: 'a.txt', bytes: Buffer.from('a') }]));

    expect((await run(['list', '--local', text])).stderr).toContain('or a zip of a backup of the original scripts');
    const refused = await run(['list', '--local', other]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('it has no config/objectschemas.json');
  });
});
