import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activityKinds } from '../../core/model/activity.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { type CarriedNight, CarriedNights } from './carried-nights.ts';
import { livelySite } from './lively-site.ts';
import { RecordingReporter } from './local-run.ts';
import { restore } from './restore-run.ts';
import { truthOf } from './stored-site.ts';

const layouts = ['object', 'type'] as const;

function expectTruth(night: CarriedNight, site: SimulatedSite): void {
  const truth = truthOf(site);
  expect(night.stored.objects).toEqual(truth.objects);
  expect(night.stored.history).toEqual(truth.history);
  expect(night.stored.comments).toEqual(truth.comments);
  expect(new Set(night.lines.keys())).toEqual(new Set(truth.objects.keys()));
  for (const [id, line] of night.lines) {
    for (const kind of activityKinds) expect(line[kind].records).toBe(truth[kind].get(id)?.length ?? 0);
  }
}

/** Changes the first so many objects, which the history tells. */
function change(site: SimulatedSite, count: number): string[] {
  const objects = [...site.objects.all()].slice(0, count);
  for (const object of objects) site.updateObject(object, { Name: [`changed ${object.id}`] });
  return objects.map(({ id }) => String(id));
}

const problemsOf = async (nights: CarriedNights, { manifest }: CarriedNight) => {
  const { backups } = openLocalStores(nights.directory);
  const { problems, strangers } = await verifyBackup({ backups, reporter: new RecordingReporter() }, manifest.name);
  return [...problems, ...strangers];
};

describe.each(layouts)('the second night, files by %s', (files) => {
  it('reads what changed and its share, copies the rest, and is whole by itself', async () => {
    const site = livelySite([40, 30]);
    const nights = await CarriedNights.of(site);
    const first = await nights.night({ files });
    expect(first.asked.history).toHaveLength(70);
    expect(first.manifest.schemas.map(({ base }) => base)).toEqual(Array(2).fill({ backup: null, passedOver: [] }));
    expectTruth(first, site);

    const changed = change(site, 3);
    const added = site.createObject({ type: site.type([...site.objects.all()][0]?.typeId ?? 0), name: 'new' });
    const gone = [...site.objects.all()].find(({ id }) => String(id) === '60');
    if (gone) site.deleteObject(gone);
    const second = await nights.night({ files });
    expect(second.result?.status).toBe('complete');
    expectTruth(second, site);
    // 66 have not changed: a fourteenth of them is read, those that are the same for both kinds.
    const share = Math.ceil(66 / 14);
    expect(second.asked.history).toHaveLength(4 + share);
    expect(second.asked.history).toEqual(expect.arrayContaining([...changed, String(added.id)]));
    expect(second.manifest.activity.history).toEqual({
      ...{ read: 4 + share, carried: 66 - share, missing: 0 },
      oldest: first.manifest.startedAt,
    });
    expect(second.manifest.counts).toMatchObject({
      historyRead: 70,
      commentsRead: 70,
      historyEntries: expect.any(Number),
    });
    expect(second.manifest.schemas.map(({ base }) => base.backup)).toEqual(Array(2).fill(first.manifest.name));
    for (const [id, { history }] of second.lines)
      expect(history.read).toBe((second.asked.history.includes(id) ? second : first).manifest.startedAt);
    if (files === 'object') expect(second.copied).toHaveLength(2 * (66 - share));
    expect(await problemsOf(nights, second)).toEqual([]);

    rmSync(join(nights.directory, first.manifest.name), { recursive: true });
    expect(await problemsOf(nights, second)).toEqual([]);
    const target = await CarriedNights.of(emptySiteLike(site));
    const restored = await restore(target.simulator, nights.directory, { folder: second.manifest.name });
    expect(restored.error).toBeUndefined();
    expect(restored.report).toMatchObject({ outcome: 'restored', differences: [] });
  });

  it('keeps an older copy where a read fails, with its date, and reads it the night after', async () => {
    const site = livelySite([30]);
    const nights = await CarriedNights.of(site);
    const first = await nights.night({ files });
    const [id = ''] = change(site, 1);
    nights.simulator.faults.add({
      endpoint: 'history',
      match: ({ params }) => params.id === id,
      fault: { kind: 'status', status: 403 },
    });
    const second = await nights.night({ files });
    expect(second.result).toMatchObject({ status: 'complete-with-gaps', gaps: 1 });
    expect(second.manifest.gaps[0]).toMatchObject({
      ...{ kind: 'history', objectId: id, error: 'PermissionRefusedError' },
      what: `history of object ${id}; an older copy is kept, of 2026-11-24`,
      carried: { objects: 1, oldest: first.manifest.startedAt },
    });
    expect(second.lines.get(id)?.history).toEqual({ read: first.manifest.startedAt, records: 2, missed: 'failed' });
    expect(second.lines.get(id)?.comments.read).toBe(second.manifest.startedAt);
    expect(second.stored.history.get(id)).toEqual(first.stored.history.get(id));
    expect(second.manifest.activity.history.missing).toBe(0);
    expect(await problemsOf(nights, second)).toEqual([]);

    nights.simulator.faults.clear();
    const third = await nights.night({ files });
    expect(third.asked.history).toContain(id);
    expect(third.result?.status).toBe('complete');
    expectTruth(third, site);
  });

  it('keeps older comments where all are refused, and says of how many', async () => {
    const site = livelySite([20]);
    const nights = await CarriedNights.of(site);
    const first = await nights.night({ files });
    change(site, 2);
    nights.simulator.faults.add({ endpoint: 'comments', fault: { kind: 'status', status: 403 } });
    const second = await nights.night({ files });
    expect(second.manifest.gaps).toMatchObject([
      {
        what: expect.stringContaining('comments of all 20 objects; of 20'),
        carried: { objects: 20, oldest: first.manifest.startedAt },
      },
    ]);
    expect(second.stored.comments).toEqual(first.stored.comments);
    for (const { comments } of second.lines.values())
      expect(comments).toEqual({ read: first.manifest.startedAt, records: 1, missed: 'failed' });
    nights.simulator.faults.clear();
    const third = await nights.night({ files });
    expect(third.asked.comments).toHaveLength(20);
    expectTruth(third, site);
  });

  it('keeps older comments where the site offers none any more, and asks for all when it does again', async () => {
    const site = livelySite([20]);
    const nights = await CarriedNights.of(site);
    const first = await nights.night({ files });
    nights.simulator.faults.add({ endpoint: 'comments', fault: { kind: 'status', status: 405 } });
    const second = await nights.night({ files });
    expect(second.manifest.gaps).toMatchObject([
      { what: 'comments', error: 'NotFoundError', carried: { objects: 20, oldest: first.manifest.startedAt } },
    ]);
    const third = await nights.night({ files });
    expect(third.result).toMatchObject({ status: 'complete', notOffered: ['comments'] });
    expect(third.stored.comments).toEqual(first.stored.comments);
    for (const { comments } of third.lines.values())
      expect(comments).toEqual({ read: first.manifest.startedAt, records: 1, missed: 'failed' });
    expect(third.manifest.activity.comments).toMatchObject({ read: 0, carried: 20, missing: 0 });

    nights.simulator.faults.clear();
    const fourth = await nights.night({ files });
    expect(fourth.asked.comments).toHaveLength(20);
    expect(fourth.manifest.activity.comments).toMatchObject({ read: 20, carried: 0, missing: 0 });
  });

  it.each(['changed', 'missing'])('reads again what lay in a file that is %s, and names it', async (how) => {
    const site = livelySite([30, 10]);
    const nights = await CarriedNights.of(site);
    const first = await nights.night({ files });
    const key = files === 'object' ? 'S1/objects/history/5.json' : 'S1/objects/history/Thing_1.json';
    const found = [...(await nights.filesOf(first)).keys()].find((one) =>
      files === 'object' ? one === `/${key}` : one.startsWith('/S1/objects/history/'),
    );
    const path = join(nights.directory, `${first.manifest.name}${found}`);
    if (how === 'missing') rmSync(path);
    else writeFileSync(path, readFileSync(path, 'utf8').replace('"x"', '"y"'));
    const second = await nights.night({ files });
    expect(second.result?.status).toBe('complete');
    expect(second.manifest.notices).toMatchObject([
      { kind: 'carried-file-damaged', message: expect.stringContaining(`${first.manifest.name}${found}`) },
    ]);
    expectTruth(second, site);
    const again = files === 'object' ? ['5'] : [...second.lines.keys()].filter((id) => Number(id) <= 30);
    expect(second.asked.history).toEqual(expect.arrayContaining(again));
    expect(second.asked.comments.length).toBeLessThan(10);
    expect(second.manifest.schemas[1]?.base.backup).toBe(first.manifest.name);
    expect(await problemsOf(nights, second)).toEqual([]);
  });
});

describe('another layout', () => {
  it('is made of the last night, and the site is asked no more for it', async () => {
    const site = livelySite([40]);
    const nights = await CarriedNights.of(site);
    const first = await nights.night({ files: 'object' });
    const lengths: number[] = [];
    let last = first;
    for (const files of ['type', 'object', 'type'] as const) {
      last = await nights.night({ files });
      lengths.push(last.asked.history.length);
      expectTruth(last, site);
      expect(await problemsOf(nights, last)).toEqual([]);
      if (files === 'object') expect(await nights.filesOf(last)).toEqual(await nights.filesOf(first));
    }
    expect(lengths).toEqual([3, 3, 3]);
    expect([...(await nights.filesOf(last)).keys()]).toHaveLength(2);
  });
});
