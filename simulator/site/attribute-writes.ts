import { type AttributeFields, checkFieldsOfKind } from './attribute-field-rules.ts';
import { checkOptionsUnused } from './in-use.ts';
import type { Kind } from './kinds.ts';
import { checkManageable } from './managed-schemas.ts';
import { checkDisplayName } from './name-rules.ts';
import type { Attribute, ObjectType, StoredValues } from './records.ts';
import { fieldError, Refusal } from './refusal.ts';
import type { SimulatedSite } from './simulated-site.ts';

/** A reference needs `typeValue` (object type) and `additionalValue` (reference type); both are mandatory (SPEC26). */
export function createAttribute(
  site: SimulatedSite,
  type: ObjectType,
  fields: AttributeFields & { name: string; kind: Kind },
): Attribute {
  checkManageable(site, site.schema(type.schemaId));
  checkAttributeName(site, type, fields.name, undefined);
  checkFields(site, fields.kind, fields);
  if (fields.kind === 'reference') {
    if (fields.typeValue === undefined) throw fieldError('typeValue', 'typeValue is required for references');
    if (fields.additionalValue === undefined)
      throw fieldError('additionalValue', 'additionalValue is required for references');
  }
  const attribute = site.addAttribute({ type, name: fields.name, kind: fields.kind });
  assign(site, attribute, fields);
  return attribute;
}

/**
 * Sets what is said and leaves the rest. Key, Created and Updated cannot be changed; what happens to a changed `type` is
 * not documented, so it is refused.
 */
export function updateAttribute(site: SimulatedSite, attribute: Attribute, fields: AttributeFields): void {
  const type = site.type(attribute.typeId);
  checkManageable(site, site.schema(type.schemaId));
  if (attribute.role !== undefined && attribute.role !== 'name') {
    throw new Refusal(400, `Attribute ${attribute.name} is a system attribute and cannot be changed`);
  }
  if (fields.kind !== undefined && fields.kind !== attribute.kind) {
    throw fieldError('type', 'The type of an attribute cannot be changed');
  }
  if (fields.name !== undefined) checkAttributeName(site, type, fields.name, attribute);
  checkFields(site, attribute.kind, fields);
  if (fields.options !== undefined) checkOptionsUnused(site, attribute, fields.options);
  // Salto found (pull request 5162) that it must be right at the create: objects are in the way of a change.
  const isOtherType = fields.typeValue !== undefined && fields.typeValue !== attribute.targetTypeId;
  if (attribute.kind === 'reference' && isOtherType && hasObjects(site, type)) {
    throw fieldError('typeValue', 'typeValue cannot be changed while objects exist');
  }
  assign(site, attribute, fields);
}

export function deleteAttribute(site: SimulatedSite, attribute: Attribute): void {
  checkManageable(site, site.schema(site.type(attribute.typeId).schemaId));
  if (attribute.role !== undefined || attribute.label) {
    throw new Refusal(400, `Attribute ${attribute.name} is not removable`);
  }
  site.attributes.delete(attribute.id);
  for (const type of site.typeAndDescendants(site.type(attribute.typeId))) {
    for (const id of site.objects.idsOfType(type.id)) {
      const object = site.object(id);
      if (!object.values.has(attribute.id)) continue;
      const values: StoredValues = new Map(object.values);
      values.delete(attribute.id);
      site.objects.setValues(object, values);
    }
  }
  site.configurationChanged();
}

const hasObjects = (site: SimulatedSite, type: ObjectType) =>
  site.typeAndDescendants(type).some(({ id }) => site.objects.idsOfType(id).length > 0);

/** Undocumented, the only way to order attributes (REF). */
export function positionAttribute(site: SimulatedSite, attribute: Attribute, position: number): void {
  checkManageable(site, site.schema(site.type(attribute.typeId).schemaId));
  const isOwn = (other: Attribute) => other.typeId === attribute.typeId;
  const inList = site.quirks.attributePlaces === 'in-list';
  const others = site
    .typeAttributes(attribute.typeId)
    .filter((other) => other !== attribute && (inList || isOwn(other)));
  others.splice(Math.max(0, position), 0, attribute);
  for (const [index, other] of others.entries()) if (isOwn(other)) other.position = index;
  site.configurationChanged();
}

function assign(site: SimulatedSite, attribute: Attribute, fields: AttributeFields): void {
  attribute.name = fields.name ?? attribute.name;
  attribute.displayName = fields.displayName ?? attribute.displayName;
  attribute.description = fields.description ?? attribute.description;
  if (attribute.kind === 'reference') {
    attribute.targetTypeId = fields.typeValue ?? attribute.targetTypeId;
    if (fields.additionalValue !== undefined) attribute.referenceTypeId = Number(fields.additionalValue);
  } else {
    attribute.additionalValue = fields.additionalValue ?? attribute.additionalValue;
  }
  attribute.typeValueMulti = fields.typeValueMulti ?? attribute.typeValueMulti;
  attribute.minimumCardinality = fields.minimumCardinality ?? attribute.minimumCardinality;
  attribute.maximumCardinality = fields.maximumCardinality ?? attribute.maximumCardinality;
  attribute.suffix = fields.suffix ?? attribute.suffix;
  attribute.includeChildObjectTypes = fields.includeChildObjectTypes ?? attribute.includeChildObjectTypes;
  attribute.hidden = fields.hidden ?? attribute.hidden;
  attribute.unique = fields.uniqueAttribute ?? attribute.unique;
  attribute.summable = fields.summable ?? attribute.summable;
  attribute.regexValidation = fields.regexValidation ?? attribute.regexValidation;
  attribute.qlQuery = fields.qlQuery ?? attribute.qlQuery;
  attribute.options = fields.options ?? attribute.options;
  // A type always has one label, so a label moves to another attribute and is never just taken away.
  if (fields.label) site.setLabel(attribute);
  site.configurationChanged();
}

/** Automatic attributes are in the way as well: they cannot be created again (reference section 6). */
function checkAttributeName(site: SimulatedSite, type: ObjectType, name: string, own: Attribute | undefined): void {
  if (name.trim() === '') throw fieldError('name', 'name is required');
  const isTaken = site
    .typeAttributes(type.id)
    .some((attribute) => attribute !== own && attribute.name.toLowerCase() === name.toLowerCase());
  if (isTaken) throw fieldError('name', 'Name has to be unique');
}

function checkFields(site: SimulatedSite, kind: Kind, fields: AttributeFields): void {
  checkDisplayName(fields.displayName, 255);
  if (site.quirks.bodies === 'documented') checkFieldsOfKind(kind, fields);
  const { minimumCardinality: min, maximumCardinality: max, regexValidation } = fields;
  if (min !== undefined && min < 0) throw fieldError('minimumCardinality', 'minimumCardinality is negative');
  if (min !== undefined && max !== undefined && max >= 0 && min > max) {
    throw fieldError('minimumCardinality', 'minimumCardinality is greater than maximumCardinality');
  }
  if (regexValidation !== undefined && !isRegularExpression(regexValidation)) {
    throw fieldError('regexValidation', 'regexValidation is not a regular expression');
  }
  if (kind === 'reference') {
    if (fields.typeValue !== undefined && !site.types.has(fields.typeValue)) {
      throw fieldError('typeValue', `No object type was found with id ${fields.typeValue}`);
    }
    if (fields.additionalValue !== undefined && !site.referenceTypes.has(Number(fields.additionalValue))) {
      throw fieldError('additionalValue', `No reference type was found with id ${fields.additionalValue}`);
    }
  }
  if (kind === 'status' && fields.typeValueMulti?.some((id) => !site.statusTypes.has(Number(id)))) {
    throw fieldError('typeValueMulti', 'A status was not found');
  }
  if (kind === 'user' && fields.typeValueMulti?.some((name) => !site.groups.has(name))) {
    throw fieldError('typeValueMulti', 'Invalid Group(s)');
  }
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
