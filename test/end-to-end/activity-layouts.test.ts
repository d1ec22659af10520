import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activityHash, shardOf } from '../../core/backup-format/activity-shards.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import type { Services } from '../../core/ports/services.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { drawIcon } from '../../simulator/site/icon-image.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { type Damage, damages, keysIn } from './damaged-files.ts';
import { compareSites } from './equal-sites.ts';
import { type Anew, type Entry, layOutAnew } from './laid-out-anew.ts';
import { backUp, HurriedClock, RecordingReporter, testDirectory, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';
import { undoApproved } from './undo-run.ts';

const golden = new GoldenFolder('format-1');
const backup = '2026-11-23_02-00-00';
/** A day after the night of the backup. */
const clock = () => new HurriedClock(Date.UTC(2026, 10, 24, 8));

const byObject: Anew = { layout: 'object' };
const byType: Anew = { layout: 'type', shards: 2 };

function laidOut(anew: Anew): { directory: string; manifest: Manifest } {
  const directory = golden.copy();
  return { directory, manifest: layOutAnew(directory, backup, anew) };
}

function verify(directory: string) {
  const { backups } = openLocalStores(directory);
  return verifyBackup({ backups, reporter: new RecordingReporter() }, backup);
}

/** A restore into an empty site, and how often each file of the backup was read. */
async function restoreCounted(directory: string, input: Record<string, unknown> = {}) {
  const site = emptySiteLike(golden.sourceSite());
  const simulator = await testSimulator({ site, quirks: site.quirks });
  const { reads, decorate } = countedReads();
  const restored = await restore(simulator, directory, { folder: backup, ...input }, { clock: clock(), decorate });
  return { site, restored, reads };
}

function countedReads() {
  const reads = new Map<string, number>();
  const decorate = (services: Services): Services => {
    const { backups } = services;
    const read = (key: string, most?: number) => {
      reads.set(key, (reads.get(key) ?? 0) + 1);
      return backups.read(key, most);
    };
    return {
      ...services,
      backups: new Proxy(backups, { get: (of, name) => (name === 'read' ? read : bound(of, name)) }),
    };
  };
  return { reads, decorate };
}

const isShard = (key: string) => /\/objects\/(history|comments)\//.test(key);

function bound<Of extends object>(of: Of, name: PropertyKey): unknown {
  const value = Reflect.get(of, name) as unknown;
  return typeof value === 'function' ? value.bind(of) : value;
}

const layouts: [string, Anew][] = [
  ['by object', byObject],
  ['by type, in one file each', { layout: 'type' }],
  ['by type, in shards', { layout: 'type', shards: 4 }],
  ['by type, in parts of one line', { layout: 'type', shards: 2, linesAPart: 1 }],
];

/** In what a target differs from the site that was backed up. */
function differences(site: SimulatedSite, objects: ReadonlyMap<string, string>): string[] {
  const schemas = new Map(['CFG', 'OTHER', 'CON'].map((key) => [key, key]));
  return compareSites(golden.sourceSite(), site, { schemas, objects, referencesOutside: 'dropped', history: true });
}

describe('a backup whose activity lies', () => {
  it.each(layouts)('%s is whole', async (_, anew) => {
    const { directory, manifest } = laidOut(anew);
    expect(await verify(directory)).toMatchObject({ problems: [], strangers: [], objects: 18 });
    expect(manifest.activity.history).toMatchObject({ read: 17, carried: 0, missing: 1 });
  });

  it.each(layouts)('%s comes back as from any other layout, by the same plan', async (_, anew) => {
    const before = golden.copy();
    const first = await restoreCounted(before);
    const { site, restored, reads } = await restoreCounted(laidOut(anew).directory);
    expect(restored.error).toBeUndefined();
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 18, differences: 0 });
    expect(restored.plan?.hash).toBe(first.restored.plan?.hash);
    expect(restored.report?.counts).toEqual(first.restored.report?.counts);
    expect(restored.report?.losses).toEqual(first.restored.report?.losses);
    expect(differences(site, restored.objects)).toEqual(differences(first.site, first.restored.objects));
    expect(differences(site, restored.objects)).toHaveLength(1);
    const oftenRead = [...reads].filter(([key, times]) => isShard(key) && times > 3);
    // The check, the plan and the restore read each once, however many objects lie in it.
    expect(oftenRead).toEqual([]);
  });

  it('by type is read without what no object needs', async () => {
    const { directory, manifest } = laidOut({ layout: 'type' });
    const include = { objects: ['CFG-1'] };
    const { reads, restored } = await restoreCounted(directory, { include });
    expect(restored.result).toMatchObject({ created: 1 });
    const type = manifest.schemas.flatMap(({ objectTypes }) => objectTypes).find((one) => one.stored > 0);
    const own = type?.activity?.history.flat() ?? [];
    expect(own).toHaveLength(1);
    const twice = [...reads].filter(([key, times]) => key.includes('/objects/history/') && times > 1);
    expect(twice.map(([key]) => key)).toEqual(own);
  });

  it.each(['history', 'comments'] as const)('by type comes back without %s where nobody asked for it', async (kind) => {
    const { directory } = laidOut(byType);
    const without = kind === 'history' ? { processHistory: false } : { processComments: false };
    const { restored, reads } = await restoreCounted(directory, without);
    expect(restored.result).toMatchObject({ created: 18, differences: 0 });
    expect([...reads.keys()].filter((key) => key.includes(`/objects/${kind}/`))).toEqual([]);
    expect(restored.report?.oldestActivity[kind]).toBeNull();
  });
});

describe('two nights of one content, the second by type', () => {
  it('have one plan, icons to be uploaded among it, so that the hash of the one is good for the other', async () => {
    const site = new SimulatedSite();
    const icon = site.addIcon('Rack unit', drawIcon(4711, 16));
    const type = site.addType({ schema: site.addSchema({ key: 'RACKS' }), name: 'Rack', icon });
    const object = site.addObject({ type, name: 'rack 1' });
    site.addComment({ object, text: 'in the cellar' });
    const directory = testDirectory();
    const source = await testSimulator({ site });
    const first = await backUp(source, { directory });
    writeFileSync(join(directory, 'settings.json'), JSON.stringify({ activityFiles: 'type' }));
    const second = await backUp(source, { directory });
    expect(second.manifest?.schemas[0]?.objectTypes[0]?.activity?.count).toBe(1);

    const simulator = await testSimulator({ site: emptySiteLike(site) });
    const planned = async ({ manifest }: typeof first) =>
      (await restore(simulator, directory, { folder: manifest?.name ?? '', dryRun: true })).plan;
    const [plan, other] = [await planned(first), await planned(second)];
    expect(plan?.writes).toBeGreaterThan(1);
    expect(other?.hash).toBe(plan?.hash);
  });
});

describe('many objects of one type', () => {
  it('are written and undone by shards, each of which is read a few times in all', async () => {
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'MANY' }), name: 'Thing' });
    for (let number = 1; number <= 520; number += 1) {
      const object = site.addObject({ type, name: `thing ${number}` });
      if (number % 3 === 0) site.addComment({ object, text: `comment on ${number}` });
    }
    const directory = testDirectory();
    writeFileSync(join(directory, 'settings.json'), JSON.stringify({ activityFiles: 'type' }));
    const { manifest } = await backUp(await testSimulator({ site }), { directory });
    const folder = manifest?.name ?? '';
    expect(manifest?.schemas[0]?.objectTypes[0]?.activity?.count).toBe(2);

    const target = emptySiteLike(site);
    const simulator = await testSimulator({ site: target });
    const restoring = countedReads();
    const restored = await restore(simulator, directory, { folder }, { decorate: restoring.decorate });
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 520, comments: 173 + 520 });
    const shards = [...restoring.reads].filter(([key]) => isShard(key));
    expect(shards).toHaveLength(4);
    // For the check, the plan and the comments.
    expect(Math.max(...shards.map(([, times]) => times))).toBeLessThanOrEqual(3);

    const undoing = countedReads();
    const undone = await undoApproved(simulator, directory, restored.result?.restore ?? '', {
      decorate: undoing.decorate,
    });
    expect(undone.error).toBeUndefined();
    expect(target.objects.size).toBe(0);
    // Parts of 200 are looked at, and again before they go; and every part may lie in every shard.
    const often = [...undoing.reads].flatMap(([key, times]) => (isShard(key) ? [times] : []));
    expect(often).toHaveLength(4);
    expect(Math.max(...often)).toBeLessThanOrEqual(2 * Math.ceil(520 / 200));
  }, 240_000);
});

describe('a file of many objects that is', () => {
  const both = Object.keys(damages) as Damage[];
  it.each(both)(
    '%s is named by verify and refused by a restore, which brings all else where that is asked',
    async (how) => {
      const { directory } = laidOut(byType);
      for (const key of keysIn(directory, backup, /\/objects\/(history|comments)\/|manifest\/activity-/)) {
        const copy = laidOut(byType).directory;
        damages[how](join(copy, key));
        expect((await verify(copy)).problems.map((problem) => problem.key)).toEqual([key]);
      }
      const [key = ''] = keysIn(directory, backup, /\/objects\/history\/Thing_/);
      const lost = entriesOf(directory, key, 'history');
      expect(lost.length).toBeGreaterThan(1);
      damages[how](join(directory, key));
      const refused = await restoreCounted(directory);
      expect(refused.restored.error).toMatchObject({ name: 'DamagedBackupError', exitCode: 13 });
      expect(refused.restored.error?.message).toContain('all but history (--no-history');
      const { restored } = await restoreCounted(directory, { whatIsWhole: true });
      expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 18, differences: 0 });
      const named = restored.report?.losses.filter(({ reason }) => reason.includes(key));
      expect(named?.map(({ where, values }) => [where, values]).sort()).toEqual(
        lost.map(({ object, records }) => [`history of object ${object}`, records]).sort(),
      );
    },
  );

  it('damaged together with the lists that say what it held counts its objects', async () => {
    const { directory } = laidOut(byType);
    const [key = ''] = keysIn(directory, backup, /\/objects\/history\/Thing_/);
    const lost = entriesOf(directory, key, 'history');
    for (const one of [key, `${backup}/manifest/activity-00001.jsonl`]) damages.removed(join(directory, one));
    const { restored } = await restoreCounted(directory, { whatIsWhole: true });
    const named = restored.report?.losses.filter(({ reason }) => reason.includes(key));
    const where = `history of ${lost.length} objects of CON / Thing`;
    expect(named?.map((loss) => [loss.where, loss.values])).toEqual([[where, lost.length]]);
  });

  it('in one of several parts names the objects of that part', async () => {
    const { directory } = laidOut({ layout: 'type', linesAPart: 2 });
    const keys = keysIn(directory, backup, /\/objects\/history\/Thing_/);
    expect(keys.length).toBeGreaterThan(2);
    const key = keys.find((one) => one.includes('.part-2')) ?? '';
    const lost = entriesOf(directory, key, 'history');
    damages.removed(join(directory, key));
    const { restored } = await restoreCounted(directory, { whatIsWhole: true });
    const named = restored.report?.losses.filter(({ reason }) => reason.includes(key));
    expect(named?.map(({ where }) => where).sort()).toEqual(
      lost.map(({ object }) => `history of object ${object}`).sort(),
    );
  });
});

function entriesOf(directory: string, key: string, kind: 'history' | 'comments') {
  const lines = JSON.parse(readFileSync(join(directory, key), 'utf8')) as Record<string, unknown>[];
  return lines.map((line) => ({ object: String(line.object), records: (line[kind] as unknown[]).length }));
}

/** The same entries, of which what was object `from`'s is said to be of `to`. */
function saidToBe(entries: readonly Entry[], from: string, to: string): Entry[] {
  const of = (records: readonly string[]) =>
    records.map((one) => one.replaceAll(`"objectId":"${from}"`, `"objectId":"${to}"`));
  return entries.map(([id, records]) => (id === from ? [to, of(records)] : [id, records]));
}

/** What nobody but this test would write, sealed. */
const wrong: [what: string, anew: Anew, problem: RegExp][] = [
  [
    'an object of another type',
    { layout: 'type', entries: (entries) => saidToBe(entries, '1', '4') },
    /object 4, which is of another type|another line or file holds too/,
  ],
  [
    'an object that is not in the backup',
    { layout: 'type', entries: (entries) => saidToBe(entries, '1', '4711') },
    /object 4711, which is not in the backup/,
  ],
  [
    'an object twice',
    { ...byType, entries: (entries) => [...entries, ...entries.slice(0, 1)] },
    /another line or file holds too/,
  ],
  [
    'an object in another shard',
    {
      ...byType,
      entries: (entries, kind, type, shard) =>
        entries.filter(
          ([id]) => !(kind === 'history' && shardOf(activityHash(id), 2) === 0 && shard === 0 && type === '11'),
        ),
    },
    /lists of activity say/,
  ],
  [
    'no line of an object',
    { ...byType, line: (line) => (line.object === '1' ? undefined : line) },
    /say nothing of history of object 1/,
  ],
  [
    'records that no file has',
    { ...byObject, line: (line) => ({ ...line, history: { ...line.history, records: 9 } }) },
    /say 9 of history of object/,
  ],
  [
    'what was read after its start',
    { ...byObject, line: (line) => ({ ...line, comments: { ...line.comments, read: '2027-01-01T00:00:00.000Z' } }) },
    /was read after the backup's start/,
  ],
  [
    'records that nobody has read',
    { ...byObject, line: (line) => ({ ...line, history: { ...line.history, read: null } }) },
    /that no backup has read/,
  ],
  [
    'other counts than its lists',
    {
      ...byObject,
      manifest: (one) =>
        Object.assign(one, { activity: { ...one.activity, history: { ...one.activity.history, carried: 3 } } }),
    },
    /counts history of 3 objects as carried over, but the lists of activity say 0/,
  ],
  [
    'another oldest date than its lists',
    {
      ...byObject,
      manifest: (one) =>
        Object.assign(one, {
          activity: { ...one.activity, comments: { ...one.activity.comments, oldest: '2026-11-01T00:00:00.000Z' } },
        }),
    },
    /says that the oldest comments is of 2026-11-01/,
  ],
  [
    'a file of many objects that no list names',
    { ...byType, file: (file) => (file.key.includes('/objects/history/Server_3') ? undefined : file) },
    /named by the manifest, and by no list of files|lists of activity say/,
  ],
];

describe('a sealed backup that holds', () => {
  it.each(wrong)('%s is not whole', async (_, anew, problem) => {
    const { directory } = laidOut(anew);
    const { problems } = await verify(directory);
    expect(problems.map((one) => `${one.key} ${one.problem}`).join('\n')).toMatch(problem);
  });
});
