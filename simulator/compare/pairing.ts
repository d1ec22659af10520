import type { Attribute, ObjectType, ReferenceType, Schema, StatusType } from '../site/records.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';

/** Ids of things of one site, and of what corresponds to each in the other. */
export type IdMap = Map<number, number>;

interface Named {
  id: number;
  name: string;
  schemaId: number | undefined;
}

/**
 * What corresponds to what in two sites whose ids differ: schemas as told, types by path, attributes by type and name,
 * statuses and reference types by schema and name, objects as told. What has no counterpart is in no map.
 */
export interface Pairing {
  source: SimulatedSite;
  target: SimulatedSite;
  schemas: readonly { source: Schema; target: Schema }[];
  schemaIds: IdMap;
  types: IdMap;
  /** Of schemas that are not compared and have the same key on both sides, such as those that Atlassian manages. */
  outsideTypes: IdMap;
  attributes: IdMap;
  statusTypes: IdMap;
  referenceTypes: IdMap;
  objects: IdMap;
}

export function pairUp(
  source: SimulatedSite,
  target: SimulatedSite,
  schemas: Pairing['schemas'],
  objects: IdMap,
): Pairing {
  const schemaIds: IdMap = new Map(schemas.map((pair) => [pair.source.id, pair.target.id]));
  const types: IdMap = new Map();
  const attributes: IdMap = new Map();
  for (const pair of schemas) {
    pairKeys(types, typesByPath(source, pair.source), typesByPath(target, pair.target));
  }
  const outsideTypes: IdMap = new Map();
  for (const schema of source.schemas.values()) {
    const same = [...target.schemas.values()].find(({ key }) => key === schema.key);
    if (same && !schemaIds.has(schema.id)) {
      pairKeys(outsideTypes, typesByPath(source, schema), typesByPath(target, same));
    }
  }
  for (const [sourceType, targetType] of types) {
    pairKeys(attributes, attributesByName(source, sourceType), attributesByName(target, targetType));
  }
  return {
    source,
    target,
    schemas,
    schemaIds,
    types,
    outsideTypes,
    attributes,
    statusTypes: pairNamed(source.statusTypes, target.statusTypes, schemaIds),
    referenceTypes: pairNamed(source.referenceTypes, target.referenceTypes, schemaIds),
    objects,
  };
}

/** Names from the root down. */
export function typePath(site: SimulatedSite, type: ObjectType): string {
  const parent = type.parentId === undefined ? undefined : site.types.get(type.parentId);
  const own = JSON.stringify(type.name);
  return parent ? `${typePath(site, parent)} / ${own}` : `${site.schema(type.schemaId).key}: ${own}`;
}

/** Schema, type and attribute by name, for people. */
export function attributePath(site: SimulatedSite, attribute: Attribute): string {
  return `${typePath(site, site.type(attribute.typeId))} · ${JSON.stringify(attribute.name)}`;
}

export function typesByPath(site: SimulatedSite, schema: Schema): Map<string, ObjectType> {
  // Without the schema's key, which may differ.
  const path = (type: ObjectType): string => typePath(site, type).slice(schema.key.length);
  return withOccurrence(site.typesOfSchema(schema.id), path);
}

/** Of a type's own attributes; automatic ones by what they are, as their names may be changed. */
export function attributesByName(site: SimulatedSite, typeId: number): Map<string, Attribute> {
  return withOccurrence(ownAttributes(site, typeId), ({ role, name }) => (role ? `automatic ${role}` : `own ${name}`));
}

/** In order of position. */
export function ownAttributes(site: SimulatedSite, typeId: number): Attribute[] {
  return site.typeAttributes(typeId).filter((attribute) => attribute.typeId === typeId);
}

/** Statuses or reference types of one schema, or global ones; the second of a name is another than the first. */
export function namedByOccurrence<T extends Named>(
  things: ReadonlyMap<number, T>,
  schemaId: number | undefined,
): Map<string, T> {
  const ofScope = [...things.values()].filter((thing) => thing.schemaId === schemaId);
  return withOccurrence(ofScope, ({ name }) => name);
}

function pairNamed<T extends StatusType | ReferenceType>(
  source: ReadonlyMap<number, T>,
  target: ReadonlyMap<number, T>,
  schemaIds: IdMap,
): IdMap {
  const pairs: IdMap = new Map();
  for (const [sourceScope, targetScope] of [[undefined, undefined] as const, ...schemaIds]) {
    pairKeys(pairs, namedByOccurrence(source, sourceScope), namedByOccurrence(target, targetScope));
  }
  return pairs;
}

function withOccurrence<T>(things: readonly T[], key: (thing: T) => string): Map<string, T> {
  const found = new Map<string, T>();
  for (const thing of things) {
    const plain = key(thing);
    let numbered = plain;
    for (let number = 2; found.has(numbered); number += 1) numbered = `${plain} (no. ${number})`;
    found.set(numbered, thing);
  }
  return found;
}

function pairKeys<T extends { id: number }>(
  pairs: IdMap,
  source: ReadonlyMap<string, T>,
  target: ReadonlyMap<string, T>,
): void {
  for (const [key, { id }] of source) {
    const other = target.get(key);
    if (other) pairs.set(id, other.id);
  }
}
