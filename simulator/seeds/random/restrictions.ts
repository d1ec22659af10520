import type { Attribute, StoredObject } from '../../site/records.ts';
import { allowsSeveral } from './attributes.ts';
import { randomFilter } from './filters.ts';
import type { Surroundings } from './surroundings.ts';

/** What all objects that have an attribute hold in it; an empty list for an object without a value. */
type Lists = readonly (readonly string[])[];

const regularExpressions = ['[\\s\\S]+', '.*', '[^@]*', '.+@example\\.com', 'https://.*', '(?!nan).{2,200}', '[A-Z].*'];

const uniqueKinds = ['text', 'integer', 'email', 'url', 'date', 'datetime'];

/** Tightens the rules of the attributes as far as the values happen to satisfy them: a full restore stays possible. */
export function addRestrictions(surroundings: Surroundings, objects: readonly StoredObject[]): void {
  const { site } = surroundings;
  const listsOf = new Map<number, string[][]>();
  for (const object of objects) {
    for (const { id } of site.typeAttributes(object.typeId)) {
      const lists = listsOf.get(id) ?? [];
      listsOf.set(id, lists);
      lists.push([...(object.values.get(id) ?? [])]);
    }
  }
  for (const attribute of site.attributes.values()) {
    if (attribute.role && attribute.role !== 'name') continue;
    restrict(surroundings, attribute, listsOf.get(attribute.id) ?? []);
  }
  site.configurationChanged();
}

function restrict(surroundings: Surroundings, attribute: Attribute, lists: Lists): void {
  const { random, groups } = surroundings;
  const values = lists.flat();
  restrictNumber(surroundings, attribute, lists);
  if (uniqueKinds.includes(attribute.kind) && new Set(values).size === values.length && random.chance(0.4))
    attribute.unique = true;
  if (['text', 'email', 'url'].includes(attribute.kind) && random.chance(0.5)) {
    const fitting = regularExpressions.filter((text) =>
      values.every((value) => new RegExp(`^(?:${text})$`).test(value)),
    );
    if (fitting.length > 0) attribute.regexValidation = random.pick(fitting);
  }
  if (attribute.kind === 'user' && random.chance(0.4))
    attribute.typeValueMulti = random.pickSome(groups, random.between(1, 2)).map(({ name }) => name);
  if (attribute.kind === 'status' && random.chance(0.5))
    attribute.typeValueMulti = fittingStatuses(surroundings, attribute, values);
  if (attribute.kind === 'reference' && random.chance(0.5)) {
    const filter = randomFilter(surroundings, attribute, values.map(Number));
    if (filter !== undefined) attribute.qlQuery = filter;
  }
}

/** Minimum and maximum, each sometimes exactly what the values have. */
function restrictNumber({ random }: Surroundings, attribute: Attribute, lists: Lists): void {
  const fewest = Math.min(...lists.map((list) => list.length));
  const most = Math.max(...lists.map((list) => list.length));
  const possible = lists.length > 0 ? fewest : 1;
  if (possible > 0 && random.chance(0.5))
    attribute.minimumCardinality = allowsSeveral(attribute.kind) ? random.between(1, possible) : 1;
  if (attribute.maximumCardinality !== 1 && most > 0 && random.chance(0.3)) attribute.maximumCardinality = most;
}

/** Those in use and perhaps more, in any order. */
function fittingStatuses({ site, random }: Surroundings, attribute: Attribute, values: readonly string[]): string[] {
  const own = site.type(attribute.typeId).schemaId;
  const others = [...site.statusTypes.values()]
    .filter(({ schemaId }) => schemaId === undefined || schemaId === own)
    .map(({ id }) => String(id));
  const fitting = [...new Set([...values, ...random.pickSome(others, random.between(1, 3))])];
  return random.pickSome(fitting, fitting.length);
}
