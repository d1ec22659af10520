import { describe, expect, it } from 'vitest';
import type { StoredObject } from '../../simulator/site/records.ts';
import type { Quirks } from '../../simulator/start-simulator.ts';
import { backedUpCompany } from './measured-company.ts';
import { idsIn } from './restore-company.ts';

// A login that sees less gets 404 for what is there. Whatever count tells that more is there, nothing is made in its stead.

type Company = Awaited<ReturnType<typeof backedUpCompany>>;

const hidden: { name: string; hide: (company: Company) => void; counts: Quirks['hiddenCountedBy'] }[] = [
  {
    name: 'a type, of which the schema tells',
    hide: ({ site, laptop }) => site.roles.hideType(laptop),
    counts: ['schema'],
  },
  { name: 'all objects of a type, of which the type tells', hide: hideLaptops, counts: ['type'] },
  { name: 'all objects of a type, of which totalcount tells', hide: hideLaptops, counts: ['totalcount'] },
  { name: 'all objects of a type, of which the schema tells', hide: hideLaptops, counts: ['schema'] },
  { name: 'all objects of a type, of which the usage tells', hide: hideLaptops, counts: ['usage'] },
  { name: 'some objects of a type, of which the type tells', hide: hideTwo, counts: ['type'] },
  { name: 'some objects of a type, of which only the usage tells', hide: hideTwo, counts: ['usage'] },
];

function hideLaptops({ site, laptop }: Company): void {
  site.roles.hideObjectsOf(laptop);
}

function hideTwo({ site, laptops }: Company): void {
  for (const laptop of laptops.slice(2, 4)) site.roles.hideObject(laptop);
}

describe('Hidden: what this login does not see is not made again', () => {
  it.each(hidden)('where roles hide $name', async ({ hide, counts }) => {
    const company = await backedUpCompany();
    const { site, simulator, places, laptops, run } = company;
    // One of each type is truly gone. Of laptops nobody can tell which; of places there is no doubt.
    for (const gone of [places[0], laptops[0]] as StoredObject[]) site.deleteObject(gone);
    hide(company);
    simulator.quirks.hiddenCountedBy = counts;
    const [types, laptopsBefore] = [site.types.size, idsIn(site, 'ASSETS')];
    const restored = await run();
    expect(idsIn(site, 'ASSETS')).toEqual(laptopsBefore);
    expect(site.types.size).toBe(types);
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 1, differences: 0 });
    expect(idsIn(site, 'FAC')).toHaveLength(3);
    const reasons = restored.report?.losses.filter(({ where, attribute }) => /^ASSETS-\d/.test(where) && !attribute);
    expect(reasons?.length).toBeGreaterThan(0);
    for (const { reason } of reasons ?? []) expect(reason).toMatch(/role/);
  });
});
