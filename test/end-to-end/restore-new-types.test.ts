import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';

describe('a site that makes the Name of a new type unique (as the official example shows it)', () => {
  it('gets objects of one name all the same, and a Name as it was', async () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'SAME', name: 'Same names' });
    const type = site.addType({ schema, name: 'Thing' });
    for (let number = 0; number < 3; number += 1) site.addObject({ type, name: 'The same' });
    const run = await backUp(await testSimulator({ site }));
    const targetSite = emptySiteLike(site);
    const target = await testSimulator({ site: targetSite });
    const made = new Set<number>();
    target.onRequest('objecttype-attributes', () => {
      for (const attribute of targetSite.attributes.values()) {
        if (attribute.role !== 'name' || made.has(attribute.id)) continue;
        made.add(attribute.id);
        attribute.unique = true;
      }
    });
    const restored = await restore(target, run.directory, { folder: run.result?.backup ?? '' });
    expect(made.size).toBeGreaterThan(0);
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 3 });
    expect(compareSites(site, targetSite, { objects: restored.objects, history: true })).toEqual([]);
  });
});

describe('a source that did not tell the properties of its schemas', () => {
  it('has those opened that another schema refers to', async () => {
    const site = new SimulatedSite();
    const people = site.addSchema({ key: 'PEOPLE', name: 'People' });
    const things = site.addSchema({ key: 'THINGS', name: 'Things' });
    const person = site.addType({ schema: people, name: 'Person' });
    const thing = site.addType({ schema: things, name: 'Thing' });
    site.addAttribute({ type: thing, name: 'Owner', target: person });
    const owner = site.addObject({ type: person, name: 'Ann' });
    site.addObject({ type: thing, name: 'Hammer', values: { Owner: owner } });
    const source = await testSimulator({ site });
    source.faults.add({ endpoint: 'schema-property', fault: { kind: 'status', status: 404 } });
    const run = await backUp(source);
    const targetSite = emptySiteLike(site);
    const target = await testSimulator({ site: targetSite });
    const restored = await restore(target, run.directory, { folder: run.result?.backup ?? '' });
    expect(restored.result?.outcome).toBe('restored');
    expect(target.requests.writesByEndpoint()['schema-property-update']).toBe(1);
    expect(compareSites(site, targetSite, { objects: restored.objects, history: true })).toEqual([]);
  });

  it('or told only one of them has that one written, and none of the others as false', async () => {
    const site = new SimulatedSite();
    site.addSchema({ key: 'PEOPLE', name: 'People', properties: { quickCreateObjects: true } });
    const source = await testSimulator({ site });
    source.faults.add({
      endpoint: 'schema-property',
      fault: { kind: 'wrong-shape', body: { quickCreateObjects: true } },
    });
    const run = await backUp(source);
    const targetSite = emptySiteLike(site);
    const target = await testSimulator({ site: targetSite });
    const restored = await restore(target, run.directory, { folder: run.result?.backup ?? '' });
    expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    const [made] = targetSite.schemas.values();
    expect(made?.properties).toMatchObject({
      quickCreateObjects: true,
      validateQuickCreate: true,
      allowOtherObjectSchema: true,
    });
  });
});

describe('a target that takes no pattern for links (Atlassian documents it on one page and not on the other)', () => {
  it('has all else of the attribute and its values, and the pattern is a loss', async () => {
    const site = new SimulatedSite();
    const type = site.addType({ schema: site.addSchema({ key: 'LINK', name: 'Links' }), name: 'Page' });
    const link = { type, name: 'Link', kind: 'url' as const, required: true };
    Object.assign(site.addAttribute(link), { regexValidation: 'https://.*' });
    site.addObject({ type, name: 'Home', values: { Link: 'https://example.com' } });
    const run = await backUp(await testSimulator({ site }));
    const targetSite = emptySiteLike(site);
    const target = await testSimulator({ site: targetSite });
    target.faults.add({
      endpoint: ['attribute-create', 'attribute-update'],
      match: ({ rawBody }) => rawBody.includes('regexValidation'),
      fault: { kind: 'status', status: 400, body: { errorMessages: [], errors: { regexValidation: 'Not for links' } } },
    });

    const restored = await restore(target, run.directory, { folder: run.result?.backup ?? '' });

    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 1, losses: 1 });
    expect(restored.report?.losses).toMatchObject([{ kind: 'attribute', where: 'LINK / Page: Link' }]);
    const made = [...targetSite.attributes.values()].find(({ name }) => name === 'Link');
    expect(made).toMatchObject({ kind: 'url', minimumCardinality: 1, regexValidation: undefined });
    expect(compareSites(site, targetSite, { objects: restored.objects, history: true })).toHaveLength(1);
  });
});
