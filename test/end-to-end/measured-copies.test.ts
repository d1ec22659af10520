import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Quirks } from '../../simulator/start-simulator.ts';
import { backedUpCompany, type Death, told, toOf } from './measured-company.ts';
import { idsIn, valuesOf } from './restore-company.ts';
import { copySite } from './restore-run.ts';

// What a restore took for different, or for a stranger, and was the same: measured on a site that is not ours.

describe('False alarm: what is equal is not called different', () => {
  const copyOfAssets = {
    objectSchemas: [{ oldObjectSchemaKey: 'ASSETS', newObjectSchemaKey: 'COPY', newObjectSchemaName: 'Copy' }],
  };
  const deaths: Death[] = [
    { name: 'before its third create', moment: 'before', write: 'createObject', at: 3 },
    { name: 'before the answer to its last create', moment: 'after', write: 'createObject', at: 6 },
    { name: 'before it linked anything', moment: 'before', write: 'updateObject', at: 1 },
    { name: 'before the answer to its second link', moment: 'after', write: 'updateObject', at: 2 },
    { name: 'before its second comment', moment: 'before', write: 'createComment', at: 2 },
  ];

  it.each(deaths)('after a copy under another key was killed $name, and taken up again', async (death) => {
    const { site, places, laptops, run, runKilled } = await backedUpCompany();
    await runKilled(death, copyOfAssets);
    const again = await run(copyOfAssets);
    expect(told(again)).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    expect(again.report?.notices.join()).not.toMatch(/other values/);
    expect(idsIn(site, 'COPY')).toHaveLength(6);
    for (const [index, laptop] of laptops.entries()) {
      const peer = laptops[index % 2 ? index - 1 : index + 1];
      expect(valuesOf(site, toOf(again, laptop), 'Peer')).toEqual([toOf(again, peer)]);
      expect(valuesOf(site, toOf(again, laptop), 'Place')).toEqual([String(places[index % 3]?.id)]);
    }
    const later = await run(copyOfAssets);
    expect(told(later)).toEqual(told(again));
    expect(later.report?.notices.join()).not.toMatch(/other values/);
  });

  function siteOfDates(): SimulatedSite {
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'DAYS' }), name: 'Lease' });
    site.addAttribute({ type, name: 'From', kind: 'date' });
    site.addAttribute({ type, name: 'Signed', kind: 'datetime' });
    for (let number = 1; number <= 6; number += 1) {
      const values = { From: `2026-11-2${number}`, Signed: `2026-11-2${number}T23:30:00.000Z` };
      site.addObject({ type, name: `Lease ${number}`, values });
    }
    return site;
  }
  interface Spelling {
    readonly name: string;
    readonly source: Partial<Quirks>;
    readonly target: Partial<Quirks>;
  }
  const ofTimes: Spelling[] = [
    { name: 'a time with an offset', source: { dateTimeForm: 'utc' }, target: { dateTimeForm: 'offset' } },
    { name: 'a time without milliseconds', source: { dateTimeForm: 'offset' }, target: { dateTimeForm: 'seconds' } },
  ];
  const ofDays: Spelling[] = [
    { name: 'a day as a midnight', source: { dateForm: 'day' }, target: { dateForm: 'midnight' } },
    { name: 'a midnight as a day', source: { dateForm: 'midnight' }, target: { dateForm: 'day' } },
    {
      name: 'days and times now so, now so',
      source: { dateForm: 'mixed', dateTimeForm: 'mixed' },
      target: { dateForm: 'mixed', dateTimeForm: 'mixed' },
    },
  ];
  const spelledTwice = async ({ source, target }: Spelling) => {
    const site = siteOfDates();
    // Ids that are off by one, so that sites which take turns do not take the same.
    const other = emptySiteLike(site, { idsAbove: 700_001 });
    const { restored, again } = await copySite(site, other, {}, { source, target });
    expect(told(restored)).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    const second = await again();
    expect(second.result).toMatchObject({ outcome: 'restored', created: 0, updated: 0, reused: 6 });
    expect(second.report?.notices.join()).not.toMatch(/other values/);
  };
  it.each(ofTimes)('where the target gives $name', spelledTwice);
  it.each(ofDays)('where the target gives $name', spelledTwice);

  it('where the site spells dates otherwise than when it was backed up, and three are gone', async () => {
    const site = siteOfDates();
    const { simulator, again } = await copySite(site, site);
    Object.assign(simulator.quirks, { dateForm: 'midnight', dateTimeForm: 'offset' });
    for (const object of [...site.objects.all()].slice(0, 3)) site.deleteObject(object);
    const restored = await again();
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 3, differences: 0 });
    expect(restored.report?.notices.join()).not.toMatch(/other values/);
  });
});

describe('Copied: a schema under another name or key is the same schema', () => {
  const changes = [
    { name: 'renamed and re-keyed', change: { key: 'ASSETS2', name: 'Our assets' } },
    { name: 're-keyed', change: { key: 'ASSETS2' } },
    { name: 'renamed', change: { name: 'Our assets' } },
  ];

  it.each(changes)('where it was $name and three objects are missing, these three come back', async ({ change }) => {
    const { site, assets, places, laptops, run } = await backedUpCompany();
    Object.assign(assets, change);
    site.configurationChanged();
    const gone = [laptops[0], laptops[1], laptops[4]] as StoredObject[];
    for (const laptop of gone) site.deleteObject(laptop);
    const restored = await run();
    expect(restored.error).toBeUndefined();
    expect(restored.result).toMatchObject({
      outcome: 'restored',
      created: 3,
      reused: 5,
      updated: 1,
      losses: 0,
      differences: 0,
    });
    expect([...site.schemas.values()]).toHaveLength(2);
    expect(idsIn(site, assets.key)).toHaveLength(6);
    for (const laptop of gone) {
      const place = places[laptops.indexOf(laptop) % 3];
      expect(valuesOf(site, toOf(restored, laptop), 'Place')).toEqual([String(place?.id)]);
    }
    expect([assets.key, assets.name]).toEqual([change.key ?? 'ASSETS', change.name ?? 'Assets']);
    expect((await run()).result).toMatchObject({ outcome: 'restored', created: 0, losses: 0 });
  });
});
