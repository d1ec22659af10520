import { describe, expect, it } from 'vitest';
import type { Services } from '../../core/ports/services.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { ObjectType } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { livelySite } from './lively-site.ts';
import { testSimulator } from './local-run.ts';
import { verified } from './night-judge.ts';
import { kinds, type ReadNight } from './night-reader.ts';
import { NightSeries } from './night-series.ts';
import { restore } from './restore-run.ts';
import { betweenTypes } from './watched-reader.ts';

// What a night says of itself where not all goes well, and that the night after it is whole again.

const firstType = (site: SimulatedSite) => [...site.types.values()][0] as ObjectType;
const verifiedNight = (nights: NightSeries, { manifest }: ReadNight) => verified(nights.directory, manifest.name);
const gapsOf = ({ manifest }: ReadNight, kind: string) => manifest.gaps.filter((gap) => gap.kind === kind);

/** Lets no record of the first batch of "Export activity" be written. */
function withoutRecords(services: Services): Services {
  const work = new Proxy(services.work, {
    get(store, name: keyof WorkStore) {
      return (...args: unknown[]) => {
        if (/\/activity\/1\.from-/.test(String(args[0])) && !['read', 'list'].includes(name))
          throw new TypeError('The step died.');
        return Reflect.apply(store[name], store, args);
      };
    },
  });
  return { ...services, work };
}

describe.each(['object', 'type'] as const)('files by %s', (activityFiles) => {
  it('a night on which comments are not offered any more counts those that it has not got', async () => {
    const nights = await NightSeries.of(livelySite([10]), { activityFiles });
    await nights.night();
    nights.site.createObject({ type: firstType(nights.site), name: 'new' });
    nights.simulator.faults.add({ endpoint: 'comments', fault: { kind: 'status', status: 405 } });
    const second = await nights.night();
    expect(gapsOf(second, 'comments')).toMatchObject([{ what: 'comments', carried: { objects: 10 } }]);
    expect(second.manifest.activity.comments).toMatchObject({ read: 0, carried: 10, missing: 1 });
    expect(second.faults).toEqual([]);
    expect(await verifiedNight(nights, second)).toEqual([]);
    const third = await nights.night();
    expect(third.manifest.activity.comments).toMatchObject({ read: 0, carried: 10, missing: 0 });
    expect(await verifiedNight(nights, third)).toEqual([]);
  });

  it('comments that are not offered any more are a gap also after a night without activity', async () => {
    const nights = await NightSeries.of(livelySite([10]), { activityFiles });
    const first = await nights.night();
    await nights.night({ activity: false });
    nights.simulator.faults.add({ endpoint: 'comments', fault: { kind: 'status', status: 405 } });
    const third = await nights.night();
    expect(third.manifest.status).toBe('complete-with-gaps');
    expect(gapsOf(third, 'comments')).toMatchObject([
      { what: 'comments', reason: expect.stringContaining(first.manifest.name), carried: { objects: 10 } },
    ]);
    await nights.night({ activity: false });
    expect((await nights.night()).manifest.status).toBe('complete');
  });

  it('a batch that left no record is counted, in a backup that is as it was written', async () => {
    const nights = await NightSeries.of(livelySite([10, 5]), { activityFiles });
    await nights.night();
    const second = await nights.night({ full: true, decorate: withoutRecords });
    expect(second.manifest.status).toBe('complete-with-gaps');
    expect(second.manifest.activity.history).toEqual({ read: 0, carried: 0, missing: 15, oldest: null });
    const problems = (await verifiedNight(nights, second)).filter((problem) => !problem.endsWith('is a stranger'));
    expect(problems).toEqual([]);
    const third = await nights.night();
    expect(third.manifest.activity.history).toMatchObject({ read: 15, missing: 0 });
    expect(await nights.wrongWith(third)).toEqual([]);
  });

  it('an object that was out of sight is not said to have been read, and is asked for when it is there again', async () => {
    const nights = await NightSeries.of(livelySite([20]), { activityFiles });
    const first = await nights.night();
    const changed = [...nights.site.objects.all()].slice(0, 2);
    for (const object of changed) nights.site.updateObject(object, { Name: [`changed ${object.id}`] });
    const added = nights.site.createObject({ type: firstType(nights.site), name: 'new' });
    const unseen = new Set([...changed, added].map(({ id }) => String(id)));
    const stop = nights.simulator.faults.add({
      endpoint: ['history', 'comments', 'object'],
      match: ({ params }) => unseen.has(params.id ?? ''),
      fault: { kind: 'status', status: 404 },
    });
    const second = await nights.night();
    stop();
    expect(second.manifest.notices).toMatchObject([{ kind: 'vanished-while-reading' }]);
    for (const kind of kinds) {
      for (const { id } of changed)
        expect(second.lines.get(String(id))?.[kind]).toMatchObject({
          read: first.manifest.startedAt,
          missed: 'failed',
        });
      expect(second.lines.get(String(added.id))?.[kind]).toEqual({ read: null, records: 0, missed: 'failed' });
      expect(second.manifest.activity[kind].missing).toBe(1);
    }
    expect(second.faults).toEqual([]);
    expect(await verifiedNight(nights, second)).toEqual([]);
    const third = await nights.night();
    for (const id of unseen)
      for (const kind of kinds) expect(third.lines.get(id)?.[kind].read).toBe(third.manifest.startedAt);
    expect(await nights.wrongWith(third)).toEqual([]);
  });

  it.each([
    ['are refused', 403],
    ['are not offered any more', 405],
  ])('comments that %s are a gap of so many objects, and a restore loses just these', async (_, status) => {
    const nights = await NightSeries.of(livelySite([10]), { activityFiles });
    await nights.night();
    nights.site.createObject({ type: firstType(nights.site), name: 'new' });
    nights.simulator.faults.add({ endpoint: 'comments', fault: { kind: 'status', status } });
    const second = await nights.night();
    expect(gapsOf(second, 'comments')).toMatchObject([{ objects: 11, carried: { objects: 10 } }]);
    const target = await testSimulator({ site: emptySiteLike(nights.site) });
    const { report } = await restore(target, nights.directory, { folder: second.manifest.name });
    expect(report?.losses.map(({ kind, values }) => [kind, values])).toEqual([
      ['comment', 1],
      ['comment', 10],
    ]);
  });

  it('an object that goes to another schema while it is read stands in both, and each has its activity', async () => {
    const nights = await NightSeries.of(livelySite([10, 5]), { activityFiles });
    const { site } = nights;
    const [from, to] = [...site.types.values()] as [ObjectType, ObjectType];
    const moved = site.object(7);
    const first = await nights.night({
      decorate: betweenTypes({ from, to }, () => {
        if (moved.typeId === from.id) site.moveObject(moved, to);
      }),
    });
    expect(first.manifest.notices).toContainEqual(expect.objectContaining({ kind: 'moved-while-reading' }));
    expect(first.manifest.counts).toMatchObject({ objects: 16, historyRead: 16, commentsRead: 16 });
    expect(await verifiedNight(nights, first)).toEqual([]);
    expect(await nights.wrongWith(await nights.night())).toEqual([]);
  });
});
