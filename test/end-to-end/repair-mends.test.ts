import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { Attribute } from '../../simulator/site/records.ts';
import { companySite, valuesOf } from './restore-company.ts';
import { copySite } from './restore-run.ts';

/** Of the copies of the laptops. */
const copied = (objects: ReadonlyMap<string, string>, laptops: readonly { readonly id: number }[]) =>
  laptops.map(({ id }) => objects.get(String(id)) ?? '');

describe('values lost in an earlier restore come back by the same line, where somebody has mended the cause', () => {
  it('a user who was filled into users.csv later', async () => {
    const { site, laptops, users } = companySite();
    const target = emptySiteLike(site);
    target.users.delete(users[0]?.accountId ?? '');
    const { restored, directory, again } = await copySite(site, target);
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', losses: 2 });
    target.addUser({ displayName: 'Ada there', accountId: 'ada-there' });
    writeFileSync(join(directory, '.work', 'users.csv'), `from,to\n${users[0]?.accountId},ada-there\n`);
    const mended = await again({ users: 'users.csv' });
    expect(mended.result).toMatchObject({ outcome: 'restored', losses: 0, created: 0, updated: 2 });
    const owners = copied(mended.objects, laptops).map((id) => valuesOf(target, id, 'Owner')[0]);
    expect(owners.filter((owner) => owner === 'ada-there')).toHaveLength(2);
  });

  it('objects that a full quota kept out, and what refers to them', async () => {
    const { site, laptops } = companySite();
    const target = emptySiteLike(site);
    const { restored, simulator, again } = await copySite(site, target, {}, { target: { objectLimit: 7 } });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 7 });
    expect(simulator.site.objects.size).toBe(7);
    simulator.site.quirks.objectLimit = undefined;
    const mended = await again();
    expect(mended.result).toMatchObject({ outcome: 'restored', losses: 0, created: 2 });
    expect(copied(mended.objects, laptops).every((id) => valuesOf(target, id, 'Peer').length === 1)).toBe(true);
  });

  it('a status that the target refused', async () => {
    const { site, laptops } = companySite();
    const target = emptySiteLike(site);
    const { again } = await copySite(site, target, { processObjects: false });
    const state = [...target.attributes.values()].find(({ name }) => name === 'State') as Attribute;
    const [allowed, other] = [state.typeValueMulti, target.addStatusType({ name: 'Another' })];
    state.typeValueMulti = [String(other.id)];
    const first = await again({ processObjects: true });
    expect(first.result).toMatchObject({ outcome: 'restored-with-losses', created: 9, losses: 6 });
    expect((await again({ processObjects: true })).result).toMatchObject({ losses: 6, created: 0 });
    state.typeValueMulti = allowed;
    const mended = await again({ processObjects: true });
    expect(mended.result).toMatchObject({ outcome: 'restored', losses: 0, created: 0, updated: 6 });
    expect(copied(mended.objects, laptops).every((id) => valuesOf(target, id, 'State').length === 1)).toBe(true);
  });

  it('but not where somebody has put another value there since', async () => {
    const { site, laptops, users } = companySite();
    const target = emptySiteLike(site);
    target.users.delete(users[0]?.accountId ?? '');
    const { restored, again } = await copySite(site, target);
    const [first = '', , , fourth = ''] = copied(restored.objects, laptops);
    target.updateObject(target.object(first), { Owner: users[1]?.accountId ?? [] });
    target.users.set(users[0]?.accountId ?? '', users[0] as (typeof users)[0]);
    const mended = await again();
    expect(mended.report).toMatchObject({
      outcome: 'restored',
      changed: { attributes: 1 },
      overwritten: { attributes: 0 },
    });
    expect([first, fourth].map((id) => valuesOf(target, id, 'Owner')[0])).toEqual([
      users[1]?.accountId,
      users[0]?.accountId,
    ]);
  });
});
