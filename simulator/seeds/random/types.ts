import type { ObjectType, Schema } from '../../site/records.ts';
import { oddName, oddTexts, type Surroundings } from './surroundings.ts';

const deepest = 5;

/** Few words, so that the same name stands below different parents. */
const words = ['Server', 'Part', 'Place'];

/** Trees of types up to five deep. The first type of all is concrete, so that one can hold objects. */
export function addTypes(surroundings: Surroundings, schema: Schema, count: number): void {
  const { site, random, types, icons } = surroundings;
  const own: { type: ObjectType; depth: number }[] = [];
  const isDeep = random.chance(0.3);
  for (let number = 0; number < count; number += 1) {
    const possible = own.filter(({ depth }) => depth < deepest);
    const isChild = possible.length > 0 && random.chance(isDeep ? 0.9 : 0.5);
    const parent = isChild ? (isDeep ? possible.at(-1) : random.pick(possible)) : undefined;
    const name = freeName(surroundings, schema, parent?.type, number);
    const type = site.addType({
      schema,
      name,
      icon: random.pick(icons),
      inherited: random.chance(0.4),
      abstract: types.length + number > 0 && random.chance(0.15),
      ...(parent ? { parent: parent.type } : {}),
      ...oddTexts(random, name),
    });
    own.push({ type, depth: (parent?.depth ?? 0) + 1 });
  }
  shuffleSiblings(surroundings, schema, undefined);
  types.push(...own.map(({ type }) => type));
}

function freeName(
  { site, random }: Surroundings,
  schema: Schema,
  parent: ObjectType | undefined,
  number: number,
): string {
  const name = oddName(random, random.pick(words));
  const isTaken = site.childTypes(schema.id, parent?.id).some((type) => type.name === name);
  return isTaken ? `${name} ${number}` : name;
}

function shuffleSiblings(surroundings: Surroundings, schema: Schema, parentId: number | undefined): void {
  const { site, random } = surroundings;
  const siblings = site.childTypes(schema.id, parentId);
  for (const [position, type] of random.pickSome(siblings, siblings.length).entries()) type.position = position;
  for (const type of siblings) shuffleSiblings(surroundings, schema, type.id);
}
