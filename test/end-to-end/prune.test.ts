import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordCopied } from '../../core/backup/copied-records.ts';
import { workKeys } from '../../core/backup/work-files.ts';
import { manifestKey } from '../../core/backup-format/keys.ts';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { MissingKeyError } from '../../core/errors.ts';
import { isBeingPruned, type PruningMark } from '../../core/retention/pruning-mark.ts';
import { beginReading, endReading } from '../../core/runs/backup-readers.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import type { PruneTools } from '../../local/local-retention.ts';
import { LocalRuns } from '../../local/local-runs.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { plantNight } from '../core/backup/planted-night.ts';
import { Killer } from './killed-restores.ts';
import { backUp, HurriedClock, RecordingReporter, testDirectory, testSimulator } from './local-run.ts';
import { day, dyingAt, Killed, keepRules, plantedNights, printed, prune, statesIn, telling } from './pruning.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';
import { restoresIn } from './undo-kills.ts';
import { undo, undoApproved } from './undo-run.ts';

const markOf = (directory: string, name: string) =>
  JSON.parse(readFileSync(join(directory, '.work', 'pruning', `${name}.json`), 'utf8')) as PruningMark;

describe('pruning a folder of nights', () => {
  it('deletes what no rule keeps, says the same before as a dry run, and the nights that are left go on as they are', async () => {
    const { site, laptops } = companySite();
    const clock = new HurriedClock(Date.parse('2026-11-20T02:00:00Z'));
    const simulator = await testSimulator({ site, clock });
    const directory = testDirectory();
    const names: string[] = [];
    for (let night = 0; night < 5; night += 1) {
      const { result, error } = await backUp(simulator, { directory, clock });
      expect(error).toBeUndefined();
      names.push(result?.backup ?? '');
      clock.pass(day);
    }
    expect(laptops.length).toBeGreaterThan(0);
    keepRules(directory, { last: 2, weekly: 2 });
    const before = readdirSync(directory, { recursive: true }).sort();
    clock.pass(-day + 3_600_000);

    const dry = await prune(directory, { clock, dryRun: true });
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual(before);
    expect(dry.reporter.events).toEqual([]);
    const run = await prune(directory, { clock });

    // 20 November 2026 is a Friday: the week ends with the third night.
    const left = [names[2], names[3], names[4]];
    const gone = [names[0], names[1]];
    expect(await statesIn(directory)).toEqual(left.map((name) => `${name} finished`));
    expect(run.report.deleted.map(({ backup }) => backup)).toEqual(gone);
    expect(run.report.kept.map(({ reasons }) => reasons.join('; '))).toEqual([
      'weekly 2026-W47',
      'one of the last 2',
      'newest of all schemas; one of the last 2; weekly 2026-W48',
    ]);
    const [dryLines, runLines] = [printed(dry.report), printed(run.report)];
    expect(runLines.slice(1, -1)).toEqual(dryLines.slice(1, -1));
    expect(runLines.at(-1)).toMatch(/^2 backups deleted \(.*\), 3 backups kept\.$/);
    expect(dryLines.at(-1)).toMatch(
      /^2 backups would be deleted \(.*\), 3 backups kept\. Delete: npx assets-backup prune/,
    );

    // Each that goes has its line in the log and its record, and nothing of it is left.
    const pruned = run.reporter.events.filter(({ name }) => name === 'backup.pruned');
    expect(pruned.map(({ fields }) => fields)).toMatchObject(
      gone.map((backup) => ({ backup, status: 'complete', site: simulator.url, notKeptBy: 'last 2, weekly 2' })),
    );
    for (const name of gone) {
      expect(existsSync(join(directory, name ?? ''))).toBe(false);
      expect(markOf(directory, name ?? '')).toMatchObject({ state: 'deleted', files: expect.any(Number) });
    }

    for (const name of left) {
      const { problems } = await verifyBackup(
        { backups: openLocalStores(directory).backups, reporter: new RecordingReporter() },
        name ?? '',
      );
      expect(problems).toEqual([]);
    }
    clock.pass(day - 3_600_000);
    const next = await backUp(simulator, { directory, clock });
    expect(next.manifest?.schemas[0]?.base.backup).toBe(names[4]);
    expect((await prune(directory, { clock })).report.deleted.map(({ backup }) => backup)).toEqual([names[3]]);
  });

  it('can be killed at any deletion and any mark: what is left is whole or no backup, and the next run goes on', async () => {
    const { directory: prepared, names, clock } = await plantedNights(4);
    keepRules(prepared, { last: 2 });
    const filesANight = readdirSync(join(prepared, names[0] ?? ''), { recursive: true }).length;
    const steps: string[] = [];
    const counting = (used: PruneTools) => dyingAt(Number.POSITIVE_INFINITY, used, steps);
    const whole = testDirectory();
    cpSync(prepared, whole, { recursive: true });
    await prune(whole, { clock, decorate: counting });
    const end = await statesIn(whole);
    expect(end).toEqual(names.slice(2).map((name) => `${name} finished`));
    expect(steps.length).toBeGreaterThan(15);

    for (let at = 0; at < steps.length; at += 1) {
      const directory = testDirectory();
      cpSync(prepared, directory, { recursive: true });
      const died = await prune(directory, { clock, decorate: (used) => dyingAt(at, used, []) }).catch(
        (error: Error) => error,
      );
      expect(died, steps[at]).toBeInstanceOf(Killed);
      for (const state of await statesIn(directory)) {
        const [name = '', how] = state.split(' ');
        expect(['finished', 'unfinished']).toContain(how);
        // Its manifest went first, so one that has it has all.
        const isWhole = readdirSync(join(directory, name), { recursive: true }).length === filesANight;
        expect(isWhole, `${name} ${steps[at]}`).toBe(how === 'finished');
      }
      const { report } = await prune(directory, { clock });
      expect(await statesIn(directory), steps[at]).toEqual(end);
      expect(report.left).toEqual([]);
    }
  });

  it('can run twice at the same time', async () => {
    const { directory, names, clock } = await plantedNights(6);
    keepRules(directory, { last: 1 });
    const runs = await Promise.all([
      prune(directory, { clock }),
      prune(directory, { clock }),
      prune(directory, { clock }),
    ]);
    expect(await statesIn(directory)).toEqual([`${names[5]} finished`]);
    const done = runs.flatMap(({ report }) => report.deleted.map(({ backup }) => backup));
    expect(done.sort()).toEqual(names.slice(0, 5));
    for (const name of names.slice(0, 5)) expect(markOf(directory, name).files).toBeGreaterThan(0);
  });

  it('leaves the record and the audit line of a deletion to the run that has made it', async () => {
    const { directory, names, clock } = await plantedNights(4);
    keepRules(directory, { last: 1 });
    let other: Awaited<ReturnType<typeof prune>> | undefined;
    const overtaken = ({ services, deleter }: PruneTools): PruneTools => ({
      services: {
        ...services,
        work: telling(services.work, async () => {
          if (other === undefined) other = await prune(directory, { clock });
        }),
      },
      deleter,
    });

    const { report, reporter } = await prune(directory, { clock, decorate: overtaken });

    const gone = names.slice(0, 3);
    expect(other?.report.deleted.map(({ backup }) => backup)).toEqual(gone);
    expect(report.deleted).toEqual([]);
    expect(reporter.events.map(({ name }) => name)).not.toContain('backup.pruned');
    for (const name of gone) expect(markOf(directory, name).files).toBeGreaterThan(0);
  });

  it('goes on where another one, or a person, deletes a backup just before it is asked for its lock', async () => {
    const { directory, names, clock } = await plantedNights(4);
    keepRules(directory, { last: 1 });
    const overtaken = ({ services, deleter }: PruneTools): PruneTools => ({
      services,
      deleter: {
        delete: (keys) => deleter.delete(keys),
        lockedUntil: async (key) => {
          if (key !== manifestKey(names[1] ?? '')) return deleter.lockedUntil(key);
          rmSync(join(directory, names[1] ?? ''), { recursive: true, force: true });
          // As S3 answers of a key that is not there.
          throw new MissingKeyError(`There is no ${key}.`);
        },
      },
    });

    const { report } = await prune(directory, { clock, decorate: overtaken });

    expect(report.deleted.map(({ backup }) => backup)).toEqual([names[0], names[2]]);
    expect(await statesIn(directory)).toEqual([`${names[3]} finished`]);
  });
});

describe('a reader', () => {
  it('keeps the backup that it reads until it ends', async () => {
    const { directory, names, clock } = await plantedNights(3);
    keepRules(directory, { last: 1 });
    const { work } = openLocalStores(directory);
    const runs = new LocalRuns(work, clock);
    const stop = await runs.startHeartbeat('a restore');
    await beginReading({ work, runs, clock }, names[0] ?? '', { executionId: 'a restore', what: 'restore' });

    const { report } = await prune(directory, { clock });
    expect(report.kept[0]).toEqual({ backup: names[0], reasons: ['a restore reads it'] });
    expect(await statesIn(directory)).toEqual([`${names[0]} finished`, `${names[2]} finished`]);

    await endReading(work, names[0] ?? '', 'a restore');
    await stop();
    await prune(directory, { clock });
    expect(await statesIn(directory)).toEqual([`${names[2]} finished`]);
  });

  it('that begins after the plan was made keeps it too, and one that begins later sees that it is being deleted', async () => {
    const { directory, names, clock } = await plantedNights(3);
    keepRules(directory, { last: 1 });
    const { work } = openLocalStores(directory);
    const runs = new LocalRuns(work, clock);
    const stop = await runs.startHeartbeat('a copy');
    const refused: boolean[] = [];
    const begins = ({ services, deleter }: PruneTools): PruneTools => ({
      services: {
        ...services,
        work: telling(services.work, async (_, key) => {
          if (key === `pruning/${names[0]}.json`)
            await beginReading({ work, runs, clock }, names[0] ?? '', { executionId: 'a copy', what: 'copy' });
        }),
      },
      deleter: {
        lockedUntil: (key) => deleter.lockedUntil(key),
        delete: async (keys) => {
          refused.push(await isBeingPruned({ work, runs, clock }, names[1] ?? ''));
          await deleter.delete(keys);
        },
      },
    });

    const { report } = await prune(directory, { clock, decorate: begins });
    await stop();
    expect(report.deleted.map(({ backup }) => backup)).toEqual([names[1]]);
    expect(report.kept[0]).toEqual({ backup: names[0], reasons: ['it is being copied'] });
    expect(markOf(directory, names[0] ?? '').state).toBe('withdrawn');
    expect(await isBeingPruned({ work, runs, clock }, names[0] ?? '')).toBe(false);
    expect(new Set(refused)).toEqual(new Set([true]));
  });
});

/** A site of which something was deleted after its first night; the second one is the last that is kept. */
async function nightBeforeALoss() {
  const { site, laptops } = companySite();
  const clock = new HurriedClock();
  const simulator = await testSimulator({ site, clock });
  const { directory, result } = await backUp(simulator, { clock });
  const backup = result?.backup ?? '';
  for (const object of laptops.slice(0, 1)) site.deleteObject(object);
  clock.pass(day);
  await backUp(simulator, { directory, clock });
  keepRules(directory, { last: 1 });
  return { site, clock, simulator, directory, backup };
}

describe('a restore', () => {
  it('keeps its backup while it is stopped, and as long as it can be undone', async () => {
    const { clock, simulator, directory, backup } = await nightBeforeALoss();
    const reasons = async () => {
      const { report } = await prune(directory, { clock, dryRun: true });
      return report.kept.find((one) => one.backup === backup)?.reasons ?? [];
    };
    expect(await reasons()).toEqual([]);

    const input = { folder: backup, include: { objectTypes: ['Laptop'] } };
    const killer = new Killer(1, 'after', 'createObject');
    await restore(simulator, directory, input, { clock, decorate: killer.decorate });
    expect(await reasons()).toEqual([expect.stringMatching(/^the restore .* was stopped, and can go on$/)]);

    const done = await restore(simulator, directory, input, { clock });
    expect(done.error).toBeUndefined();
    const until = new Date(clock.now() + 90 * day).toISOString().slice(0, 10);
    // What the stopped one had made is undone by itself.
    const [stopped = ''] = restoresIn(directory).filter((name) => name !== done.result?.restore);
    const undoable = [done.result?.restore, stopped].map((name) => `the restore ${name} can be undone until ${until}`);
    expect(await reasons()).toEqual(undoable);

    const first = await undoApproved(simulator, directory, done.result?.restore ?? '', { clock });
    expect(first.error).toBeUndefined();
    expect(await reasons()).toContain(undoable[1]);
    const second = await undoApproved(simulator, directory, stopped, { clock });
    expect(second.error).toBeUndefined();
    if (first.result?.losses) await undoApproved(simulator, directory, done.result?.restore ?? '', { clock });
    expect(await reasons()).toEqual([]);
    clock.pass(60_000);
    expect((await prune(directory, { clock })).report.deleted).toMatchObject([{ backup }]);
  });

  it('keeps it while its plan waits for approval, also that of a dry run, and no longer than the plan', async () => {
    const { site, laptops } = companySite();
    const clock = new HurriedClock();
    const simulator = await testSimulator({ site, clock });
    const { directory, result } = await backUp(simulator, { clock });
    for (const object of laptops.slice(0, 1)) site.deleteObject(object);
    clock.pass(day);
    await backUp(simulator, { directory, clock });
    keepRules(directory, { last: 1 });
    const input = { folder: result?.backup ?? '', include: { objectTypes: ['Laptop'] } };
    const planned = await restore(simulator, directory, { ...input, dryRun: true }, { clock });
    const reasons = async () => (await prune(directory, { clock, dryRun: true })).report.kept[0]?.reasons ?? [];
    expect(await reasons()).toEqual([
      `the restore ${planned.result?.restore} was planned, and the plan can be approved`,
    ]);
    const done = await restore(simulator, directory, { ...input, approve: planned.result?.hash ?? '' }, { clock });
    expect(await reasons()).toEqual([expect.stringContaining(`${done.result?.restore} can be undone until`)]);
    const undoing = await undo(simulator, directory, { undo: done.result?.restore ?? '' }, { clock });
    expect(await reasons()).toContain(`the restore ${undoing.result?.restore} waits for approval`);
    rmSync(join(directory, '.work', 'plans'), { recursive: true });
    expect(await reasons()).toHaveLength(1);
  });

  it('keeps it also where an undo had to leave something, which another undo may take back', async () => {
    const { site, clock, simulator, directory, backup } = await nightBeforeALoss();
    const done = await restore(
      simulator,
      directory,
      { folder: backup, include: { objectTypes: ['Laptop'] } },
      { clock },
    );
    const made = [...site.objects.all()].at(-1) as StoredObject;
    clock.pass(60_000);
    site.updateObject(made, { Name: 'somebody works with it' });
    const undone = await undoApproved(simulator, directory, done.result?.restore ?? '', { clock });
    expect(undone.result?.losses).toBeGreaterThan(0);
    const { report } = await prune(directory, { clock, dryRun: true });
    expect(report.kept.find((one) => one.backup === backup)?.reasons).toEqual([
      expect.stringMatching(/^the restore .* can be undone until /),
    ]);
  });
});

describe('what is no backup of ours', () => {
  it('stays: what was copied here, put here, renamed, is damaged, or lies in the future', async () => {
    const { directory, names, clock } = await plantedNights(3);
    keepRules(directory, { last: 1 });
    const stores = openLocalStores(directory);
    const copied = await plantNight(stores, {
      startedAt: '2026-10-01T02:00:00Z',
      schemas: { FAC: [] },
      isRecorded: false,
    });
    await recordCopied(stores.work, copied, { from: 's3://b', by: 'me', at: copied.startedAt });
    const planted = await plantNight(stores, { startedAt: '2026-11-02T12:00:00Z', schemas: {}, isRecorded: false });
    const future = await plantNight(stores, { startedAt: '2027-11-02T12:00:00Z', schemas: {} });
    cpSync(join(directory, names[0] ?? ''), join(directory, 'before the move'), { recursive: true });
    const damaged = '2026-10-02_02-00-00';
    mkdirSync(join(directory, damaged));
    writeFileSync(join(directory, damaged, 'manifest.json'), '{');

    const { report } = await prune(directory, { clock });
    expect(Object.fromEntries(report.kept.map(({ backup, reasons }) => [backup, reasons.join('; ')]))).toEqual({
      [copied.name]: 'copied here from another place',
      [damaged]: 'its manifest is damaged',
      [names[2] ?? '']: 'newest of all schemas; the last',
      [planted.name]: 'no record says that it was made here',
      [future.name]: 'its time lies in the future',
      'before the move': `renamed by somebody; it was ${names[0]}`,
    });
    expect(report.deleted.map(({ backup }) => backup)).toEqual(names.slice(0, 2));
  });
});

describe('a folder without a manifest', () => {
  const unfinished = async () => {
    const { directory, names, clock } = await plantedNights(2);
    keepRules(directory, { last: 5 });
    const name = '2026-11-02_03-00-00';
    const { backups, work } = openLocalStores(directory);
    await backups.create(`${name}/FAC/objects/Laptop_1.json`, new Uint8Array(3));
    const seen = async () => {
      const { report } = await prune(directory, { clock, dryRun: true });
      const { kept, deleted } = report.unfinished;
      return kept.find(({ backup }) => backup === name)?.reason ?? deleted.map(({ backup }) => backup);
    };
    return { directory, names, clock, name, backups, work, seen };
  };

  it('goes a day after its time, once its run has ended, and never while a backup runs', async () => {
    const { directory, clock, name, work, seen } = await unfinished();
    expect(await seen()).toBe('it is not a day old yet');
    clock.pass(day);
    expect(await seen()).toEqual([name]);

    const runs = new LocalRuns(work, clock);
    const stop = await runs.startHeartbeat('a night');
    await work.write(workKeys(name).owner, JSON.stringify(runs.holder('a night')));
    expect(await seen()).toBe('its run is not known to have ended');
    rmSync(join(directory, '.work', workKeys(name).owner));
    const lock = { state: 'held', holder: runs.holder('a night'), kind: 'backup', since: '' };
    await work.write('backup-locks/another-site.json', JSON.stringify(lock));
    expect(await seen()).toBe('its run is not known to have ended');
    await stop();
    expect(await seen()).toEqual([name]);

    const { report, reporter } = await prune(directory, { clock });
    expect(report.unfinished.deleted).toEqual([{ backup: name, files: 1, bytes: 3 }]);
    expect(reporter.events.find((event) => event.name === 'backup.pruned')?.fields).toMatchObject({
      status: 'unfinished',
    });
    expect(existsSync(join(directory, name))).toBe(false);
  });

  it('stays where its manifest was there once, where it is being copied here, and where its name is none of a backup', async () => {
    const { directory, names, clock, name, backups, work, seen } = await unfinished();
    clock.pass(day);
    const runs = new LocalRuns(work, clock);
    await beginReading({ work, runs, clock }, name, { executionId: 'a copy', what: 'copy' });
    expect(await seen()).toBe('it is being copied here, or was until lately');
    clock.pass(9 * day);
    expect(await seen()).toEqual([name]);

    // Of 0.1.0, which left no record, or put here by somebody.
    const older = '2026-10-02_03-00-00';
    await backups.create(`${older}/FAC/objects/Laptop_1.json`, new Uint8Array(3));
    await backups.create(`${older}/manifest/files-00001.jsonl`, new Uint8Array(3));
    const manifest = await openBackup(backups, names[0] ?? '');
    rmSync(join(directory, manifestKey(names[0] ?? '')));
    await backups.create('somebodys/file', new Uint8Array(1));
    const { report } = await prune(directory, { clock });
    expect(report.unfinished.kept).toEqual([
      { backup: older, reason: 'it has the lists of a finished backup, no record of its run, and no manifest' },
      { backup: manifest.name, reason: 'a backup of this name was finished, and its manifest is gone' },
    ]);
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(['somebodys', manifest.name]));
  });
});
