import { kinds } from '../site/kinds.ts';
import type { JsonObject } from '../site/raw-json.ts';
import type { Attribute } from '../site/records.ts';
import type { SiteState } from '../site/site-state.ts';
import { displayName, globalId, optional } from './links.ts';
import { objectTypeShape } from './object-type-shape.ts';
import { nestedReferenceTypeShape } from './status-shape.ts';

/**
 * `ObjectTypeAttribute` of the specification. The official examples show `type` in a type's list and inside objects, but
 * not in the schema's list nor in answers to writes; `objectType` in a type's list, and in the schema's when `extended`.
 */
export function attributeShape(
  site: SiteState,
  attribute: Attribute,
  options: { documentedType: boolean; objectType: boolean; position?: number },
): JsonObject {
  const { type, defaultType } = kinds[attribute.kind];
  const quirk = site.quirks.attributeType;
  const withType = quirk === 'always' || (quirk === 'as-documented' && options.documentedType);
  const isSystem = attribute.role !== undefined && attribute.role !== 'name';
  const definingType = site.type(attribute.typeId);
  return {
    workspaceId: site.workspaceId,
    globalId: globalId(site, attribute.id),
    id: String(attribute.id),
    name: attribute.name,
    ...displayName(site, attribute),
    label: attribute.label,
    ...(withType ? { type } : {}),
    ...optional('description', attribute.description),
    ...(defaultType ? { defaultType: { ...defaultType } } : {}),
    ...optional('suffix', attribute.suffix),
    ...optional('regexValidation', attribute.regexValidation),
    ...(attribute.typeValueMulti.length > 0 ? { typeValueMulti: attribute.typeValueMulti } : {}),
    ...optional('additionalValue', attribute.additionalValue),
    ...referenceFields(site, attribute),
    editable: !isSystem,
    system: isSystem,
    sortable: true,
    summable: attribute.summable,
    indexed: true,
    minimumCardinality: attribute.minimumCardinality,
    maximumCardinality: attribute.maximumCardinality,
    removable: attribute.role === undefined && !attribute.label,
    hidden: attribute.hidden,
    includeChildObjectTypes: attribute.includeChildObjectTypes,
    uniqueAttribute: attribute.unique,
    ...(attribute.qlQuery === undefined ? {} : { iql: attribute.qlQuery, qlQuery: attribute.qlQuery }),
    options: attribute.options,
    position: options.position ?? attribute.position,
    ...(options.objectType ? { objectType: objectTypeShape(site, definingType, { nested: true }) } : {}),
    ...attribute.extra,
  };
}

function referenceFields(site: SiteState, attribute: Attribute): JsonObject {
  if (attribute.kind !== 'reference') return {};
  const target = attribute.targetTypeId === undefined ? undefined : site.types.get(attribute.targetTypeId);
  const referenceType =
    attribute.referenceTypeId === undefined ? undefined : site.referenceTypes.get(attribute.referenceTypeId);
  return {
    ...optional('referenceType', referenceType && nestedReferenceTypeShape(site, referenceType)),
    ...optional('referenceObjectTypeId', target && String(target.id)),
    ...optional('referenceObjectType', target && objectTypeShape(site, target, { nested: true })),
  };
}
