import { isIP } from 'node:net';
import { matchesFilter } from '../aql/run-query.ts';
import type { Quirks } from './quirks.ts';
import type { Attribute, ObjectType, StoredObject, StoredValues } from './records.ts';
import { Refusal } from './refusal.ts';
import type { SiteState } from './site-state.ts';

/** A value that the rules do not allow; the message stands under the attribute's name in `errors`. */
class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}

/**
 * Checks sent values by the rules of an attribute and gives them as they are stored. All faults are reported together,
 * under `rlabs-insight-attribute-<id>` (reference section 7). The messages contain the texts that tools have seen; which
 * text belongs to which violation is partly inferred (section 9, number 29).
 *
 * @param existing the object that is updated; undefined for a new one, which has to have all that is required
 */
export function checkedValues(
  site: SiteState,
  type: ObjectType,
  sent: StoredValues,
  existing: StoredObject | undefined,
): StoredValues {
  const checked: StoredValues = new Map();
  const errors: Record<string, string> = {};
  const check = (attribute: Attribute, texts: readonly string[]): void => {
    try {
      const values = checkedList(site, attribute, texts, existing);
      if (values.length > 0) checked.set(attribute.id, values);
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      errors[`rlabs-insight-attribute-${attribute.id}`] = error.message;
    }
  };
  const attributes = site.typeAttributes(type.id);
  for (const [attributeId, texts] of sent) {
    const attribute = attributes.find((candidate) => candidate.id === attributeId);
    if (attribute) check(attribute, texts);
    else
      errors[`rlabs-insight-attribute-${attributeId}`] =
        `Attribute ${attributeId} not found in object type ${type.name}`;
  }
  if (!existing) {
    for (const attribute of attributes) {
      if (isWritable(attribute) && attribute.minimumCardinality > 0 && !sent.has(attribute.id)) check(attribute, []);
    }
  }
  if (Object.keys(errors).length > 0) throw new Refusal(400, '', errors);
  return checked;
}

/** Key, Created and Updated are made by the site; the Name is not a system attribute (reference section 6). */
export function isWritable(attribute: Attribute): boolean {
  return attribute.role === undefined || attribute.role === 'name';
}

function checkedList(
  site: SiteState,
  attribute: Attribute,
  texts: readonly string[],
  existing: StoredObject | undefined,
): string[] {
  if (!isWritable(attribute)) throw new InvalidValue(`${attribute.name} is not editable`);
  const values = texts
    .filter((text) => text !== '' && !isIgnored(site, attribute, text))
    .map((text) => checkedValue(site, attribute, text));
  if (values.length < attribute.minimumCardinality) throw new InvalidValue(`${attribute.name} is required`);
  const max = attribute.maximumCardinality;
  if (max >= 0 && values.length > max) {
    throw new InvalidValue(`${attribute.name} can only contain max ${max} value(s)`);
  }
  if (attribute.unique) {
    for (const value of values) {
      if (site.objects.otherWithValue(attribute.id, value, existing?.id) !== undefined) {
        throw new InvalidValue(`${attribute.name} has duplicated value`);
      }
    }
  }
  return values;
}

/** A value in a way in which the site takes none of its kind, and says nothing. */
function isIgnored({ quirks, groups }: SiteState, { kind }: Attribute, text: string): boolean {
  if (quirks.otherValues === 'refused') return false;
  if (kind === 'reference') return !isReference(quirks, text);
  if (kind !== 'group' || quirks.groupValues === 'both') return false;
  const isId = groups.values().some(({ groupId }) => groupId === text);
  return isId ? quirks.groupValues === 'name' : groups.has(text) && quirks.groupValues === 'groupId';
}

function isReference({ referenceValues }: Readonly<Quirks>, text: string): boolean {
  return referenceValues === 'both' || (referenceValues === 'id') === /^\d+$/.test(text);
}

function checkedValue(site: SiteState, attribute: Attribute, text: string): string {
  const invalid = () => new InvalidValue(`${attribute.name}: the value provided is invalid`);
  switch (attribute.kind) {
    case 'text':
      if (text.length > 255) throw new InvalidValue(`${attribute.name} must be less than 255 characters`);
      return matchingRegex(attribute, text);
    case 'email':
      if (!/^[^\s@]+@[^\s@]+$/.test(text)) throw invalid();
      return matchingRegex(attribute, text);
    case 'textarea':
      return text;
    case 'integer':
      if (!/^[+-]?\d+$/.test(text) || Number(text) < -2_147_483_648 || Number(text) > 2_147_483_647) throw invalid();
      return String(Number(text));
    case 'double':
      if (!Number.isFinite(Number(text))) throw invalid();
      return text;
    case 'boolean':
      if (!/^(true|false)$/i.test(text)) throw invalid();
      return text.toLowerCase();
    case 'date':
      // ISO 8601 is all that is documented: the day, with or without a time.
      if (!/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) || Number.isNaN(Date.parse(text))) throw invalid();
      return text.slice(0, 10);
    case 'time':
      if (!/^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text)) throw invalid();
      return text;
    case 'datetime':
      if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(Date.parse(text))) throw invalid();
      return new Date(text).toISOString();
    case 'url':
      if (!/^https?:\/\//i.test(text)) throw invalid();
      return matchingRegex(attribute, text);
    case 'ipAddress':
      if (isIP(text) === 0) throw invalid();
      return text;
    case 'select':
      if (!attribute.options.split(',').includes(text))
        throw new InvalidValue(`${attribute.name}: Invalid values [${text}]`);
      return text;
    case 'reference':
      return checkedReference(site, attribute, text);
    case 'user':
      return checkedUser(site, attribute, text);
    case 'group': {
      const { groupValues } = site.quirks;
      const byName = groupValues === 'groupId' ? undefined : site.groups.get(text);
      const byId = groupValues === 'name' ? undefined : site.groups.values().find(({ groupId }) => groupId === text);
      const group = byName ?? byId;
      if (!group) throw new InvalidValue('Invalid Group(s)');
      return group.name;
    }
    case 'status': {
      if (!site.statusTypes.has(Number(text))) throw invalid();
      if (attribute.typeValueMulti.length > 0 && !attribute.typeValueMulti.includes(text)) {
        throw new InvalidValue(`${attribute.name}: the value is invalid due to restrictions`);
      }
      return String(Number(text));
    }
    case 'project':
      if (!site.projects.has(text)) throw new InvalidValue(`Project ${text} not found in jira`);
      return text;
    case 'confluence':
    case 'version':
    case 'bitbucket':
      return text;
  }
}

function matchingRegex(attribute: Attribute, text: string): string {
  if (attribute.regexValidation && !new RegExp(`^(?:${attribute.regexValidation})$`).test(text)) {
    throw new InvalidValue(`${attribute.name}: the value is invalid due to restrictions`);
  }
  return text;
}

function checkedReference(site: SiteState, attribute: Attribute, text: string): string {
  const target = isReference(site.quirks, text) ? site.objectByKeyOrId(text) : undefined;
  const wanted = attribute.targetTypeId === undefined ? undefined : site.types.get(attribute.targetTypeId);
  if (!target || !wanted) throw new InvalidValue(`${attribute.name}: the value provided is invalid`);
  const allowed = attribute.includeChildObjectTypes ? site.typeAndDescendants(wanted) : [wanted];
  if (!allowed.some((type) => type.id === target.typeId)) {
    throw new InvalidValue(`${attribute.name}: the value provided is invalid`);
  }
  const targetSchema = site.schema(wanted.schemaId);
  if (targetSchema.id !== site.type(attribute.typeId).schemaId && !targetSchema.properties.allowOtherObjectSchema) {
    throw new InvalidValue(`${attribute.name} refers to the schema ${targetSchema.name}, which does not allow it`);
  }
  if (attribute.qlQuery && !matchesFilter(site, attribute.qlQuery, target)) {
    throw new InvalidValue(`${attribute.name}: the value is invalid due to restrictions`);
  }
  return String(target.id);
}

function checkedUser(site: SiteState, attribute: Attribute, text: string): string {
  const user = site.users.get(text);
  if (!user || (!user.active && site.quirks.deactivatedUsers === 'rejected')) {
    throw new InvalidValue(`User(s) not found in jira: ${text} (${attribute.name})`);
  }
  return user.accountId;
}
