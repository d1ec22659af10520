import { describe, expect, it } from 'vitest';
import { planActivity } from '../../../../core/backup/activity/plan-activity.ts';
import {
  type ActivityBatch,
  type ActivityBatchFile,
  type ActivityPlan,
  type BackupPlan,
  type ConfigurationRecord,
  type ObjectsRecord,
  type PlannedObject,
  type ShardIndex,
  workKeys,
} from '../../../../core/backup/work-files.ts';
import { activityHash, shardOf } from '../../../../core/backup-format/activity-shards.ts';
import { backupName } from '../../../../core/backup-format/keys.ts';
import type { BackupOptions } from '../../../../core/backup-format/manifest.ts';
import { defaultActivity } from '../../../../core/model/activity.ts';
import { type Run, runContract } from '../../../../core/model/run.ts';
import { takeSiteLock } from '../../../../core/runs/site-lock.ts';
import { needJson, writeJson } from '../../../../core/work-store/json-file.ts';
import { demoSite } from '../../../../simulator/seeds/demo.ts';
import { testClock, testSimulator } from '../../../end-to-end/local-run.ts';
import { operationServices } from '../../operations/operation-services.ts';
import { digestOf, type PlantedNight, type PlantedType, plantNight } from '../planted-night.ts';

const startedAt = new Date(Math.floor(testClock.now() / 1_000) * 1_000).toISOString();
const ago = (days: number) => new Date(Date.parse(startedAt) - days * 86_400_000).toISOString();
const lastNight = ago(1);
const schema = { id: 'fac', key: 'FAC', name: 'FAC', folder: 'FAC' };
/** Ids that no object of the site has: the probe then says nothing, and comments count as offered. */
const idAt = (at: number) => String(5_000_001 + at);
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, at) => idAt(from + at));

interface Tonight {
  /** Ids by type; a digest is the one that `plantNight` gives, unless it stands in `changed`. */
  readonly types: Readonly<Record<string, readonly string[]>>;
  readonly changed?: readonly string[];
  readonly options?: Partial<BackupOptions>;
  readonly had?: readonly PlantedType[];
  readonly layout?: PlantedNight['layout'];
  readonly nextStart?: number;
  /** Whether the site has comments. */
  readonly comments?: boolean;
}

/** Plans what "Export objects" has left, upon what the last night has. */
async function plan({ types, changed = [], options, had, layout, nextStart, comments = true }: Tonight) {
  const quirks = { comments: comments ? ('offered' as const) : ('not-offered' as const) };
  const simulator = await testSimulator({ site: demoSite(), quirks });
  const { services } = operationServices(simulator, { clock: testClock, nextStart: () => nextStart });
  const { work } = services;
  const workspace = await services.site.discover();
  const run: Run = {
    contract: runContract,
    backup: backupName(startedAt),
    executionId: 'tonight',
    startedAt,
    workspace,
  };
  const keys = workKeys(run.backup);
  const before = { startedAt: lastNight, manifest: { site: workspace } };
  if (had) await plantNight(services, { ...before, schemas: { FAC: had }, ...(layout && { layout }) });
  await takeSiteLock(services, run);
  await writeJson<BackupPlan>(work, keys.plan, {
    run,
    options: { objectSchemaKeys: null, full: false, activity: true, issueLinks: false, ...defaultActivity, ...options },
    schemas: [schema],
    files: [],
    gaps: [],
  });
  const nothing = { files: [], counts: {}, gaps: [], notices: [] };
  await writeJson<ConfigurationRecord>(work, keys.configuration(schema.id), {
    ...nothing,
    notOffered: [],
    objectTypes: Object.keys(types).map((id) => ({ id, name: `Type ${id}`, objectCount: 0, attributes: null })),
  });
  for (const [typeId, of] of Object.entries(types)) {
    const index = keys.shardIndex(typeId, 1);
    const digests = of.map((id) => (changed.includes(id) ? 'another' : digestOf(id)));
    await writeJson<ShardIndex>(work, index, { ids: of, digests, references: [], inside: 0 });
    const stored = { expected: of.length, stored: of.length, objectsMeta: [], objects: [], indexes: [index] };
    await writeJson<ObjectsRecord>(work, keys.objects(typeId), { ...nothing, typeId, ...stored });
  }
  const { count, key } = await planActivity(services, { run });
  const batches = JSON.parse((await work.read(key))?.text ?? '') as ActivityBatch[];
  expect(batches).toHaveLength(count);
  const files: ActivityBatchFile[] = [];
  for (const batch of batches) files.push(await needJson<ActivityBatchFile>(work, batch.key));
  const objects = new Map<string, PlannedObject & { readonly historyFiles: readonly string[] }>();
  for (const { units, files: of } of files)
    for (const unit of units)
      for (const object of unit.objects)
        objects.set(object.id, { ...object, historyFiles: object.history.files.map((at) => of[at]?.key ?? '') });
  const readOf = (kind: 'history' | 'comments') =>
    [...objects.values()].filter((one) => one[kind].isRead).map(({ id }) => id);
  return { batches, files, objects, readOf, plan: await needJson<ActivityPlan>(work, keys.activityPlan) };
}

/** Objects that the last night had, read so many days ago, with as many records. */
const known = (of: readonly string[], days = 2, records = 1) =>
  of.map((id) => ({ id, history: { read: ago(days), records }, comments: { read: ago(days), records: 0 } }));

describe('a night that builds upon another', () => {
  it('reads all where there is none', async () => {
    const { objects, readOf, plan: planned, batches } = await plan({ types: { 1: ids(3) } });
    expect(readOf('history')).toEqual(ids(3));
    expect(readOf('comments')).toEqual(ids(3));
    expect(objects.get(idAt(0))).toMatchObject({ digest: digestOf(idAt(0)), history: { base: null, files: [] } });
    expect(planned).toMatchObject({ objects: 3, batches: 1, bases: { fac: { backup: null, passedOver: [] } } });
    expect(batches[0]).toMatchObject({ kinds: ['history', 'comments'] });
  });

  it('reads what is new, changed, or was not got, and the share; all else is carried over, with its date and its file', async () => {
    const [a = '', b = '', c = '', d = '', e = '', ...others] = ids(19);
    const had = known([a, b, c, d, ...others]).map((object) => {
      if (object.id === b) return { ...object, history: { read: null, records: 0 } };
      if (object.id === c) return { ...object, comments: { ...object.comments, missed: 'failed' as const } };
      // Older than all others, and so the share of history: 15 of them are unchanged, which makes two.
      return others.indexOf(object.id) > 11 ? { ...object, history: { read: ago(9), records: 1 } } : object;
    });
    const {
      objects,
      readOf,
      plan: planned,
    } = await plan({
      types: { 1: [a, b, c, d, e, ...others] },
      changed: [a],
      had: [{ id: '1', objects: had }],
    });
    // d's digest is the same.
    const [old = '', older = ''] = others.slice(12);
    expect(new Set(readOf('history'))).toEqual(new Set([a, b, e, old, older]));
    expect(readOf('comments')).toEqual(expect.arrayContaining([a, c, e]));
    // Of the fifteen to sixteen others two.
    expect(readOf('comments')).toHaveLength(5);
    expect(objects.get(d)).toMatchObject({
      history: { isRead: false, base: { read: ago(2), records: 1 } },
      comments: { base: { read: ago(2), records: 0 }, files: [] },
      historyFiles: [`${backupName(lastNight)}/FAC/objects/history/${d}.json`],
    });
    // Where the site fails to give it, there is still the older one.
    expect(objects.get(a)).toMatchObject({ history: { isRead: true, base: { records: 1 } } });
    expect(objects.get(a)?.historyFiles).toHaveLength(1);
    expect(planned.bases.fac?.backup).toBe(backupName(lastNight));
  });

  it('reads all of a base where it is to, with what the base has in case it fails', async () => {
    const had = [{ id: '1', objects: known(ids(30)) }];
    for (const options of [{ full: true }, { activityMaxAgeDays: 0 }]) {
      const { readOf, objects } = await plan({ types: { 1: ids(30) }, had, options });
      expect(readOf('history')).toHaveLength(30);
      expect(readOf('comments')).toHaveLength(30);
      expect(objects.get(idAt(3))?.historyFiles).toHaveLength(1);
    }
  });

  it('begins with what the last night did not reach, and not with what failed', async () => {
    const [first = [], second = [], third = []] = [ids(900), ids(900, 900), ids(900, 1_800)];
    const missed = (of: readonly string[], why: 'failed' | 'not-reached') =>
      known(of, 1).map((object) => ({ ...object, history: { ...object.history, missed: why } }));
    const { files } = await plan({
      types: { 1: first, 2: second, 3: third },
      had: [
        { id: '1', objects: known(first, 1) },
        { id: '2', objects: missed(second, 'failed') },
        { id: '3', objects: missed(third, 'not-reached') },
      ],
    });
    const order = [...new Set(files.flatMap(({ units }) => units.map(({ type }) => type.id)))];
    expect(order).toEqual(['3', '1', '2']);
  });

  it('ends twenty hours after its start, or an hour before the next one', async () => {
    const hour = 3_600_000;
    const start = Date.parse(startedAt);
    const untilOf = async (nextStart?: number) => {
      const { batches } = await plan({ types: { 1: ids(1) }, ...(nextStart !== undefined && { nextStart }) });
      return (Date.parse(batches[0]?.until ?? '') - start) / hour;
    };
    expect(await untilOf()).toBe(20);
    expect(await untilOf(start + 24 * hour)).toBe(20);
    expect(await untilOf(start + 12 * hour)).toBe(11);
    // Where nights begin each hour, there is half of one for it.
    expect(await untilOf(start + hour)).toBe(0.5);
  });

  it('carries over comments that the site does not offer tonight, and asks for none', async () => {
    const there = [...demoSite().objects.all()].slice(0, 3).map(({ id }) => String(id));
    const commented = known(there, 1).map((one) => ({ ...one, comments: { read: ago(20), records: 2 } }));
    const had = [{ id: '1', objects: commented }];
    const { batches, readOf, objects, plan: planned } = await plan({ types: { 1: there }, had, comments: false });
    expect(planned.notOffered).toMatchObject([{ what: 'comments' }]);
    expect(batches.map(({ kinds }) => kinds)).toEqual([['history']]);
    expect(readOf('comments')).toEqual([]);
    for (const { comments } of objects.values())
      expect(comments).toMatchObject({ base: { records: 2 }, files: [expect.anything()] });
  });

  it('reads what the lists of its base say nothing of', async () => {
    const had = [{ id: '1', objects: known(ids(30), 1) }];
    const { objects, readOf } = await plan({ types: { 1: [...ids(30), idAt(99)] }, had });
    expect(readOf('history')).toContain(idAt(99));
    expect(objects.get(idAt(99))?.history.base).toBeNull();
  });
});

describe('files of many objects', () => {
  const options = { activityFiles: 'type' as const };
  const all = ids(1_400);
  const had = [{ id: '1', objects: known(all, 1) }];
  /** Objects in the order of their hashes: the share is taken from there. */
  const byHash = all.toSorted((one, other) => activityHash(one) - activityHash(other));

  it('are copied as they are where nothing of their shard is read, and no object has come or gone', async () => {
    const shards = 4;
    const inShard = (shard: number) => all.filter((id) => shardOf(activityHash(id), shards) === shard);
    const [gone = ''] = inShard(2);
    const [changed = ''] = inShard(3);
    const { files, readOf } = await plan({
      types: { 1: all.filter((id) => id !== gone) },
      changed: [changed],
      had,
      layout: 'type',
      options,
    });
    const units = files.flatMap((file) => file.units);
    expect(units.map((unit) => unit.shards)).toEqual([4, 4, 4, 4]);
    // The share lies in the first shard; one object was deleted in the third, one has changed in the fourth.
    expect(new Set(readOf('history'))).toEqual(new Set([...byHash.filter((id) => id !== gone).slice(0, 100), changed]));
    expect(units.map((unit) => unit.isUnchanged.history)).toEqual([false, true, false, false]);
    expect(units.map((unit) => unit.isUnchanged.comments)).toEqual([false, true, false, false]);
  });

  it('are named to each object of their shard once, and by its own file where the base has those', async () => {
    const byType = await plan({ types: { 1: all }, had, layout: 'type', options });
    for (const file of byType.files) expect(new Set(file.files.map(({ key }) => key)).size).toBe(file.files.length);
    for (const [id, { historyFiles }] of byType.objects) {
      const shard = shardOf(activityHash(id), 4) + 1;
      expect(historyFiles).toEqual([`${backupName(lastNight)}/FAC/objects/history/Type 1_1.0000${shard}.json`]);
    }
    const switched = await plan({ types: { 1: all }, had, layout: 'object', options });
    for (const [id, { historyFiles }] of switched.objects)
      expect(historyFiles).toEqual([`${backupName(lastNight)}/FAC/objects/history/${id}.json`]);
    for (const planned of [switched, await plan({ types: { 1: all }, had, layout: 'type' })]) {
      // A switch of the layout makes no full night, and copies no file as it is.
      expect(planned.readOf('history')).toHaveLength(100);
      expect(planned.files.flatMap(({ units }) => units.map(({ isUnchanged }) => isUnchanged.history))).not.toContain(
        true,
      );
    }
  });

  it('are those of the type that an object had, where it has another one', async () => {
    const [moved = ''] = all;
    const { objects, files } = await plan({
      types: { 1: all.slice(1), 2: [moved] },
      changed: [moved],
      had,
      layout: 'type',
      options,
    });
    expect(objects.get(moved)).toMatchObject({ history: { isRead: true, base: { records: 1 } } });
    expect(objects.get(moved)?.historyFiles[0]).toContain('/Type 1_1.');
    expect(files.flatMap(({ units }) => units).find(({ type }) => type.id === '2')?.isUnchanged.history).toBe(false);
  });

  it('are as many as in the base while the type fits into them', async () => {
    const { files } = await plan({
      types: { 1: ids(1_600) },
      had: [{ id: '1', objects: known(all, 1), shards: 2 }],
      layout: 'type',
      options,
    });
    expect(files.flatMap(({ units }) => units.map(({ shards }) => shards))).toEqual([2, 2]);
  });
});
