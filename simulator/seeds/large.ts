import type { Attribute, ObjectType, StoredObject, StoredValues } from '../site/records.ts';
import { SimulatedSite } from '../site/simulated-site.ts';
import { SeededRandom } from './seeded-random.ts';

export interface LargeSiteOptions {
  objects: number;
  /** Spread evenly over so many schemas; 3 by default. */
  schemas?: number;
  /** In all; at least one a schema. 12 by default. */
  types?: number;
  /** How much of all objects the first type holds; 0.5 by default. */
  shareOfFirstType?: number;
  /** Besides the automatic ones; 6 by default. Every third is a reference once there is something to point to. */
  attributes?: number;
  /** Changes that each object's history has besides its creation; 0 by default. */
  historyEntries?: number;
  /** How many of the objects have a comment; 0 by default. */
  shareWithComments?: number;
  seed?: number;
}

/** A site with many objects, made quickly: 100,000 within seconds. */
export function largeSite(options: LargeSiteOptions): SimulatedSite {
  const { objects, schemas = 3, types = 12, shareOfFirstType = 0.5, attributes = 6 } = options;
  const site = new SimulatedSite();
  const random = new SeededRandom(options.seed ?? 1);
  const users = Array.from({ length: 20 }, (_, index) => site.addUser({ displayName: `Employee ${index + 1}` }));
  const madeTypes = addTypes(site, Math.max(1, schemas), Math.max(1, types));
  const definitions = new Map(madeTypes.map((type) => [type.id, addAttributes(site, type, attributes)]));
  const counts = countsPerType(objects, madeTypes.length, shareOfFirstType);
  for (const [index, type] of madeTypes.entries()) {
    const made: StoredObject[] = [];
    for (let number = 1; number <= (counts[index] ?? 0); number += 1) {
      const object = addObject(site, type, definitions.get(type.id) ?? [], number, made, random);
      made.push(object);
      addActivity(site, object, options, random, number);
    }
  }
  for (const user of users) user.active = random.chance(0.9);
  return site;
}

function addTypes(site: SimulatedSite, schemas: number, types: number): ObjectType[] {
  const made = Array.from({ length: schemas }, (_, index) =>
    site.addSchema({ key: `BIG${index + 1}`, name: `Large schema ${index + 1}` }),
  );
  return Array.from({ length: types }, (_, index) => {
    const schema = made[index % schemas];
    if (!schema) throw new Error('a site needs a schema');
    return site.addType({ schema, name: `Type ${index + 1}` });
  });
}

const plainKinds = ['text', 'integer', 'date', 'boolean', 'datetime', 'url'] as const;

function addAttributes(site: SimulatedSite, type: ObjectType, count: number): Attribute[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `Attribute ${index + 1}`;
    if (index % 3 === 2) return site.addAttribute({ type, name, target: type });
    const kind = plainKinds[index % plainKinds.length] ?? 'text';
    return site.addAttribute({ type, name, kind });
  });
}

function countsPerType(objects: number, types: number, shareOfFirst: number): number[] {
  const first = types === 1 ? objects : Math.round(objects * shareOfFirst);
  const each = types === 1 ? 0 : Math.floor((objects - first) / (types - 1));
  const counts = [first, ...Array.from({ length: types - 1 }, () => each)];
  const missing = objects - counts.reduce((sum, count) => sum + count, 0);
  counts[counts.length - 1] = (counts.at(-1) ?? 0) + missing;
  return counts;
}

function addObject(
  site: SimulatedSite,
  type: ObjectType,
  attributes: readonly Attribute[],
  number: number,
  earlier: readonly StoredObject[],
  random: SeededRandom,
): StoredObject {
  const object = site.addObject({ type, name: `${type.name} object ${number}` });
  // Set directly: looking attributes up by name for each of 100,000 objects would take longer than all the rest.
  const values: StoredValues = object.values;
  for (const attribute of attributes) {
    if (attribute.kind === 'reference') {
      if (earlier.length > 0) values.set(attribute.id, [String(random.pick(earlier).id)]);
    } else {
      values.set(attribute.id, [plainValue(attribute, number, random)]);
    }
  }
  return object;
}

function plainValue(attribute: Attribute, number: number, random: SeededRandom): string {
  switch (attribute.kind) {
    case 'integer':
      return String(random.between(0, 100_000));
    case 'date':
      return `20${random.between(10, 29)}-0${random.between(1, 9)}-${random.between(10, 28)}`;
    case 'datetime':
      return new Date(Date.UTC(2020, 0, 1) + random.between(0, 200_000_000) * 1000).toISOString();
    case 'boolean':
      return String(random.chance(0.5));
    case 'url':
      return `https://example.com/things/${number}`;
    default:
      return `value ${random.between(1, 1_000_000)}`;
  }
}

function addActivity(
  site: SimulatedSite,
  object: StoredObject,
  options: LargeSiteOptions,
  random: SeededRandom,
  number: number,
): void {
  for (let index = 0; index < (options.historyEntries ?? 0); index += 1) {
    site.addHistory({ object, attribute: 'Attribute 1', oldValue: `value ${index}`, newValue: `value ${index + 1}` });
  }
  const share = options.shareWithComments ?? 0;
  if (share > 0 && random.chance(share)) site.addComment({ object, text: `<p>Comment on number ${number}</p>` });
}
