import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { copiedHere } from '../../core/backup/copied-records.ts';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { runCommand } from '../cli/command-process.ts';
import { type CopyRunOptions, copy, filesIn, folderPlace, withStore } from '../core/copy/copy-run.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { compareSites } from './equal-sites.ts';
import { layOutAnew } from './laid-out-anew.ts';
import { backUp, HurriedClock, RecordingReporter, testClock, testDirectory, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { copySite, restore } from './restore-run.ts';

const isDeep = process.env.npm_lifecycle_event === 'test:deep';

const golden = new GoldenFolder('format-1');
const backup = '2026-11-23_02-00-00';
const schemas = new Map(['CFG', 'OTHER', 'CON'].map((key) => [key, key]));

/** A process that is killed before its n-th write to any store: from then on nothing that it does has any effect. */
class KilledCopy {
  writes = 0;
  #isDead = false;
  readonly #at: number;

  constructor(at = Number.POSITIVE_INFINITY) {
    this.#at = at;
  }

  get options(): Pick<CopyRunOptions, 'source' | 'destination'> {
    const over = (place: ReturnType<typeof folderPlace>) => {
      const { backups, work } = place;
      const create = (key: string, bytes: Uint8Array) => this.#write(() => backups.create(key, bytes));
      return withStore(withStore(place, 'backups', { create }), 'work', {
        create: (key: string, text: string) => this.#write(() => work.create(key, text)),
        write: (key: string, text: string) => this.#write(() => work.write(key, text)),
      });
    };
    return { source: over, destination: over };
  }

  async #write<Answer>(write: () => Promise<Answer>): Promise<Answer> {
    this.writes += 1;
    this.#isDead ||= this.writes === this.#at;
    if (this.#isDead) throw new Error('The process was killed.');
    return await write();
  }
}

/** Work that a copy leaves, but its marks. */
const carriedIn = (directory: string) =>
  new Map([...filesIn(directory, '.work')].filter(([key]) => !/^(readers|copied|tmp)\//.test(key)));

it('a copy that is killed at any write has no manifest before all is there, and the same line again ends equal', async () => {
  const from = golden.copy('killed-at-objects');
  const whole = testDirectory();
  const counting = new KilledCopy();
  await copy(from, whole, backup, { withJournals: true, ...counting.options });
  expect(counting.writes).toBeGreaterThan(100);
  expect(filesIn(whole, backup)).toEqual(filesIn(from, backup));
  const isSealed: boolean[] = [];
  // The last writes are the mark, the manifest and the marks of who reads.
  const beforeLast = counting.writes - 8;
  const all = Array.from({ length: counting.writes }, (_, index) => index + 1);
  for (const at of all.filter((one) => isDeep || one >= beforeLast || one % 12 === 1)) {
    const to = testDirectory();
    const killed = await copy(from, to, backup, { withJournals: true, ...new KilledCopy(at).options });
    expect(killed.error, `write ${at}`).toBeDefined();
    const hasManifest = existsSync(join(to, backup, 'manifest.json'));
    isSealed.push(hasManifest);
    if (hasManifest) {
      const { backups, work } = folderPlace(to);
      expect(await verifyBackup({ backups, reporter: new RecordingReporter() }, backup)).toMatchObject({
        problems: [],
      });
      expect(await copiedHere(work, await openBackup(backups, backup))).toBeDefined();
      expect(carriedIn(to)).toEqual(carriedIn(whole));
    }
    const again = await copy(from, to, backup, { withJournals: true });
    expect(again.error, `write ${at}`).toBeUndefined();
    expect(filesIn(to, backup)).toEqual(filesIn(from, backup));
    expect(carriedIn(to)).toEqual(carriedIn(whole));
  }
  expect(new Set(isSealed)).toEqual(new Set([false, true]));
});

describe('a copied backup', () => {
  it.each(['object', 'type'] as const)(
    'with activity by %s comes back from its new place into an empty site',
    async (layout) => {
      const from = golden.copy();
      layOutAnew(from, backup, { layout });
      const to = testDirectory();
      expect((await copy(from, to, backup)).result).toMatchObject({ there: 'nothing' });

      const site = emptySiteLike(golden.sourceSite());
      const target = await testSimulator({ site, quirks: site.quirks });
      const clock = new HurriedClock(Date.UTC(2026, 10, 25, 8));
      const { result, objects } = await restore(target, to, { folder: backup }, { clock });

      expect(result).toMatchObject({ created: 18, differences: 0 });
      // As the golden backup itself comes back, which lacks one schema and one history.
      expect(
        compareSites(golden.sourceSite(), site, { schemas, objects, referencesOutside: 'dropped', history: true }),
      ).toEqual(['object CON-11: history entry 3 is in no comment']);
    },
  );

  it('is no base of a night, which says why', async () => {
    const simulator = await testSimulator({ site: companySite().site });
    const { directory, result } = await backUp(simulator);
    const to = testDirectory();
    const copied = result?.backup ?? '';
    await copy(directory, to, copied);
    await testClock.sleep(1_000);

    const { manifest } = await backUp(simulator, { directory: to });

    expect(manifest?.status).toBe('complete');
    for (const { base } of manifest?.schemas ?? []) {
      expect(base).toEqual({
        backup: null,
        passedOver: [{ backup: copied, reason: 'It was copied here from another place.' }],
      });
    }
  });
});

describe('a restore from the new place into a site that was restored into before', () => {
  /** A site that was restored into from the place of the backup. */
  async function restoredBefore() {
    const { site } = companySite();
    const target = emptySiteLike(site);
    const { simulator, directory, backup: name, restored } = await copySite(site, target);
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 9 });
    return { target, simulator, directory, name };
  }

  it('with journals makes nothing twice', async () => {
    const { target, simulator, directory, name } = await restoredBefore();
    const to = testDirectory();
    expect((await copy(directory, to, name, { withJournals: true })).result?.journals).toMatchObject({ left: 0 });
    const objects = target.objects.size;

    const { result } = await restore(simulator, to, { folder: name });

    expect(result).toMatchObject({ outcome: 'restored', created: 0, reused: 9, losses: 0, differences: 0 });
    expect(target.objects.size).toBe(objects);
  });

  it('with journals that a later copy has brought up to date makes nothing twice either', async () => {
    const { target, simulator, directory, name } = await restoredBefore();
    const to = testDirectory();
    await copy(directory, to, name, { withJournals: true });
    for (const object of [...target.objects.all()].slice(-1)) target.deleteObject(object);
    expect((await restore(simulator, directory, { folder: name })).result).toMatchObject({ created: 1 });
    const objects = target.objects.size;

    expect((await copy(directory, to, name, { withJournals: true })).result?.journals).toMatchObject({ left: 0 });

    expect(carriedIn(to)).toEqual(new Map([...carriedIn(directory)].filter(([key]) => carriedIn(to).has(key))));
    expect((await restore(simulator, to, { folder: name })).result).toMatchObject({ created: 0, reused: 9 });
    expect(target.objects.size).toBe(objects);
  });

  it('without them knows nothing of it, which the copy said', async () => {
    const { simulator, directory, name } = await restoredBefore();
    const to = testDirectory();
    expect((await copy(directory, to, name)).result?.journals.left).toBeGreaterThan(0);

    const { error, result } = await restore(simulator, to, { folder: name });

    expect(result?.reused).not.toBe(9);
    expect(error).toMatchObject({ name: 'TargetRefusedError' });
  });

  it('goes on with one that was killed in the old place', async () => {
    const run = 'killed-at-objects';
    const to = testDirectory();
    await copy(golden.copy(run), to, backup, { withJournals: true });
    const site = golden.targetSite(run);
    const target = await testSimulator({ site, quirks: site.quirks });
    const clock = new HurriedClock(Date.UTC(2026, 10, 25, 8));

    const { result } = await restore(target, to, { folder: backup }, { clock });

    // Of seven, four were known to be made, and two were made without anybody's having heard of it.
    expect(target.requests.writesByEndpoint()).toMatchObject({ 'object-create': 1 });
    expect(result).toMatchObject({ created: 1, updated: 3, reused: 14, differences: 0 });
  });
});

describe('a disk that is mounted read-only', () => {
  it('is copied from by the command, which says that nobody is kept from deleting there', async (context) => {
    const disk = testDirectory();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      context.skip();
    }
    onTestFinished(() => {
      execFileSync('umount', ['-l', disk], { stdio: 'ignore' });
    });
    cpSync(golden.copy(), disk, { recursive: true });
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const to = testDirectory();

    const { exitCode, stderr } = await runCommand(['copy', backup, '--from', disk, '--to', to]);

    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`Warning: ${disk} takes no mark that the backup is being read (The disk is read-only: `);
    expect(filesIn(to, backup)).toEqual(filesIn(disk, backup));
    expect(await runCommand(['copy', backup, '--from', to, '--to', disk])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^The disk is read-only: .+ could not be written\.$/m),
    });
  });
});
