import type { Attribute, ObjectType, StoredObject } from '../site/records.ts';
import type { SiteState } from '../site/site-state.ts';
import { attributeTexts, displayText } from '../site/value-texts.ts';
import { AqlError, type Comparison, type Condition } from './query.ts';

export type Predicate = (object: StoredObject) => boolean;

/** Makes a condition into a test. Unknown attributes and operators that a keyword does not have are refused here. */
export function predicateOf(site: SiteState, condition: Condition): Predicate {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map((part) => predicateOf(site, part));
      return (object) => parts.every((part) => part(object));
    }
    case 'or': {
      const parts = condition.parts.map((part) => predicateOf(site, part));
      return (object) => parts.some((part) => part(object));
    }
    case 'comparison':
      return comparisonPredicate(site, condition);
  }
}

function comparisonPredicate(site: SiteState, comparison: Comparison): Predicate {
  const types = typesMeant(site, comparison);
  if (types) return ({ typeId }) => types.has(typeId);
  const field = comparison.field.toLowerCase();
  if (field === 'objectid') {
    const range = rangePredicate(site, comparison);
    if (range) return range;
    const ids = idsMeant(comparison);
    return ({ id }) => ids.has(id) !== (comparison.operator === 'not in' || comparison.operator === '!=');
  }
  if (comparison.withChildren) throw new AqlError(`objectTypeAndChildren() does not go with ${comparison.field}`);
  const path = comparison.field.split('.');
  const isWhole = path.length > 1 && isAttributeName(site, comparison.field);
  const [first, ...rest] = isWhole ? [comparison.field] : path;
  return attributePredicate(site, first ?? '', rest, comparison);
}

/** The types that a comparison of type or schema allows; undefined for other fields. */
export function typesMeant(site: SiteState, comparison: Comparison): ReadonlySet<number> | undefined {
  const { operator, values, withChildren } = comparison;
  const matchers: Record<string, (type: ObjectType, value: string) => boolean> = {
    objecttypeid: (type, value) => String(type.id) === value,
    objecttype: (type, value) => type.name.toLowerCase() === value.toLowerCase() || String(type.id) === value,
    objectschemaid: (type, value) => String(type.schemaId) === value,
    objectschema: (type, value) => site.schema(type.schemaId).name.toLowerCase() === value.toLowerCase(),
  };
  const matches = matchers[comparison.field.toLowerCase()];
  if (!matches) return undefined;
  if (!['=', '!=', 'in', 'not in'].includes(operator))
    throw new AqlError(`${comparison.field} cannot be compared with ${operator}`);
  let meant = [...site.types.values()].filter((type) => values.some((value) => matches(type, value)));
  if (withChildren) meant = meant.flatMap((type) => site.typeAndDescendants(type));
  const ids = new Set(meant.map((type) => type.id));
  if (operator === '=' || operator === 'in') return ids;
  return new Set([...site.types.keys()].filter((id) => !ids.has(id)));
}

/** `objectId >= 5` and `objectId <= 5`, which public tools use; undefined for other operators. */
function rangePredicate({ quirks }: SiteState, { operator, values }: Comparison): Predicate | undefined {
  if ((operator !== '>=' && operator !== '<=') || quirks.objectIdRanges === 'refused') return undefined;
  if (quirks.objectIdRanges === 'ignored') return () => true;
  const bound = Number(values[0]);
  return ({ id }) => (operator === '>=' ? id >= bound : id <= bound);
}

/** The ids of a comparison of `objectId` by equality, which alone is documented; `objectId > 5` is refused. */
export function idsMeant({ operator, values }: Comparison): ReadonlySet<number> {
  if (!['=', '!=', 'in', 'not in'].includes(operator))
    throw new AqlError(`objectId cannot be compared with ${operator}`);
  return new Set(values.map(Number));
}

function attributePredicate(site: SiteState, name: string, rest: string[], comparison: Comparison): Predicate {
  if (name.toLowerCase() !== 'label' && !isAttributeName(site, name))
    throw new AqlError(`Attribute ${name} does not exist`);
  const find = attributeFinder(site, name);
  if (rest.length > 0) {
    const inner = attributePredicate(site, rest[0] ?? '', rest.slice(1), comparison);
    return (object) => {
      const attribute = find(object.typeId);
      if (attribute?.kind !== 'reference') return false;
      return attributeTexts(site, object, attribute).some((id) => {
        const target = site.objects.get(Number(id));
        return target !== undefined && inner(target);
      });
    };
  }
  const isNegated = comparison.operator === '!=' || comparison.operator.startsWith('not ');
  const compare = textComparison(comparison);
  return (object) => {
    const attribute = find(object.typeId);
    const texts = attribute ? attributeTexts(site, object, attribute) : [];
    if (comparison.operator === 'is empty') return texts.length === 0;
    if (comparison.operator === 'is not empty') return texts.length > 0;
    if (!attribute) return false;
    const isHit = texts.some((text) => searchTexts(site, attribute, text).some((search) => compare(search)));
    return isHit !== isNegated;
  };
}

/** What a value can be found by: its text, or the label and key of an object, the name and id of a user, and so on. */
function searchTexts(site: SiteState, attribute: Attribute, text: string): readonly string[] {
  if (attribute.kind === 'reference') {
    const target = site.objects.get(Number(text));
    return target ? [site.label(target), site.objectKey(target)] : [];
  }
  if (attribute.kind === 'user')
    return [displayText(site, attribute, text), text, site.users.get(text)?.emailAddress ?? ''];
  if (attribute.kind === 'status') return [displayText(site, attribute, text)];
  return [text];
}

/** Compares as numbers or times where both sides are such, else as text, always without regard to case (AQLDOC). */
function textComparison({ operator, values }: Comparison): (text: string) => boolean {
  const wanted = values.map((value) => value.toLowerCase());
  const first = wanted[0] ?? '';
  switch (operator) {
    case 'like':
    case 'not like':
      return (text) => text.toLowerCase().includes(first);
    case 'startswith':
      return (text) => text.toLowerCase().startsWith(first);
    case 'endswith':
      return (text) => text.toLowerCase().endsWith(first);
    case '<':
      return (text) => order(text, first) < 0;
    case '>':
      return (text) => order(text, first) > 0;
    case '<=':
      return (text) => order(text, first) <= 0;
    case '>=':
      return (text) => order(text, first) >= 0;
    default:
      return (text) => wanted.some((value) => order(text, value) === 0);
  }
}

function order(text: string, other: string): number {
  const left = comparable(text);
  const right = comparable(other);
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const a = text.toLowerCase();
  const b = other.toLowerCase();
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparable(text: string): number | string {
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}([t ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?z?)?$/i.test(text)) return text;
  const iso = text.toUpperCase().replace(' ', 'T');
  return Date.parse(iso.includes('T') && !iso.endsWith('Z') ? `${iso}Z` : iso);
}

export function isAttributeName(site: SiteState, name: string): boolean {
  const wanted = name.toLowerCase();
  return site.attributes.values().some((attribute) => attribute.name.toLowerCase() === wanted);
}

/** Finds a type's attribute by name, once per type. */
export function attributeFinder(site: SiteState, name: string): (typeId: number) => Attribute | undefined {
  const wanted = name.toLowerCase();
  const known = new Map<number, Attribute | undefined>();
  return (typeId) => {
    if (known.has(typeId)) return known.get(typeId);
    const attribute =
      wanted === 'label'
        ? site.labelAttribute(typeId)
        : site.typeAttributes(typeId).find((candidate) => candidate.name.toLowerCase() === wanted);
    known.set(typeId, attribute);
    return attribute;
  };
}
