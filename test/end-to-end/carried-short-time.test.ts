import { describe, expect, it } from 'vitest';
import { activityKinds } from '../../core/model/activity.ts';
import type { Services } from '../../core/ports/services.ts';
import { named } from '../local/interpreter/fake-host.ts';
import { type CarriedNight, CarriedNights } from './carried-nights.ts';
import { livelySite } from './lively-site.ts';
import { truthOf } from './stored-site.ts';

const handedOn = /\/activity\/\d+\.(from|unfinished)-\d+\.json$/;

/** A work store that does something before each file that it writes. */
function withWrite({ work }: Services, before: (key: string) => Promise<void>): Services['work'] {
  return Object.assign(Object.create(work), {
    write: async (key: string, text: string) => {
      await before(key);
      return work.write(key, text);
    },
    create: (key: string, text: string) => work.create(key, text),
    read: (key: string) => work.read(key),
    replace: (key: string, text: string, version: string) => work.replace(key, text, version),
    list: (prefix: string) => work.list(prefix),
    addressOf: (key: string) => work.addressOf(key),
  });
}

/** Breaks each invocation off just before it stores a record, or what it leaves of a unit, for the first time. */
function breakingOff(): { decorate: (services: Services) => Services; readonly broken: Set<string> } {
  const broken = new Set<string>();
  const breakOff = async (key: string) => {
    if (!handedOn.test(key) || broken.has(key)) return;
    broken.add(key);
    throw named('Lambda.Unknown', `breaks off at ${key}`);
  };
  return { broken, decorate: (services) => ({ ...services, work: withWrite(services, breakOff) }) };
}

/** Time that is short at every so many looks. */
function shortEvery(looks: number): () => number {
  let look = 0;
  return () => {
    look += 1;
    return look % looks === 0 ? 0 : Number.POSITIVE_INFINITY;
  };
}

/** Two nights: the first reads all, the second carries most of it over: one read fails, and of the third or the fourth schema all is copied. */
async function twoNights(files: 'object' | 'type', others: () => Parameters<CarriedNights['night']>[0]) {
  const site = livelySite([24, 9, 6, 6]);
  const nights = await CarriedNights.of(site);
  nights.simulator.faults.add({
    endpoint: 'history',
    match: ({ params }) => ['7', '28'].includes(params.id ?? ''),
    fault: { kind: 'status', status: 403 },
  });
  const first = await nights.night({ files, maxAgeDays: 365, ...others() });
  for (const object of [...site.objects.all()].filter(({ id }) => id % 5 === 0 && id <= 33))
    site.updateObject(object, { Name: [`changed ${object.id}`] });
  const second = await nights.night({ files, maxAgeDays: 365, ...others() });
  expect(second.copied.some((key) => /\/S[34]\//.test(key))).toBe(true);
  return [await essence(nights, first), await essence(nights, second)];
}

/** All that does not depend on how long the invocations were. */
async function essence(nights: CarriedNights, night: CarriedNight) {
  const { counts, activity, schemas, notices } = night.manifest;
  const gaps = night.manifest.gaps.toSorted((one, other) => one.what.localeCompare(other.what));
  const { history, comments } = activity;
  return {
    files: await nights.filesOf(night),
    ...{ lines: night.lines, gaps, counts: { ...counts, bytes: 0 }, history, comments, notices, schemas },
  };
}

describe.each(['object', 'type'] as const)('invocations that are short of time, files by %s', (files) => {
  const long = twoNights.bind(undefined, files, () => ({}));

  it.each([1, 2, 7])('leave what one long one leaves: at every look number %i', async (looks) => {
    const short = await twoNights(files, () => ({ remainingMilliseconds: shortEvery(looks) }));
    expect(short).toEqual(await long());
  });

  it('leave it also where each of them breaks off before it has stored how far it came', async () => {
    const breaking: ReturnType<typeof breakingOff>[] = [];
    const short = await twoNights(files, () => {
      const one = breakingOff();
      breaking.push(one);
      return { remainingMilliseconds: shortEvery(5), decorate: one.decorate };
    });
    expect(Math.min(...breaking.map(({ broken }) => broken.size))).toBeGreaterThan(5);
    expect(short).toEqual(await long());
  });
});

describe('a batch that ends without a record in the middle of a shard', () => {
  it.each([10, 26])('is a gap of all objects whose files are not stored, from the object %i on', async (from) => {
    const site = livelySite([24, 9]);
    const nights = await CarriedNights.of(site);
    const options = { files: 'type', remainingMilliseconds: shortEvery(5) } as const;
    const first = await nights.night({ ...options, decorate: failingFrom(from) });
    const { gaps, activity } = first.manifest;
    // The shard of 24 is finished before the 26th object.
    const stored = from < 24 ? 0 : 24;
    expect(first.lines.size).toBe(stored);
    const listed = first.manifest.schemas.flatMap(({ objectTypes }) => objectTypes.map((type) => type.activity));
    expect(listed.map((shards) => shards?.history[0]?.length)).toEqual([stored === 24 ? 1 : 0, 0]);
    for (const kind of activityKinds) {
      const missing = gaps.filter((gap) => gap.kind === kind).reduce((sum, { objects = 1 }) => sum + objects, 0);
      expect(missing).toBe(33 - stored);
      expect(activity[kind]).toMatchObject({ read: stored, missing: 33 - stored });
    }
    const second = await nights.night({ files: 'type' });
    expect(second.result?.status).toBe('complete');
    expect(second.stored.history).toEqual(truthOf(site).history);
  });
});

/** Every try of the invocation that reaches so far fails before it leaves a record. */
function failingFrom(from: number): (services: Services) => Services {
  return (services) => ({
    ...services,
    work: withWrite(services, async (key) => {
      const at = Number(/\/activity\/\d+\.from-(\d+)\.json$/.exec(key)?.[1] ?? -1);
      if (at >= from) throw named('Lambda.Unknown', `breaks off at ${key}`);
    }),
  });
}
