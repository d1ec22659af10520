import { describe, expect, it } from 'vitest';
import { inFlight } from '../../core/backup/activity/activity-reads.ts';
import type { Services } from '../../core/ports/services.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { CarriedNights } from './carried-nights.ts';
import { livelySite } from './lively-site.ts';
import { testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';
import { truthOf } from './stored-site.ts';

const hour = 3_600_000;
/** The next night begins four hours after this one: three of them are for history and comments, 180 objects of each and what is under way then. */
const scarce = {
  site: { requestBudget: { byClass: { history: 1, comments: 1 } } },
  decorate: (services: Services): Services => ({ ...services, nextStart: (after) => after + 4 * hour }),
};

describe.each(['object', 'type'] as const)('a site too large for one night, files by %s', (files) => {
  it('is caught up with in the nights that follow, what was not reached first', async () => {
    const site = livelySite([150, 300]);
    const nights = await CarriedNights.of(site);
    const first = await nights.night({ files, ...scarce });
    expect(first.result?.status).toBe('complete-with-gaps');
    const reached = first.asked.history.length;
    expect(reached).toBeGreaterThan(150);
    expect(reached).toBeLessThan(180 + inFlight);
    expect(first.stored.objects.size).toBe(450);
    expect(first.stored.history.size).toBe(reached);
    const { gaps, activity } = first.manifest;
    const late = gaps.filter(({ kind }) => kind === 'history');
    expect(late).toMatchObject([{ schemaKey: 'S2', error: 'CatchingUp', objects: 450 - reached }]);
    expect(late[0]?.what).toContain(', catching up');
    expect(activity.history).toEqual({
      ...{ read: reached, carried: 0, missing: 450 - reached },
      oldest: first.manifest.startedAt,
    });
    const missed = [...first.lines.values()].filter(({ history }) => history.missed === 'not-reached');
    expect(missed).toHaveLength(450 - reached);

    const second = await nights.night({ files, ...scarce });
    // What was there already is due for its share as well, but comes after what was not reached.
    const waited = new Set(missed.map(({ object }) => object));
    expect(second.asked.history.slice(0, 150).filter((id) => waited.has(id)).length).toBeGreaterThan(140);
    expect(second.manifest.activity.history.missing).toBeLessThan(activity.history.missing - 140);
    const third = await nights.night({ files, ...scarce });
    expect(third.manifest.activity).toMatchObject({ history: { missing: 0 }, comments: { missing: 0 } });
    const fourth = await nights.night({ files, ...scarce });
    expect(fourth.result?.status).toBe('complete');
    expect(fourth.stored.history).toEqual(truthOf(site).history);
    expect(fourth.stored.comments).toEqual(truthOf(site).comments);
  });
});

describe('what was not reached and has an older copy', () => {
  it('keeps that one, and says from when', async () => {
    const site = livelySite([300]);
    const nights = await CarriedNights.of(site);
    const first = await nights.night();
    const second = await nights.night({ ...scarce, full: true });
    const { carried, read } = second.manifest.activity.history;
    expect(read).toBeLessThan(180 + inFlight);
    expect(carried + read).toBe(300);
    expect(second.manifest.gaps.filter(({ kind }) => kind === 'history')).toMatchObject([
      { error: 'CatchingUp', objects: carried, carried: { objects: carried, oldest: first.manifest.startedAt } },
    ]);
    expect(second.stored.history).toEqual(truthOf(site).history);
  });
});

describe('a backup that is catching up', () => {
  it('lacks, for a restore of chosen objects, what it lacks of these', async () => {
    const site = livelySite([300]);
    const nights = await CarriedNights.of(site);
    const { manifest, lines } = await nights.night(scarce);
    const [kept, missed] = ['there', 'missed'].map((which) =>
      [...lines.values()].filter(({ history }) => (history.read === null) === (which === 'missed')),
    );
    const target = await testSimulator({ site: emptySiteLike(site), clock: nights.clock });
    const lossesOf = async (objects: readonly string[]) => {
      const input = { folder: manifest.name, processComments: false, dryRun: true, include: { objects } };
      const { plan } = await restore(target, nights.directory, input, { clock: nights.clock });
      return plan?.losses.filter(({ kind }) => kind === 'comment').map(({ where, values }) => [where, values]);
    };
    expect(await lossesOf([kept?.[0]?.object ?? ''])).toEqual([]);
    const ids = missed?.slice(0, 2).map(({ object }) => object) ?? [];
    expect(await lossesOf([kept?.[0]?.object ?? '', ...ids])).toEqual([
      [expect.stringMatching(/^S1: history of 2 objects \(.*\), catching up$/), 2],
    ]);
  });
});
