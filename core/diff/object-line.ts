import { compareValues } from '../comparison/compare-values.ts';
import { comparableValues } from '../comparison/object-values.ts';
import { type ActivityKind, activityKinds } from '../model/activity.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, recordsOf, textOf } from '../model/json.ts';
import { type AttributeKind, kind, kindOfValue } from '../reading/attribute-kinds.ts';
import { readValue } from '../reading/value.ts';
import { type Chosen, isChosenPlace } from './chosen.ts';
import type { AttributeChange, ObjectLine } from './diff-lines.ts';
import type { SideAttribute, SideType } from './side.ts';

/** An object as a side has it, and where. */
export interface PlacedObject {
  readonly object: ApiRecord;
  readonly type: SideType;
  /** How many comments, and entries of its history, there are; undefined where the side does not know. */
  readonly counts?: { readonly [Kind in ActivityKind]?: number | undefined };
}

/** An attribute of one side or of both. Of an object that has become another type's the two may have ids of their own. */
interface AttributePair {
  readonly left: string;
  readonly right: string;
  readonly id: string;
  readonly name: string;
  readonly kind: AttributeKind | undefined;
}

/** Compares objects, one after the other, and makes the line of each that is not the same on both sides. */
export class ObjectComparison {
  readonly #chosen: Chosen;
  readonly #sameAs: ReadonlyMap<string, string>;
  readonly #pairs = new Map<string, readonly AttributePair[]>();

  /** @param sameAs by the id of an object of the left the one that it is on the right, where that is another */
  constructor(chosen: Chosen, sameAs: ReadonlyMap<string, string> = new Map()) {
    this.#chosen = chosen;
    this.#sameAs = sameAs;
  }

  /** Undefined where it is the same, or nothing that was asked for. One of the sides has to be there. */
  line(left: PlacedObject | undefined, right: PlacedObject | undefined): ObjectLine | undefined {
    const there = right ?? left;
    const { attributes: wanted } = this.#chosen;
    if (!there || !isChosenPlace(this.#chosen, left?.type, right?.type)) return undefined;
    if (!left || !right) {
      return wanted ? undefined : { ...placeOf(there), change: right ? 'added' : 'removed', attributes: [] };
    }
    const attributes = this.#attributes(left, right);
    if (wanted) return attributes.length > 0 ? { ...placeOf(right), change: 'changed', attributes } : undefined;
    const from = placeBefore(left, right);
    const counts = activityKinds.flatMap((of) => {
      const [before, after] = [left.counts?.[of], right.counts?.[of]];
      return before === undefined || after === undefined || before === after ? [] : [[of, { before, after }] as const];
    });
    if (attributes.length === 0 && !from && counts.length === 0) return undefined;
    return {
      ...placeOf(right),
      change: 'changed',
      ...(from && { from }),
      attributes,
      ...Object.fromEntries(counts),
    };
  }

  #attributes(left: PlacedObject, right: PlacedObject): AttributeChange[] {
    const { attributes: wanted } = this.#chosen;
    const pairs = [...this.#pairsOf(left.type, right.type), ...unlistedPairs(left, right)];
    const before = comparableValues(left.object, new Map(pairs.map((pair) => [pair.left, pair.kind])));
    const after = comparableValues(right.object, new Map(pairs.map((pair) => [pair.right, pair.kind])));
    return pairs.flatMap((pair) => {
      if (wanted && !wanted.has(pair.left) && !wanted.has(pair.right)) return [];
      const there = (before.get(pair.left) ?? []).map((text) => ({ there: this.#onRight(text, pair) }));
      const { missing, surplus } = compareValues(there, after.get(pair.right) ?? []);
      if (missing.length === 0 && surplus === 0) return [];
      const shown = shownOnBoth(valuesOf(left.object, pair.left, pair), valuesOf(right.object, pair.right, pair));
      return [{ id: pair.id, name: pair.name, ...shown }];
    });
  }

  #onRight(text: string, { kind: of }: AttributePair): string {
    return of?.type === kind.reference ? (this.#sameAs.get(text) ?? text) : text;
  }

  #pairsOf(left: SideType, right: SideType): readonly AttributePair[] {
    const key = JSON.stringify([left.id, right.id]);
    const pairs = this.#pairs.get(key) ?? pairAttributes(left, right);
    this.#pairs.set(key, pairs);
    return pairs;
  }
}

/**
 * By id. Of another type also by name, since there it is another attribute that has the values. Where the list of one side could not be
 * read the other's tells what the values are.
 */
function pairAttributes(left: SideType, right: SideType): AttributePair[] {
  const own = (attributes: SideType['attributes']) =>
    [...(attributes?.values() ?? [])].filter((attribute) => !attribute.isSystem);
  const [lefts, rights] = [own(left.attributes), own(right.attributes)];
  const leftOnly = new Map(lefts.map((attribute) => [attribute.id, attribute]));
  for (const { id } of rights) leftOnly.delete(id);
  const isMoved = left.id !== right.id;
  const pairs = rights.map((attribute): AttributePair => {
    const isOnLeft = left.attributes?.has(attribute.id) ?? false;
    const named = isMoved && !isOnLeft ? namesake(leftOnly, attribute) : undefined;
    if (named) leftOnly.delete(named.id);
    const { id, name } = attribute;
    return { left: named?.id ?? id, right: id, id, name, kind: attribute.kind ?? named?.kind };
  });
  const others = [...leftOnly.values()].map(({ id, name, kind }) => ({ left: id, right: id, id, name, kind }));
  return [...pairs, ...others];
}

/** Attributes that objects have and no list names: their values are compared by what they look like. */
function unlistedPairs(left: PlacedObject, right: PlacedObject): AttributePair[] {
  const lists = [left.type.attributes, right.type.attributes].filter((list) => list !== undefined);
  // Nothing would tell them from those that the site makes.
  if (lists.length === 0) return [];
  const ids = [left, right]
    .flatMap(({ object }) => recordsOf(object.attributes))
    .map(({ objectTypeAttributeId }) => textOf(objectTypeAttributeId) ?? '')
    .filter((id) => !lists.some((list) => list.has(id)));
  return [...new Set(ids)].map((id) => ({ left: id, right: id, id, name: id, kind: undefined }));
}

const namesake = (attributes: ReadonlyMap<string, SideAttribute>, { name, kind: of }: SideAttribute) =>
  attributes.values().find((attribute) => attribute.name === name && attribute.kind?.type === of?.type);

function placeOf({ object, type }: PlacedObject) {
  return {
    kind: 'object' as const,
    schema: type.schema.key,
    type: type.path,
    id: idOf(object) as string,
    key: textOf(object.objectKey) ?? '',
    label: textOf(object.label) ?? '',
  };
}

/** What of an object's place is other. That its schema has got another key, or its type another name, is told of these. */
function placeBefore(left: PlacedObject, right: PlacedObject): ObjectLine['from'] | undefined {
  const [before, after] = [placeOf(left), placeOf(right)];
  const isOfSchema = left.type.schema.id === right.type.schema.id;
  const isOfType = left.type.id === right.type.id;
  const isOfKey = before.key === after.key || (isOfSchema && withoutSchemaKey(before) === withoutSchemaKey(after));
  if (isOfSchema && isOfType && isOfKey) return undefined;
  return {
    ...(!isOfSchema && { schema: before.schema }),
    ...(!isOfType && { type: before.type }),
    ...(!isOfKey && { key: before.key }),
  };
}

const withoutSchemaKey = ({ key, schema }: { readonly key: string; readonly schema: string }) =>
  key.startsWith(`${schema}-`) ? key.slice(schema.length) : key;

interface ShownValue {
  readonly text: string;
  /** What tells it from another one that looks the same. */
  readonly id: string;
}

function valuesOf(object: ApiRecord, attributeId: string, pair: AttributePair): ShownValue[] {
  return recordsOf(object.attributes)
    .filter((entry) => textOf(entry.objectTypeAttributeId) === attributeId)
    .flatMap((entry) => recordsOf(entry.objectAttributeValues))
    .flatMap((value) => {
      const of = pair.kind ?? { type: kindOfValue(value) ?? 0 };
      const { id, key, names = [] } = readValue(value, of) ?? {};
      const shown = names.at(-1);
      // What is shown of a number or a day is in somebody's own spelling.
      const text = of.type === 0 ? (id ?? shown) : (shown ?? id);
      return text === undefined ? [] : [{ text, id: key ?? id ?? text }];
    });
}

/** Two things of one name, such as two objects of the same label, are told apart by what identifies them. */
function shownOnBoth(before: readonly ShownValue[], after: readonly ShownValue[]) {
  const ids = new Map<string, Set<string>>();
  for (const { text, id } of [...before, ...after]) ids.set(text, (ids.get(text) ?? new Set()).add(id));
  const shown = ({ text, id }: ShownValue) => ((ids.get(text)?.size ?? 0) > 1 ? `${text} (${id})` : text);
  return { before: before.map(shown), after: after.map(shown) };
}
