import { describe, expect, it } from 'vitest';
import type { Services } from '../../core/ports/services.ts';
import { named } from '../local/interpreter/fake-host.ts';
import { type CarriedNight, CarriedNights } from './carried-nights.ts';
import { livelySite } from './lively-site.ts';

const handedOn = /\/activity\/\d+\.(from|unfinished)-\d+\.json$/;

/** Breaks each invocation off just before it stores a record, or what it leaves of a unit, for the first time. */
function breakingOff(): { decorate: (services: Services) => Services; readonly broken: Set<string> } {
  const broken = new Set<string>();
  const decorate = (services: Services): Services => {
    const { work } = services;
    const write = async (key: string, text: string) => {
      if (handedOn.test(key) && !broken.has(key)) {
        broken.add(key);
        throw named('Lambda.Unknown', `breaks off at ${key}`);
      }
      return work.write(key, text);
    };
    return {
      ...services,
      work: Object.assign(Object.create(work), {
        write,
        create: (key: string, text: string) => work.create(key, text),
        read: (key: string) => work.read(key),
        replace: (key: string, text: string, version: string) => work.replace(key, text, version),
        list: (prefix: string) => work.list(prefix),
        addressOf: (key: string) => work.addressOf(key),
      }),
    };
  };
  return { decorate, broken };
}

/** Time that is short at every so many looks. */
function shortEvery(looks: number): () => number {
  let look = 0;
  return () => {
    look += 1;
    return look % looks === 0 ? 0 : Number.POSITIVE_INFINITY;
  };
}

/** Two nights: the first reads all, the second carries most of it over, with one read that fails. */
async function twoNights(files: 'object' | 'type', others: () => Parameters<CarriedNights['night']>[0]) {
  const site = livelySite([24, 9]);
  const nights = await CarriedNights.of(site);
  nights.simulator.faults.add({
    endpoint: 'history',
    match: ({ params }) => ['7', '28'].includes(params.id ?? ''),
    fault: { kind: 'status', status: 403 },
  });
  const first = await nights.night({ files, ...others() });
  for (const object of [...site.objects.all()].filter(({ id }) => id % 5 === 0))
    site.updateObject(object, { Name: [`changed ${object.id}`] });
  const second = await nights.night({ files, ...others() });
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
