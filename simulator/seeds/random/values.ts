import type { Attribute, StatusType, StoredObject } from '../../site/records.ts';
import { awkwardTexts } from '../awkward-texts.ts';
import type { Surroundings } from './surroundings.ts';

/** Different values of an attribute for an object, one or several; none where there is nothing to choose from. */
export function randomValues(
  surroundings: Surroundings,
  attribute: Attribute,
  object: StoredObject,
  objects: readonly StoredObject[],
): string[] {
  const wanted = attribute.maximumCardinality === 1 ? 1 : surroundings.random.between(1, 3);
  const values = new Set<string>();
  for (let index = 0; index < wanted; index += 1) {
    const value = randomValue(surroundings, attribute, object, objects);
    if (value !== undefined) values.add(value);
  }
  return [...values];
}

function randomValue(
  surroundings: Surroundings,
  attribute: Attribute,
  object: StoredObject,
  objects: readonly StoredObject[],
): string | undefined {
  const { random, users, groups, projects } = surroundings;
  switch (attribute.kind) {
    case 'text':
      return random.chance(0.5) ? random.pick(awkwardTexts) : `Text ${random.between(0, 9999)}`;
    case 'textarea':
      return random.pick(awkwardTexts);
    case 'integer':
      return String(random.between(-2_147_483_648, 2_147_483_647));
    case 'boolean':
      return String(random.chance(0.5));
    case 'double':
      return random.pick(['1.0', '0.1', '-3.25', '1e21', '12345678901234567890']);
    case 'date':
      return `20${random.between(10, 40)}-02-${random.between(10, 28)}`;
    case 'time':
      return `${random.between(10, 23)}:${random.between(10, 59)}`;
    case 'datetime':
      return new Date(random.between(0, 4_000_000_000) * 1000 + random.between(0, 999)).toISOString();
    case 'url':
      return `https://example.com/?q=${random.between(0, 999)}&x="y"`;
    case 'email':
      return `person${random.between(0, 999)}@example.com`;
    case 'select':
      return random.pick(attribute.options.split(','));
    case 'ipAddress':
      return random.pick(['10.0.0.1', '2001:db8::1']);
    case 'reference':
      return randomTarget(surroundings, attribute, object, objects);
    case 'user':
      return random.pick(users).accountId;
    case 'group':
      return random.pick(groups).name;
    case 'project':
      return random.pick(projects).key;
    case 'status':
      return String(random.pick(statusesOf(surroundings, object)).id);
    case 'confluence':
    case 'version':
    case 'bitbucket':
      return String(random.between(1, 99_999));
  }
}

/** Global ones and those of the object's own schema. */
function statusesOf({ site }: Surroundings, object: StoredObject): StatusType[] {
  const own = site.type(object.typeId).schemaId;
  return [...site.statusTypes.values()].filter(({ schemaId }) => schemaId === undefined || schemaId === own);
}

/** Itself, the next one of those that are possible, or any: so there are selfs, chains, rings and pairs. */
function randomTarget(
  { site, random }: Surroundings,
  attribute: Attribute,
  object: StoredObject,
  objects: readonly StoredObject[],
): string | undefined {
  const target = site.types.get(attribute.targetTypeId ?? 0);
  if (!target) return undefined;
  const allowed = attribute.includeChildObjectTypes ? site.typeAndDescendants(target) : [target];
  const candidates = objects.filter((candidate) => allowed.some((type) => type.id === candidate.typeId));
  if (candidates.length === 0) return undefined;
  const place = candidates.indexOf(object);
  if (place >= 0 && random.chance(0.1)) return String(object.id);
  const next = candidates[(place + 1) % candidates.length];
  return String((random.chance(0.4) && next ? next : random.pick(candidates)).id);
}
