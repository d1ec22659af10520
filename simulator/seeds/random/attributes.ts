import { positionAttribute } from '../../site/attribute-writes.ts';
import type { AttributeInput } from '../../site/builder-inputs.ts';
import { type Kind, kinds } from '../../site/kinds.ts';
import type { ObjectType, ReferenceType } from '../../site/records.ts';
import { oddName, oddTexts, type Surroundings } from './surroundings.ts';

const allKinds = Object.keys(kinds) as Kind[];

/** Attributes of any kind, in any order, the label on any text. What depends on values is set by `restrictions.ts`. */
export function addAttributes(surroundings: Surroundings, type: ObjectType): void {
  const { site, random } = surroundings;
  const count = random.between(0, 5);
  const depth = depthOf(surroundings, type);
  for (let index = 0; index < count; index += 1) {
    const kind = random.chance(0.3) ? 'reference' : random.chance(0.25) ? 'text' : random.pick(allKinds);
    // The same names in many types; the depth keeps them apart where they are inherited.
    const name = oddName(random, `${kind} ${depth}.${index}`);
    const attribute = site.addAttribute({
      type,
      name,
      kind,
      multiple: allowsSeveral(kind) && random.chance(0.5) ? random.pick([true, 3]) : false,
      hidden: random.chance(0.1),
      ...oddTexts(random, name),
      ...kindInput(surroundings, type, kind),
    });
    if (random.chance(0.2)) positionAttribute(site, attribute, random.between(1, 4 + index));
  }
  changeName(surroundings, type);
}

/** The label may move to another text; inherited ones would give a child two labels, so such types keep it on the Name. */
function changeName({ site, random }: Surroundings, type: ObjectType): void {
  const own = site.typeAttributes(type.id).filter((attribute) => attribute.typeId === type.id);
  const name = own.find((attribute) => attribute.role === 'name');
  const texts = own.filter((attribute) => !attribute.role && attribute.kind === 'text');
  if (!name) return;
  Object.assign(name, random.chance(0.3) ? oddTexts(random, 'Name') : {});
  if (texts.length === 0 || type.inherited || random.chance(0.4)) return;
  site.setLabel(random.pick(texts));
  name.minimumCardinality = random.between(0, 1);
  site.configurationChanged();
}

/** Kinds that may have more than one value (SPEC26, cardinality). */
export function allowsSeveral(kind: Kind): boolean {
  return ['email', 'select', 'reference', 'user', 'group', 'version', 'project'].includes(kind);
}

function kindInput(surroundings: Surroundings, type: ObjectType, kind: Kind): Partial<AttributeInput> {
  const { random } = surroundings;
  switch (kind) {
    case 'reference':
      return {
        target: random.pick(possibleTargets(surroundings, type)),
        referenceType: random.pick(referenceTypesOf(surroundings, type)),
        includeChildObjectTypes: random.chance(0.5),
      };
    case 'select':
      return { options: ['red', 'green', 'two words', 'ü', '"quoted"'] };
    case 'integer':
    case 'double':
      return { suffix: random.pick(['', ' pcs', '€']), summable: random.chance(0.5) };
    case 'url':
      return random.chance(0.6) ? { additionalValue: random.pick(['ENABLED', 'DISABLED']) } : {};
    case 'user':
      return random.chance(0.6) ? { additionalValue: random.pick(['SHOW_PROFILE', 'HIDE_PROFILE']) } : {};
    case 'confluence':
      return { additionalValue: '98304' };
    default:
      return {};
  }
}

/** Another schema has to allow that references enter it. */
function possibleTargets({ site, types, intoClosedSchemas }: Surroundings, type: ObjectType): ObjectType[] {
  return types.filter(
    ({ schemaId }) =>
      schemaId === type.schemaId || intoClosedSchemas || site.schema(schemaId).properties.allowOtherObjectSchema,
  );
}

function referenceTypesOf({ site }: Surroundings, type: ObjectType): ReferenceType[] {
  return [...site.referenceTypes.values()].filter(
    ({ schemaId }) => schemaId === undefined || schemaId === type.schemaId,
  );
}

function depthOf({ site }: Surroundings, type: ObjectType): number {
  let depth = 0;
  for (let at: ObjectType | undefined = type; at?.parentId !== undefined; at = site.types.get(at.parentId)) depth += 1;
  return depth;
}
