import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { packageManifest } from '../../packaging/package-manifest.ts';
import { siteOfSeed } from '../../simulator/seeds/site-of-seed.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { root } from '../architecture/source-files.ts';
import { startProcess } from '../cli/command-process.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { roomyPlace } from '../roomy-place.ts';

const folder = mkdtempSync(join(roomyPlace(), 'assets backup package-'));
/** A copy, since whatever runs beside this reads the manifest of this one. */
const clone = join(folder, 'clone');
const user = join(folder, 'user');
const installed = join(user, 'node_modules/assets-backup');
const notCopied = ['node_modules', '.git', 'bundle', 'cdk.out', 'coverage', 'backups', 'demo-backups'];
const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);

/** Whatever npm wants to say to people stays out of the way; it asks no registry. */
function npm(where: string, ...words: string[]): string {
  const env = { PATH, HOME: folder, npm_config_update_notifier: 'false', npm_config_offline: 'true' };
  return execFileSync('npm', words, { cwd: where, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

const manifestOf = (where: string) => readFileSync(join(where, 'package.json'), 'utf8');

/** The installed command, as the shell finds it by what npm has linked. */
async function run(...words: string[]) {
  const command = join(user, 'node_modules/.bin/assets-backup');
  return startProcess([process.execPath, command, ...words], {}, 'ignore').ended;
}

beforeAll(() => {
  cpSync(root, clone, {
    recursive: true,
    filter: (path) => dirname(path) !== root || !(notCopied.includes(basename(path)) || path.endsWith('.tgz')),
  });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  npm(clone, 'pack', '--pack-destination', folder);
  cpSync(join(clone, '.npmrc'), join(folder, '.npmrc'));
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "private": true }');
  npm(user, 'install', join(folder, `assets-backup-${packageManifest.version}.tgz`));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm pack', () => {
  it('leaves the clone as it was', () => {
    expect(existsSync(join(clone, 'bundle'))).toBe(false);
    expect(existsSync(join(clone, 'package.clone.json'))).toBe(false);
    expect(manifestOf(clone)).toBe(manifestOf(root));
  });

  it('mends a clone in which another one broke off', () => {
    execFileSync(process.execPath, ['packaging/main.ts', 'prepack'], { cwd: clone });
    expect(manifestOf(clone)).not.toBe(manifestOf(root));
    expect(existsSync(join(clone, 'bundle/main.mjs'))).toBe(true);

    npm(clone, 'pack', '--pack-destination', folder);

    expect(manifestOf(clone)).toBe(manifestOf(root));
    expect(existsSync(join(clone, 'bundle'))).toBe(false);
  }, 300_000);
});

describe('the package', () => {
  it('has the command, its documents and what starts it, and nothing else', () => {
    const files = filesIn(installed);
    const below = (top: string) => files.filter((file) => file.startsWith(top)).map((file) => file.slice(top.length));
    expect(files.filter((file) => !/^(bundle|docs)\//.test(file))).toEqual([
      'CHANGELOG.md',
      'README.md',
      'SECURITY.md',
      'cli/assets-backup.mjs',
      'package.json',
      'packaging/Containerfile',
      ...filesIn(join(root, 'packaging/systemd')).map((file) => `packaging/systemd/${file}`),
    ]);
    expect(below('docs/')).toEqual(filesIn(join(root, 'docs')));
    expect(below('bundle/').filter((file) => !/^[\w.-]+\.mjs$/.test(file))).toEqual([
      'LICENCES.txt',
      'backup/backup.asl.json',
      'drill/drill.asl.json',
      'page.css',
      'page.js',
      'restore/restore.asl.json',
    ]);
  });

  it('needs no other package, and says which Node it needs', () => {
    expect(readdirSync(join(user, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['assets-backup']);
    expect(JSON.parse(manifestOf(installed))).toEqual(packageManifest);
    const launcher = readFileSync(join(installed, 'cli/assets-backup.mjs'), 'utf8');
    const [, major, minor] = /: \[(\d+), (\d+)\];/.exec(launcher) ?? [];
    expect(packageManifest.engines.node).toBe(`>=${major}.${minor}`);
  });

  it('has nothing of simulator, tests or deployment in its bundle, and no path of the machine that made it', () => {
    const modules = filesIn(join(installed, 'bundle')).map((file) =>
      readFileSync(join(installed, 'bundle', file), 'utf8'),
    );
    const bundle = modules.join('\n');
    for (const word of [SimulatedSite.name, 'fast-check', 'aws-cdk-lib/', folder, root, `${homedir()}/`]) {
      expect(bundle.includes(word), word).toBe(false);
    }
    // It would be seen: paths of packages stand there.
    expect(bundle.includes('"node_modules/yauzl/')).toBe(true);
    expect(readFileSync(join(installed, 'bundle/page.js')).length).toBeGreaterThan(10_000);
  });

  it('names the packages that its bundle is made of, with their licences', () => {
    const licences = readFileSync(join(installed, 'bundle/LICENCES.txt'), 'utf8');
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules/commander/package.json'), 'utf8'));
    expect(licences).toContain(`\ncommander ${version}, MIT\n`);
    for (const name of ['@aws-sdk/client-s3', 'jsonata', 'preact', 'pino', 'valibot', 'yauzl'])
      expect(licences).toContain(`\n${name} `);
    expect(licences.match(/Permission is hereby granted/g)?.length).toBeGreaterThan(20);
    expect(licences).not.toContain('aws-cdk-lib');
  });
});

describe('the installed command', { timeout: 120_000 }, () => {
  it('is what npx runs', () => {
    expect(npm(user, 'exec', '--', 'assets-backup', '--help')).toContain('Usage: assets-backup <command>');
    expect(npm(user, 'exec', '--', 'assets-backup', '--version')).toBe(`${packageManifest.version}\n`);
  });

  it('backs up, lists, shows, verifies and restores', async () => {
    const simulators = ['large:40', undefined].map((seed) =>
      startSimulator({ site: seed === undefined ? new SimulatedSite() : (siteOfSeed(seed) ?? new SimulatedSite()) }),
    );
    const [source, target] = await Promise.all(simulators);
    if (!source || !target) throw new Error('There is no simulator.');
    onTestFinished(() => Promise.all([source.close(), target.close()]).then(() => {}));
    const place = temporaryFolder();
    const settings = (name: string, { url, credentials }: typeof source) => {
      const file = join(place, name);
      const budget = { requestBudget: { total: 60_000 } };
      writeFileSync(file, JSON.stringify({ siteName: url, apiUrl: url, ...credentials, ...budget }), { mode: 0o600 });
      return file;
    };
    const local = ['--local', join(place, 'backups')];

    const backup = await run('backup', ...local, '--site', settings('site.json', source));
    const listed = await run('list', ...local);
    const shown = await run('show', 'latest', ...local);
    const verified = await run('verify', 'latest', ...local);
    const restored = await run(
      'restore',
      'latest',
      ...local,
      '--site',
      settings('target.json', target),
      '--yes',
      '--json',
    );

    expect(backup).toMatchObject({ exitCode: 0 });
    expect(listed.stdout).toMatch(/ {2}complete /);
    expect(shown.stdout).toContain(' is complete.');
    expect(verified.stdout).toContain(' is whole');
    expect(restored).toMatchObject({ exitCode: 0 });
    const objects = ({ site }: typeof source) => [...site.objects.all()].length;
    expect(objects(source)).toBeGreaterThan(30);
    expect(objects(target)).toBe(objects(source));
  });

  it('shows backups in a browser by the page that was built with it', async () => {
    const command = join(user, 'node_modules/.bin/assets-backup');
    const words = ['browse', '--local', temporaryFolder(), '--json'];
    const { child } = startProcess([process.execPath, command, ...words], {}, 'ignore');
    const [line] = (await once(child.stdout ?? child, 'data')) as [string];
    const { address } = JSON.parse(line) as { address: string };
    const page = await (await fetch(new URL('/page.js', address))).text();
    expect(page).toBe(readFileSync(join(installed, 'bundle/page.js'), 'utf8'));
  });
});
