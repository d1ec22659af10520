import type { AttributeInput } from '../site/builder-inputs.ts';
import { type Kind, kinds } from '../site/kinds.ts';
import type { Attribute, Group, ObjectType, Project, StoredObject, User } from '../site/records.ts';
import { SimulatedSite } from '../site/simulated-site.ts';
import type { SiteOptions } from '../site/site-state.ts';
import { awkwardTexts } from './awkward-texts.ts';
import { SeededRandom } from './seeded-random.ts';

const allKinds = Object.keys(kinds) as Kind[];

interface Surroundings {
  site: SimulatedSite;
  random: SeededRandom;
  users: User[];
  groups: Group[];
  projects: Project[];
  types: ObjectType[];
}

/**
 * A random site that the rules allow: trees of types, all kinds, references across schemas and in circles, odd texts.
 * The same seed and size give the same site.
 *
 * @param size about how many objects; types and schemas grow with it, slowly
 */
export function randomSite(seed: number, size = 20, options: SiteOptions = {}): SimulatedSite {
  const site = new SimulatedSite(options);
  const random = new SeededRandom(seed);
  const users = Array.from({ length: random.between(1, 5) }, (_, index) =>
    site.addUser({
      displayName: index === 0 ? 'Same Name' : random.pick(['Same Name', `Person ${index}`]),
      active: random.chance(0.8),
    }),
  );
  const groups = Array.from({ length: random.between(1, 3) }, (_, index) => site.addGroup(`group-${index}`));
  const projects = [site.addProject('ONE'), site.addProject('TWO')];
  const surroundings: Surroundings = { site, random, users, groups, projects, types: [] };
  const schemaCount = random.between(1, 3);
  for (let index = 0; index < schemaCount; index += 1) addSchema(surroundings, index, size);
  for (const type of surroundings.types) addAttributes(surroundings, type);
  addObjects(surroundings, size);
  return site;
}

function addSchema({ site, random, types }: Surroundings, index: number, size: number): void {
  const schema = site.addSchema({ key: `R${index}X`, name: oddName(random, `Schema ${index}`) });
  if (random.chance(0.5)) site.addStatusType({ name: `State ${index}`, category: random.between(0, 2), schema });
  if (random.chance(0.5)) site.addReferenceType({ name: `Reference ${index}`, schema });
  const count = random.between(index === 0 ? 1 : 0, 2 + Math.ceil(Math.sqrt(size) / 2));
  const own: ObjectType[] = [];
  for (let number = 0; number < count; number += 1) {
    const parent = own.length > 0 && random.chance(0.5) ? random.pick(own) : undefined;
    own.push(
      site.addType({
        schema,
        name: oddName(random, `Type ${number}`),
        inherited: random.chance(0.4),
        // The first stays concrete, so that there is always a type that can hold objects.
        abstract: number > 0 && random.chance(0.15),
        ...(parent ? { parent } : {}),
        ...(random.chance(0.3) ? { description: random.pick(awkwardTexts) } : {}),
      }),
    );
  }
  types.push(...own);
}

/** Unique by its plain part, odd by what stands before it. */
function oddName(random: SeededRandom, name: string): string {
  return random.chance(0.2) ? `${random.pick(['a/b', 'CON', '..', '"', '💾', ' '])}${name}` : name;
}

function addAttributes(surroundings: Surroundings, type: ObjectType): void {
  const { site, random } = surroundings;
  const count = random.between(0, 5);
  for (let index = 0; index < count; index += 1) {
    const kind = random.chance(0.3) ? 'reference' : random.pick(allKinds);
    const input: AttributeInput = {
      type,
      name: `${type.id}-${index} ${kind}`,
      kind,
      multiple: allowsSeveral(kind) && random.chance(0.5) ? random.pick([true, 3]) : false,
      hidden: random.chance(0.1),
      ...(kind === 'reference'
        ? { target: random.pick(surroundings.types), includeChildObjectTypes: random.chance(0.5) }
        : {}),
      ...(kind === 'select' ? { options: ['red', 'green', 'two words', 'ü'] } : {}),
      ...(kind === 'integer' ? { suffix: ' pcs', summable: true } : {}),
    };
    site.addAttribute(input);
  }
}

/** Kinds that may have more than one value (SPEC26, cardinality). */
function allowsSeveral(kind: Kind): boolean {
  return ['email', 'select', 'reference', 'user', 'group', 'version', 'project'].includes(kind);
}

/** All objects first and their values after, so that references can point anywhere, forward and in circles. */
function addObjects(surroundings: Surroundings, size: number): void {
  const { site, random, users } = surroundings;
  const types = surroundings.types.filter((type) => !type.abstract);
  const objects = Array.from({ length: size }, (_, index) => {
    const name = random.chance(0.3) ? random.pick(awkwardTexts) : random.pick([`Object ${index}`, 'Same name']);
    return site.addObject({ type: random.pick(types), name });
  });
  for (const object of objects) {
    for (const attribute of site.typeAttributes(object.typeId)) {
      if (attribute.role || random.chance(0.3)) continue;
      const wanted = attribute.maximumCardinality === 1 ? 1 : random.between(1, 3);
      const values = new Set<string>();
      for (let index = 0; index < wanted; index += 1) {
        const value = randomValue(surroundings, attribute, objects);
        if (value !== undefined) values.add(value);
      }
      if (values.size > 0) object.values.set(attribute.id, [...values]);
    }
    if (random.chance(0.2)) site.addComment({ object, text: random.pick(awkwardTexts), actor: random.pick(users) });
    if (random.chance(0.3))
      site.addHistory({ object, attribute: 'Name', oldValue: 'x', newValue: random.pick(awkwardTexts) });
  }
}

function randomValue(
  { site, random, users, groups, projects }: Surroundings,
  attribute: Attribute,
  objects: readonly StoredObject[],
): string | undefined {
  switch (attribute.kind) {
    case 'text':
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
      return randomTarget(site, random, attribute, objects);
    case 'user':
      return random.pick(users).accountId;
    case 'group':
      return random.pick(groups).name;
    case 'project':
      return random.pick(projects).key;
    case 'status':
      return String(random.pick([...site.statusTypes.keys()]));
    case 'confluence':
    case 'version':
    case 'bitbucket':
      return String(random.between(1, 99_999));
  }
}

function randomTarget(
  site: SimulatedSite,
  random: SeededRandom,
  attribute: Attribute,
  objects: readonly StoredObject[],
): string | undefined {
  const target = site.types.get(attribute.targetTypeId ?? 0);
  if (!target) return undefined;
  const allowed = attribute.includeChildObjectTypes ? site.typeAndDescendants(target) : [target];
  const candidates = objects.filter((object) => allowed.some((type) => type.id === object.typeId));
  return candidates.length > 0 ? String(random.pick(candidates).id) : undefined;
}
