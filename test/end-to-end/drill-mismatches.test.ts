import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import type { Attribute, StoredObject } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { drill } from './drill-run.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';

/** What a site stores otherwise than it was sent, between the writing and the proof. */
type Mismatch = (site: SimulatedSite) => void;

const isScratch = (site: SimulatedSite, object: StoredObject) =>
  site.schema(site.type(object.typeId).schemaId).key.startsWith('ZD');

/** An object of a scratch schema with values of an attribute, and that attribute. */
function valued(site: SimulatedSite, isWanted: (attribute: Attribute) => boolean): [StoredObject, Attribute] {
  for (const object of site.objects.all()) {
    if (!isScratch(site, object)) continue;
    for (const [id, values] of object.values) {
      const attribute = site.attribute(id);
      if (values.length > 0 && isWanted(attribute)) return [object, attribute];
    }
  }
  throw new Error('No scratch schema has such a value.');
}

function setTo(site: SimulatedSite, [object, attribute]: [StoredObject, Attribute], values: readonly string[]): void {
  site.objects.setValues(object, new Map([...object.values, [attribute.id, values]]));
}

const isText = ({ kind, role }: Attribute) => kind === 'text' && role === undefined;
const isReference = ({ kind }: Attribute) => kind === 'reference';

function ownAttribute(site: SimulatedSite): Attribute {
  const [, attribute] = valued(site, isText);
  return attribute;
}

const mismatches: Readonly<Record<string, readonly [what: RegExp, seed: Mismatch]>> = {
  'a value': [/the values of/, (site) => setTo(site, valued(site, isText), ['something else'])],
  'a value that is not there': [/the values of/, (site) => setTo(site, valued(site, isText), [])],
  'a reference that leads elsewhere': [
    /the values of/,
    (site) => {
      const [object, attribute] = valued(site, isReference);
      const [now] = object.values.get(attribute.id) ?? [];
      const other = site.objects.all().find((one) => isScratch(site, one) && String(one.id) !== now);
      setTo(site, [object, attribute], [String(other?.id)]);
    },
  ],
  'a reference that is not there': [/the values of/, (site) => setTo(site, valued(site, isReference), [])],
  'an object that is not there': [
    /./,
    (site) => {
      const [object] = valued(site, isText);
      site.objects.delete(object);
    },
  ],
  'the definition of an attribute': [
    /its field "name"/,
    (site) => {
      ownAttribute(site).name = 'Another one';
      site.configurationChanged();
    },
  ],
  'a restriction of an attribute': [
    /its field "minimumCardinality"/,
    (site) => {
      ownAttribute(site).minimumCardinality = 7;
      site.configurationChanged();
    },
  ],
  'an attribute that hides itself': [
    /its field "hidden"/,
    (site) => {
      ownAttribute(site).hidden = true;
      site.configurationChanged();
    },
  ],
  'a unit that nobody gave': [
    /its field "suffix"/,
    (site) => {
      ownAttribute(site).suffix = 'kg';
      site.configurationChanged();
    },
  ],
  'the order of attributes': [
    /the order of its attributes/,
    (site) => {
      const [{ typeId }] = valued(site, isReference);
      const own = site.typeAttributes(typeId).filter((one) => one.typeId === typeId && one.role === undefined);
      const places = own.map(({ position }) => position).reverse();
      for (const [index, one] of own.entries()) one.position = places[index] ?? 0;
      site.configurationChanged();
    },
  ],
  'the order of object types': [
    /its place among its siblings/,
    (site) => {
      const schema = [...site.schemas.values()].find(
        (one) => one.key.startsWith('ZD') && site.childTypes(one.id, undefined).length > 1,
      );
      const types = site.childTypes(schema?.id ?? 0, undefined);
      const places = types.map(({ position }) => position).reverse();
      for (const [index, type] of types.entries()) type.position = places[index] ?? 0;
      site.configurationChanged();
    },
  ],
  'the text of a comment': [
    /its text/,
    (site) => {
      for (const list of site.commentLists.values())
        for (const comment of list) comment.text = comment.text.replace('</em></p>', '</em></p>more');
    },
  ],
  'a comment that is not there': [/it is not there/, (site) => site.commentLists.clear()],
  'a comment that is there twice': [
    /it is there more than once/,
    (site) => {
      const [[id, list = []] = []] = site.commentLists;
      const [first] = list;
      if (id !== undefined && first) site.commentLists.set(id, [...list, { ...first, id: site.nextId('comment') }]);
    },
  ],
  'the role of a comment': [
    /its role/,
    (site) => {
      for (const list of site.commentLists.values()) for (const comment of list) comment.role += 1;
    },
  ],
};

describe('a drill on a site that stores otherwise than it was sent', () => {
  it.each(Object.entries(mismatches))('is red by %s, and leaves the site as it was', async (_, [what, seed]) => {
    const source = await testSimulator({ site: companySite().site });
    const { directory } = await backUp(source);
    const target = await testSimulator({
      site: emptySiteLike(companySite().site, { workspaceId: crypto.randomUUID() }),
    });
    const before = fingerprint(target.site);
    let hasSeeded = false;
    const { result, report, error, reporter } = await drill(target, directory, {
      onState: ({ state, kind }) => {
        if (hasSeeded || state !== 'Verify drill' || kind !== 'entered') return;
        hasSeeded = true;
        seed(target.site);
      },
    });
    expect(error).toBeUndefined();
    expect(result?.outcome).toBe('differences-found');
    expect(result?.differences).toBeGreaterThan(0);
    expect(
      report?.found.some((line) => what.test(line)),
      report?.found.join('\n'),
    ).toBe(true);
    expect(reporter.events.some(({ name, fields }) => name === 'drill.finished' && fields.passed === 0)).toBe(true);
    expect(fingerprint(target.site)).toBe(before);
  });
});
