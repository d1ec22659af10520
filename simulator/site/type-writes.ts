import { checkTypeUnused } from './in-use.ts';
import { checkManageable } from './managed-schemas.ts';
import { checkDisplayName, checkName } from './name-rules.ts';
import type { Icon, ObjectType } from './records.ts';
import { fieldError } from './refusal.ts';
import type { SimulatedSite } from './simulated-site.ts';

export interface TypeFields {
  name: string | undefined;
  displayName: string | undefined;
  description: string | undefined;
  iconId: number | undefined;
  inherited: boolean | undefined;
  abstract: boolean | undefined;
}

/** `iconId` is mandatory and has to exist; a parent can be given here or by position, but not in an update (SPEC26). */
export function createType(
  site: SimulatedSite,
  fields: TypeFields & { name: string; schemaId: number; parentId: number | undefined },
): ObjectType {
  const schema = site.schemas.get(fields.schemaId);
  if (!schema) throw fieldError('objectSchemaId', `No object schema was found with id ${fields.schemaId}`);
  checkManageable(site, schema);
  if (fields.iconId === undefined) throw fieldError('iconId', 'iconId is required');
  const icon = iconOf(site, fields.iconId);
  const parent = fields.parentId === undefined ? undefined : parentIn(site, schema.id, fields.parentId);
  checkTypeName(site, fields.name, schema.id, parent?.id, undefined);
  checkDisplayName(fields.displayName);
  return site.addType({
    schema,
    icon,
    name: fields.name,
    inherited: fields.inherited ?? false,
    abstract: fields.abstract ?? false,
    ...(parent ? { parent } : {}),
    ...(fields.displayName === undefined ? {} : { displayName: fields.displayName }),
    ...(fields.description === undefined ? {} : { description: fields.description }),
  });
}

export function updateType(site: SimulatedSite, type: ObjectType, fields: TypeFields): void {
  checkManageable(site, site.schema(type.schemaId));
  if (fields.name !== undefined) checkTypeName(site, fields.name, type.schemaId, type.parentId, type);
  checkDisplayName(fields.displayName);
  type.iconId = fields.iconId === undefined ? type.iconId : iconOf(site, fields.iconId).id;
  type.name = fields.name ?? type.name;
  type.displayName = fields.displayName ?? type.displayName;
  type.description = fields.description ?? type.description;
  type.inherited = fields.inherited ?? type.inherited;
  type.abstract = fields.abstract ?? type.abstract;
  changed(site, type);
}

/** Deletes a type with its children and all their objects and attributes. */
export function deleteType(site: SimulatedSite, type: ObjectType): void {
  checkManageable(site, site.schema(type.schemaId));
  checkTypeUnused(site, type);
  for (const child of site.childTypes(type.schemaId, type.id)) deleteType(site, child);
  for (const id of [...site.objects.idsOfType(type.id)]) site.deleteObject(site.object(id));
  for (const attribute of [...site.attributes.values()]) {
    if (attribute.typeId === type.id) site.attributes.delete(attribute.id);
  }
  site.types.delete(type.id);
  site.configurationChanged();
}

/** Puts a type among its siblings, or below another parent: `toObjectTypeId`; without one it becomes a root (Salto). */
export function positionType(
  site: SimulatedSite,
  type: ObjectType,
  position: number,
  toTypeId: number | undefined,
): void {
  checkManageable(site, site.schema(type.schemaId));
  const parent = toTypeId === undefined ? undefined : parentIn(site, type.schemaId, toTypeId);
  if (parent && site.typeAndDescendants(type).includes(parent)) {
    throw fieldError('toObjectTypeId', 'An object type cannot be moved below itself');
  }
  checkTypeName(site, type.name, type.schemaId, parent?.id, type);
  type.parentId = parent?.id;
  const siblings = site.childTypes(type.schemaId, parent?.id).filter((sibling) => sibling !== type);
  siblings.splice(Math.max(0, position), 0, type);
  for (const [index, sibling] of siblings.entries()) sibling.position = index;
  changed(site, type);
}

function changed(site: SimulatedSite, type: ObjectType): void {
  type.updatedMs = site.now();
  // Results of queries may depend on what a type inherits.
  site.configurationChanged();
}

function iconOf(site: SimulatedSite, iconId: number): Icon {
  const icon = site.icons.get(iconId);
  if (!icon) throw fieldError('iconId', `No icon was found with id ${iconId}`);
  return icon;
}

function parentIn(site: SimulatedSite, schemaId: number, parentId: number): ObjectType {
  const parent = site.types.get(parentId);
  if (parent?.schemaId !== schemaId) {
    throw fieldError('parentObjectTypeId', `No object type was found with id ${parentId} in this schema`);
  }
  return parent;
}

/** "Name has to be unique" (SR); among siblings or in the schema, which the sources do not say. */
function checkTypeName(
  site: SimulatedSite,
  name: string,
  schemaId: number,
  parentId: number | undefined,
  own: ObjectType | undefined,
): void {
  checkName(site, name);
  const isWide = site.quirks.typeNamesUniqueIn === 'schema';
  const rivals = isWide ? site.typesOfSchema(schemaId) : site.childTypes(schemaId, parentId);
  if (rivals.some((type) => type !== own && type.name === name)) {
    throw fieldError('name', 'Name has to be unique');
  }
}
