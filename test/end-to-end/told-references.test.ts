import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { backedUpCompany, deletePlaceAndPeer, toOf } from './measured-company.ts';
import { copySite, type FinishedRestore } from './restore-run.ts';

// What a restore tells of references and losses: the same number everywhere, and every place with both keys.

const work = (directory: string, key: string | null | undefined) =>
  readFileSync(join(directory, '.work', key ?? 'no file'), 'utf8');

/** Values lost as progress and log count them. */
const lostOnTheWay = ({ reporter }: FinishedRestore) =>
  reporter.events
    .filter(({ name }) => name === 'restore.loss')
    .reduce((sum, { fields }) => sum + Number(fields.values), 0);

const keyNow = (restored: FinishedRestore, object: Parameters<typeof toOf>[1]) => `ASSETS-${toOf(restored, object)}`;

describe('References of survivors', () => {
  it('are told in the plan, in the report and in two tables: those that stand, and those left to do by hand', async () => {
    const company = await backedUpCompany();
    const { place, laptop, peer, lackPlace } = deletePlaceAndPeer(company);
    const laptops = { include: { objectTypes: ['Laptop'] } };
    const linked = { references: 1, objects: 1, schemas: [{ key: 'ASSETS', references: 1, objects: 1 }] };
    const planned = await company.run({ ...laptops, dryRun: true });
    expect(planned.plan?.linked).toEqual(linked);
    expect(planned.result?.message).toContain(
      '1 reference of 1 object that is there will lead to what is made anew; 2 values will be lost',
    );

    const restored = await company.run(laptops);

    const { report, result } = restored;
    expect(report?.linked).toEqual(linked);
    expect(work(company.directory, report?.files.links)).toBe(
      [
        'object,object now,attribute,refers to,refers to now',
        `ASSETS-${peer.id},ASSETS-${peer.id},Peer,ASSETS-${laptop.id},${keyNow(restored, laptop)}`,
        '',
      ].join('\r\n'),
    );
    expect(work(company.directory, report?.files.referencesByHand).split('\r\n')).toEqual([
      'object,object now,attribute,refers to,refers to now,reason',
      ...lackPlace.map(({ id }) => expect.stringContaining(`ASSETS-${id},ASSETS-${id},Place,FAC-${place.id},,`)),
      '',
    ]);
    const text = work(company.directory, restoreKeys(result?.restore ?? '').reportText);
    expect(text).toContain('1 reference of 1 object that is there leads to what is made anew:\n- ASSETS: 1 reference');
    for (const { id } of lackPlace) expect(text).toContain(`- ASSETS-${id} Place: FAC-${place.id} (`);
  });

  it('that the site refuses stand in neither count nor table, and are left by hand with both keys', async () => {
    const company = await backedUpCompany();
    const { laptop, peer } = deletePlaceAndPeer(company);
    company.simulator.faults.add({ endpoint: 'object-update', fault: { kind: 'status', status: 400 }, times: 100 });
    const restored = await company.run();

    const { report } = restored;
    expect(report).toMatchObject({ outcome: 'restored-with-losses', lossCount: 3 });
    expect(report?.linked.references).toBe(0);
    expect(report?.files.links).toBeNull();
    expect(work(company.directory, report?.files.referencesByHand)).toContain(
      `ASSETS-${peer.id},ASSETS-${peer.id},Peer,ASSETS-${laptop.id},${keyNow(restored, laptop)},`,
    );
    expect(lostOnTheWay(restored)).toBe(3);
  });
});

describe('Losses', () => {
  it.each([2, 9])('of random site %i are counted in values, the same by progress, result and report', async (seed) => {
    const site = randomSite(seed, 30);
    const { restored } = await copySite(site, emptySiteLike(site));
    const { report, result } = restored;
    expect(report?.lossCount).toBeGreaterThan(0);
    expect(result?.losses).toBe(report?.lossCount);
    expect(lostOnTheWay(restored)).toBe(report?.lossCount);
    expect(report?.lossGroups.reduce((sum, { values }) => sum + values, 0)).toBe(report?.lossCount);
  });

  it('end with the same line again, once their cause is mended', async () => {
    const { users, beside } = await backedUpCompany();
    const { site, run } = await beside();
    const [ada] = users;
    if (!ada) throw new Error('The company has her.');
    site.users.delete(ada.accountId);
    const restored = await run();
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', losses: 2 });
    site.users.set(ada.accountId, ada);
    expect((await run()).result).toMatchObject({ outcome: 'restored', losses: 0, updated: 2 });
  });
});
