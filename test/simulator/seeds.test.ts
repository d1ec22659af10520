import { expect, test } from 'vitest';
import { runQuery } from '../../simulator/aql/run-query.ts';
import { typePath } from '../../simulator/compare/pairing.ts';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { circlesSite } from '../../simulator/seeds/circles.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { siteOfSeed } from '../../simulator/seeds/site-of-seed.ts';
import { kinds } from '../../simulator/site/kinds.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { checkedValues } from '../../simulator/site/value-rules.ts';
import { start } from './start.ts';

const withoutTokens = (site: SimulatedSite) =>
  JSON.stringify(site.allObjects().take(500).toArray()).replaceAll(/"jwt-[^"]*"/g, '""');

function valueCount(site: SimulatedSite): number {
  return site.objects
    .all()
    .flatMap((object) => object.values.values())
    .reduce((sum, values) => sum + values.length, 0);
}

test('makes a demo of a company of plausible size, with everything in it', () => {
  const site = demoSite();
  expect([...site.schemas.values()].map(({ key }) => key)).toEqual(['FAC', 'USERS', 'SVC', 'ASSETS']);
  expect(site.types.size).toBeGreaterThanOrEqual(20);
  expect(site.objects.size).toBeGreaterThanOrEqual(2000);
  expect(valueCount(site)).toBeGreaterThanOrEqual(6000);
  expect(new Set([...site.attributes.values()].map(({ kind }) => kind))).toEqual(new Set(Object.keys(kinds)));
  expect(site.objects.all().some(({ id }) => site.comments(id).length > 1)).toBe(true);
  expect(site.objects.all().every(({ id }) => site.history(id).length > 0)).toBe(true);
  expect([...site.schemas.values()].find(({ key }) => key === 'SVC')?.canManage).toBe(false);
});

test('makes the same site from the same seed', () => {
  expect(withoutTokens(demoSite())).toBe(withoutTokens(demoSite()));
  expect(withoutTokens(randomSite(7))).toBe(withoutTokens(randomSite(7)));
  expect(withoutTokens(randomSite(7))).not.toBe(withoutTokens(randomSite(8)));
});

test('makes random sites in which everything occurs that a configuration can have', () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 60; seed += 1) {
    const site = randomSite(seed, 30);
    for (const type of site.types.values()) {
      const twins = site.typesOfSchema(type.schemaId).filter(({ name }) => name === type.name);
      if (twins.length > 1) seen.add('types of one name');
      if (site.icons.get(type.iconId)?.custom) seen.add('custom icon');
      if (type.abstract) seen.add('abstract');
      if (type.displayName !== type.name) seen.add('display name');
      seen.add(`depth ${typePath(site, type).split(' / ').length}`);
    }
    for (const attribute of site.attributes.values()) {
      if (attribute.role && attribute.role !== 'name') continue;
      for (const [field, value] of Object.entries(attribute)) if (value !== false && value !== '') seen.add(field);
      if (attribute.role && !attribute.label) seen.add('moved label');
      if (!attribute.role && attribute.position < 3) seen.add('before Created');
      if (attribute.additionalValue) seen.add(attribute.additionalValue);
      if (attribute.typeValueMulti.length > 0) seen.add(`restricted ${attribute.kind}`);
      for (const id of attribute.qlQuery?.matchAll(/object\w+Id/g) ?? []) seen.add(String(id));
      const others = site.typeAttributes(site.types.get(attribute.typeId)?.id ?? 0);
      if (others.some(({ typeId }) => typeId !== attribute.typeId)) seen.add('inherited');
    }
    for (const { id } of site.objects.all()) {
      for (const entry of site.historyOf(id)) seen.add(`history ${entry.type}`);
      for (const { role } of site.commentsOf(id)) seen.add(`role ${role}`);
    }
  }
  const wanted = ['types of one name', 'custom icon', 'abstract', 'display name', 'moved label', 'before Created']
    .concat(['inherited', 'hidden', 'unique', 'summable', 'suffix', 'regexValidation', 'options', 'description'])
    .concat(['includeChildObjectTypes', 'ENABLED', 'DISABLED', 'SHOW_PROFILE', 'HIDE_PROFILE', 'restricted user'])
    .concat(['restricted status', 'objectTypeId', 'objectSchemaId', 'history 99', 'role 3'])
    .concat([1, 2, 3, 4, 5].map((depth) => `depth ${depth}`))
    .concat(Array.from({ length: 28 }, (_, type) => `history ${type}`));
  expect(wanted.filter((feature) => !seen.has(feature))).toEqual([]);
});

test('lets references into a closed schema only when told to', () => {
  const into = (options: object) =>
    Array.from({ length: 30 }, (_, seed) => randomSite(seed, 5, options)).some((site) =>
      site.attributes.values().some(({ typeId, targetTypeId }) => {
        const schema = targetTypeId === undefined ? undefined : site.schema(site.type(targetTypeId).schemaId);
        return schema && schema.id !== site.type(typeId).schemaId && !schema.properties.allowOtherObjectSchema;
      }),
    );
  expect(into({})).toBe(false);
  expect(into({ referencesIntoClosedSchemas: true })).toBe(true);
});

test('makes only objects that the rules of the site allow', () => {
  const sites = [demoSite(), awkwardSite(), largeSite({ objects: 200 }), configurationSite(), circlesSite()];
  for (let seed = 0; seed < 40; seed += 1) sites.push(randomSite(seed, 30));
  for (const site of sites) {
    for (const object of site.objects.all()) {
      const type = site.type(object.typeId);
      expect(type.abstract).toBe(false);
      expect(() => checkedValues(site, type, object.values, object)).not.toThrow();
      for (const { id, role, name, minimumCardinality } of site.typeAttributes(type.id)) {
        if (role && role !== 'name') continue;
        expect(object.values.get(id)?.length ?? 0, name).toBeGreaterThanOrEqual(minimumCardinality);
      }
    }
  }
});

test('makes as many objects as asked, spread as asked, with activity as asked', () => {
  const site = largeSite({
    objects: 1000,
    types: 7,
    schemas: 2,
    shareOfFirstType: 0.8,
    historyEntries: 2,
    shareWithComments: 0.5,
  });
  expect(site.objects.size).toBe(1000);
  expect(site.types.size).toBe(7);
  expect(site.objects.idsOfType(1)).toHaveLength(800);
  expect(site.history(1)).toHaveLength(3);
  expect(
    site.objects
      .all()
      .filter(({ id }) => site.comments(id).length > 0)
      .toArray().length,
  ).toBeGreaterThan(300);
});

test('makes 100,000 objects and pages through them without sorting each time', async () => {
  const site = largeSite({ objects: 100_000, types: 1, schemas: 1 });
  expect(site.objects.size).toBe(100_000);
  const { client } = await start({ site });
  const byName = 'objectTypeId = 1 order by Name asc';
  const sorted = runQuery(site, byName);
  for (const startAt of [0, 50_000, 99_500]) {
    const { json } = await client.aql('objectTypeId = 1 order by Key asc', `startAt=${startAt}&maxResults=500`);
    expect(json.values[0].id).toBe(String(startAt + 1));
  }
  expect(runQuery(site, byName)).toBe(sorted);
  site.addObject({ type: site.type(1) });
  expect(runQuery(site, byName)).toHaveLength(100_001);
});

test('gives unknown fields with their numbers as they were spelt', async () => {
  const site = awkwardSite();
  const { client } = await start({ site });
  const { text } = await client.aql('objectType = "From the future"');
  expect(text).toContain('"x-new-field":{"nested":[1.0,{"big":12345678901234567890}],"note":"unknown to all"}');
  const { id } = [...site.allObjects()].find(({ label }) => label === 'Newer than any client') ?? {};
  expect((await client.get(`/comment/object/${id}`)).text).toContain('12345678901234567890');
  expect((await client.get(`/object/${id}/history`)).text).toContain('"nested":[1.0,');
});

test('keeps awkward texts to the letter over HTTP', async () => {
  const site = awkwardSite();
  const { client } = await start({ site });
  const { json } = await client.aql('objectType = Thing order by Key', 'maxResults=500');
  const direct = [...site.allObjects()].map(({ label }) => label);
  expect(json.values.map(({ label }: { label: string }) => label)).toEqual(
    direct.filter((label) => json.values.some((value: { label: string }) => value.label === label)),
  );
  expect(json.values.map(({ label }: { label: string }) => label)).toContain('line one\r\nline two\nline three');
});

test('knows the seeds by name', () => {
  expect(siteOfSeed('large:5')?.objects.size).toBe(5);
  expect(siteOfSeed('configuration')?.objects.size).toBe(4);
  expect(siteOfSeed('circles')?.objects.size).toBe(42);
  expect(siteOfSeed('empty')?.schemas.size).toBe(0);
  expect(siteOfSeed('no-assets')?.hasAssets).toBe(false);
  expect(siteOfSeed('large:x')).toBeUndefined();
  expect(siteOfSeed('nothing')).toBeUndefined();
});
