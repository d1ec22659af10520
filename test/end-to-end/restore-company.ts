import type { ObjectType, StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { SiteOptions } from '../../simulator/site/site-state.ts';

/**
 * Two schemas small enough to count: three places (FAC), six laptops (ASSETS) that stand in them and refer to each other in
 * pairs, and a type below another. Places are known by a unique code, laptops by a unique serial number.
 */
export function companySite(options: SiteOptions = {}) {
  const site = new SimulatedSite(options);
  const users = ['Ada', 'Grace', 'Linus'].map((displayName) => site.addUser({ displayName }));
  const groups = ['admins', 'lenders'].map((name) => site.addGroup(name));
  const fac = site.addSchema({ key: 'FAC', name: 'Facilities' });
  const place = site.addType({ schema: fac, name: 'Place' });
  site.addAttribute({ type: place, name: 'Code', unique: true, required: true });
  const places = ['SYD', 'BER', 'LIS'].map((code) =>
    site.addObject({ type: place, name: `Office ${code}`, values: { Code: code } }),
  );
  const assets = site.addSchema({ key: 'ASSETS', name: 'Assets', description: 'What we own' });
  const inUse = site.addStatusType({ name: 'In use', schema: assets, category: 1 });
  const runsOn = site.addReferenceType({ name: 'Stands in', schema: assets, color: '00aa11' });
  const hardware = site.addType({ schema: assets, name: 'Hardware', inherited: true });
  const laptop = site.addType({ schema: assets, name: 'Laptop', parent: hardware });
  const docks = site.addType({ schema: assets, name: 'Dock' });
  site.addAttribute({ type: hardware, name: 'Serial number', unique: true });
  site.addAttribute({ type: laptop, name: 'Place', target: place, referenceType: runsOn });
  site.addAttribute({ type: laptop, name: 'Peer', target: laptop, multiple: true });
  site.addAttribute({ type: laptop, name: 'Owner', kind: 'user' });
  site.addAttribute({ type: laptop, name: 'Teams', kind: 'group', multiple: true });
  site.addAttribute({ type: laptop, name: 'State', kind: 'status', statuses: [inUse] });
  site.addAttribute({ type: laptop, name: 'Note', kind: 'textarea' });
  site.addAttribute({ type: docks, name: 'Serial number' });
  const laptops = [0, 1, 2, 3, 4, 5].map((number) =>
    site.addObject({
      type: laptop,
      name: `Laptop ${number}`,
      values: {
        'Serial number': `S-${number}`,
        Place: places[number % 3] as StoredObject,
        Owner: users[number % 3] ?? [],
        Teams: groups,
        State: inUse,
        Note: `note of ${number}`,
      },
    }),
  );
  for (const [index, object] of laptops.entries()) {
    const peer = laptops[index % 2 ? index - 1 : index + 1];
    if (peer) site.objects.setValues(object, new Map([...object.values, ...site.storedValues(laptop, { Peer: peer })]));
    site.addComment({ object, text: `<p>comment on ${index}</p>`, role: index % 4 });
  }
  return { site, users, groups, fac, place, places, assets, hardware, laptop, docks, laptops };
}

/** Everything of some objects but times, to see that nobody has touched them. */
export function stateOf(site: SimulatedSite, ids: readonly number[]): string {
  return JSON.stringify(
    ids.map((id) => {
      const object = site.objects.get(id);
      return object && [object.typeId, [...object.values], site.historyOf(id), site.commentsOf(id)];
    }),
  );
}

/** Ids of a site's objects of a schema. */
export function idsIn(site: SimulatedSite, schemaKey: string): number[] {
  return [...site.objects.all()]
    .filter(({ typeId }) => schemaKeyOf(site, site.type(typeId)) === schemaKey)
    .map(({ id }) => id);
}

function schemaKeyOf(site: SimulatedSite, type: ObjectType): string {
  return site.schema(type.schemaId).key;
}

/** The values of an object's attribute, as the site stores them. */
export function valuesOf(site: SimulatedSite, objectId: number | string, attributeName: string): readonly string[] {
  const object = site.object(objectId);
  const attribute = site.typeAttributes(object.typeId).find(({ name }) => name === attributeName);
  return object.values.get(attribute?.id ?? 0) ?? [];
}

/** All values of an attribute in a schema, sorted. */
export function allValues(site: SimulatedSite, schemaKey: string, attributeName: string): string[] {
  return idsIn(site, schemaKey)
    .flatMap((id) => valuesOf(site, id, attributeName))
    .sort();
}
