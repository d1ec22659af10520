import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { diskError } from '../../adapters/disk/disk-error.ts';
import { listBackups } from '../../core/backup-format/open-backup.ts';
import type { BackupStore } from '../../core/ports/backup-store.ts';
import type { Services } from '../../core/ports/services.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { runCommand } from '../cli/command-process.ts';
import { backUp, type FinishedRun, settingsFor, testClock, testDirectory, testSimulator } from './local-run.ts';

const isDeep = process.env.npm_lifecycle_event === 'test:deep';

const sentences = {
  ENOSPC: /^The disk is full: .+ could not be written\.$/,
  EROFS: /^The disk is read-only: .+ could not be written\.$/,
  EDQUOT: /^The disk quota is used up: .+ could not be written\.$/,
  EIO: /^The disk failed with EIO at .+\.$/,
} as const;
const codes = Object.keys(sentences) as (keyof typeof sentences)[];

const writes = ['create', 'copy', 'write', 'replace'] as const;
const reads = ['read', 'stream', 'list'] as const;

/** A disk that refuses from its n-th use on, or only then. What it has said stands in `refusals`. */
class FailingDisk {
  uses = 0;
  readonly refusals: Error[] = [];
  readonly #of: { code: string; kinds: readonly string[]; at: number; isOnce: boolean };

  constructor(of: { code: string; kinds: readonly string[]; at: number; isOnce: boolean }) {
    this.#of = of;
  }

  decorate = (services: Services): Services => ({
    ...services,
    backups: this.#over(services.backups),
    work: this.#over(services.work),
  });

  #over<Store extends BackupStore | WorkStore>(store: Store): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]) => {
          const key = String(name === 'copy' ? given[1] : given[0]);
          const refusal = this.#of.kinds.includes(String(name)) ? this.#refusal(key) : undefined;
          if (!refusal) return (method as (...args: unknown[]) => unknown).apply(target, given);
          return name === 'stream' || name === 'list' ? refusing(refusal) : Promise.reject(refusal);
        };
      },
    });
  }

  #refusal(path: string): Error | undefined {
    this.uses += 1;
    const { at, isOnce, code } = this.#of;
    if (isOnce ? this.uses !== at : this.uses < at) return undefined;
    const refusal = diskError(Object.assign(new Error(code), { code, syscall: 'write' }), path) as Error;
    this.refusals.push(refusal);
    return refusal;
  }
}

// biome-ignore lint/correctness/useYield: it refuses at the first piece
async function* refusing(refusal: Error): AsyncGenerator<never> {
  throw refusal;
}

/** A night upon the one that is in `before`, so that the disk also copies. */
async function run(before: string, of: { code: string; kinds: readonly string[]; at: number; isOnce: boolean }) {
  const disk = new FailingDisk(of);
  const directory = testDirectory();
  cpSync(before, directory, { recursive: true });
  const simulator = await testSimulator({ site: randomSite(3, 12) });
  return { disk, run: await backUp(simulator, { directory, decorate: disk.decorate }) };
}

/** Whether the run has a manifest, and so a backup. */
async function isStored({ directory }: FinishedRun): Promise<boolean> {
  const listed = await Array.fromAsync(listBackups(openLocalStores(directory).backups));
  return listed.filter(({ state }) => state === 'finished').length === 2;
}

describe('a disk that fails', () => {
  it.each([
    { what: 'writing, from then on', kinds: writes, isOnce: false },
    { what: 'writing, once', kinds: writes, isOnce: true },
    { what: 'reading, from then on', kinds: reads, isOnce: false },
    { what: 'reading, once', kinds: reads, isOnce: true },
  ])(
    'at any use, $what, is told in one sentence, of the first cause',
    { timeout: 900_000 },
    async ({ kinds, isOnce }) => {
      const { directory: before } = await backUp(await testSimulator({ site: randomSite(3, 12) }));
      await testClock.sleep(1_000);
      const { disk: whole } = await run(before, { code: 'EIO', kinds, at: Number.POSITIVE_INFINITY, isOnce });
      expect(whole.uses).toBeGreaterThan(40);
      for (let at = 1; at <= whole.uses; at += isDeep ? 1 : 6) {
        const code = codes[at % codes.length] ?? 'EIO';
        const { disk, run: ended } = await run(before, { code, kinds, at, isOnce });
        // Steps that go on side by side come to the disk in another order each time; a run may be through before.
        if (disk.refusals.length === 0) continue;
        const where = `use ${at} of ${whole.uses}: ${code} at ${disk.refusals[0]?.message}`;
        if (await isStored(ended)) expect(ended.result?.status, where).toBe('complete');
        else {
          expect(ended.error, where).toMatchObject({ name: 'StorageError', exitCode: 1 });
          expect(ended.error?.message, where).toMatch(sentences[code]);
          // Several uses are under way side by side; what is told is one of those, and none that only follows on it.
          const told = disk.refusals.findIndex(({ message }) => message === ended.error?.message);
          expect(told, where).toBeGreaterThanOrEqual(0);
          if (told > 0) expect(ended.error?.message, where).not.toMatch(/\/failures\/|locks\//);
        }
      }
    },
  );
});

/** A small disk of its own, which goes with the test. Only root may have one, on Linux, and not in every container. */
function smallDisk(size: string): string {
  const path = testDirectory();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' });
  onTestFinished(() => {
    execFileSync('umount', ['-l', path], { stdio: 'ignore' });
  });
  return path;
}

function canMount(): boolean {
  try {
    smallDisk('1m');
    return true;
  } catch {
    return false;
  }
}

describe('a disk of its own', { timeout: 300_000 }, () => {
  const settingsFile = async () => {
    const simulator = await testSimulator({ site: randomSite(3, 12) });
    const file = join(testDirectory(), 'site.json');
    const { credentials, url } = simulator;
    const { requestBudget } = settingsFor(simulator);
    writeFileSync(file, JSON.stringify({ siteName: url, apiUrl: url, ...credentials, requestBudget }), { mode: 0o600 });
    return file;
  };

  it('that is full, at any fill, is told in one sentence by the command', async (context) => {
    if (!canMount()) context.skip();
    const site = await settingsFile();
    for (const kilobytes of isDeep ? [4, 16, 32, 64, 96, 128, 160, 192, 256, 320] : [4, 64, 160, 256]) {
      const directory = smallDisk(`${kilobytes}k`);
      const { exitCode, stderr } = await runCommand(['backup', '--local', directory, '--site', site]);
      expect({ kilobytes, exitCode, stderr }).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/^The disk is full: .+ could not be written\.$/m),
      });
      expect(stderr).not.toMatch(/States\.|fault of assets-backup/);
    }
  });

  it('that is read-only is told in one sentence, and what lies on it can be read', async (context) => {
    if (!canMount()) context.skip();
    const site = await settingsFile();
    const directory = smallDisk('32m');
    expect(await runCommand(['backup', '--local', directory, '--site', site])).toMatchObject({ exitCode: 0 });
    execFileSync('mount', ['-o', 'remount,ro', directory]);
    const { exitCode, stderr } = await runCommand(['backup', '--local', directory, '--site', site]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^The disk is read-only: .+ could not be written\.$/m),
    });
    expect(stderr).not.toMatch(/States\.|fault of assets-backup/);
    const [backup = ''] = readdirSync(directory).filter((name) => /^\d/.test(name));
    expect(await runCommand(['verify', backup, '--local', directory])).toMatchObject({ exitCode: 0 });
    const { stdout, ...report } = await runCommand(['report', backup, '--local', directory]);
    expect(report).toMatchObject({
      exitCode: 0,
      stderr: `This user may not write to ${directory}: the report is made elsewhere.\n`,
    });
    const [, path = ''] = /^The report of \S+: (.*)\n$/.exec(stdout) ?? [];
    expect(readFileSync(path, 'utf8')).toContain(`Backup ${backup}`);
    rmSync(dirname(path), { recursive: true });
  });

  it('that is read-only keeps nobody from comparing two backups, however much differs', async (context) => {
    if (!canMount()) context.skip();
    const directory = smallDisk('64m');
    const site = randomSite(3, 12);
    const simulator = await testSimulator({ site });
    const type = site.addType({ schema: site.addSchema({ key: 'MANY', name: 'Many' }), name: 'One' });
    const backups = [await backUp(simulator, { directory })];
    testClock.pass(3_600_000);
    for (let number = 0; number < 1_100; number += 1) site.createObject({ type, name: `One ${number}` });
    backups.push(await backUp(simulator, { directory }));
    const names = backups.map(({ result }) => result?.backup ?? '');
    execFileSync('mount', ['-o', 'remount,ro', directory]);
    const { exitCode, stdout } = await runCommand(['diff', ...names, '--local', directory]);
    expect(exitCode).toBe(14);
    expect(stdout).toContain('1,100 objects differ (1,100 added)');
    expect(stdout).toContain(
      `Not all of it is shown, and this user may not write to ${directory}, where all of it would be kept: --json prints it.`,
    );
  });
});

describe.runIf(process.platform === 'linux')('what is no disk', () => {
  it.each(['/proc', '/proc/backups', '/sys', '/sys/kernel/backups/deeper', '/dev/pts/backups'])(
    '%s is refused at once',
    async (directory) => {
      for (const command of [['list'], ['backup', '--site', '/dev/null']]) {
        const { exitCode, stderr } = await runCommand([...command, '--local', directory]);
        expect({ exitCode, stderr }).toMatchObject({
          exitCode: 2,
          stderr: expect.stringMatching(/^\S+ lies in what the kernel shows as files, .* needs a folder on a disk\.$/m),
        });
      }
    },
  );

  it('takes no folder, which ends a run that knows nothing of /proc', async () => {
    const run = await backUp(await testSimulator({ site: randomSite(3, 12) }), { directory: '/proc/backups' });
    expect(run.error).toMatchObject({ name: 'StorageError' });
    expect(run.error?.message).toMatch(/its folder is gone, or takes no new files, as those of \/proc\./);
  });
});
