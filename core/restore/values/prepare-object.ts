import { idOf } from '../../model/ids.ts';
import { type ApiRecord, isRecord, recordsOf, textOf } from '../../model/json.ts';
import type { Loss } from '../../model/restore.ts';
import { type AttributeKind, kind, rawValues } from '../../reading/attribute-kinds.ts';

/** An attribute as the values of objects meet it. */
export interface ValueAttribute {
  readonly name: string;
  readonly kind: AttributeKind;
  /** Why no value of it can be restored; undefined where it can. */
  readonly lost?: string;
}

/** What a value of the backup is on the target: the value to send, that it comes later, or why it is lost. */
export type Resolved = { readonly value: string } | 'later' | { readonly lost: string };

export interface ValueContext {
  /** By source id. System attributes are undefined: the site makes their values. */
  attribute(id: string): ValueAttribute | undefined;
  reference(objectId: string): Resolved;
  user(accountId: string): Resolved;
  group(name: string): Resolved;
  status(id: string): Resolved;
}

/** A single value of the backup, and what it is on the target. */
export interface PreparedValue {
  readonly on: Resolved;
  /** As the backup has it: ids are the source's. Missing where it does not hold what the value names. */
  readonly raw?: string;
  /** Of a reference: the key of the object that it led to. */
  readonly key?: string;
}

/** An attribute of an object of the backup that has values. */
export interface PreparedAttribute {
  /** Its source id. */
  readonly source: string;
  readonly attribute: ValueAttribute;
  readonly values: readonly PreparedValue[];
}

/** An object as it is to be on the target. */
export interface PreparedObject {
  readonly attributes: readonly PreparedAttribute[];
  /** What can be written by now, by source ids of attributes. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Attributes that refer to objects that are not there yet: `values` holds what they have without them. */
  readonly deferred: ReadonlySet<string>;
  readonly losses: readonly Loss[];
}

/**
 * Turns an object of the backup into the values to send. Nothing is dropped without a loss; an id without a counterpart
 * is a loss, never a guess.
 */
export function prepareObject(object: ApiRecord, context: ValueContext): PreparedObject {
  const attributes: PreparedAttribute[] = [];
  for (const entry of recordsOf(object.attributes)) {
    const source = textOf(entry.objectTypeAttributeId) ?? '';
    const attribute = context.attribute(source);
    if (!attribute) continue;
    const values = recordsOf(entry.objectAttributeValues).flatMap((value) => prepareValue(value, attribute, context));
    if (values.length > 0) attributes.push({ source, attribute, values });
  }
  const values = new Map<string, readonly string[]>();
  const deferred = new Set<string>();
  for (const { source, values: prepared } of attributes) {
    const kept = prepared.flatMap(({ on }) => (typeof on === 'object' && 'value' in on ? [on.value] : []));
    if (kept.length > 0) values.set(source, kept);
    if (prepared.some(({ on }) => on === 'later')) deferred.add(source);
  }
  const losses = attributes.flatMap((prepared) => lossesOf(object, prepared, lostIn(prepared)));
  return { attributes, values, deferred, losses };
}

/** The values of an attribute that have no counterpart on the target. */
function lostIn({ values }: PreparedAttribute): (PreparedValue & { reason: string })[] {
  return values.flatMap((value) =>
    typeof value.on === 'object' && 'lost' in value.on ? [{ ...value, reason: value.on.lost }] : [],
  );
}

/**
 * What the target lacks of one attribute of an object. Each reference is a loss by itself, since it says where it led to;
 * of other values those of one reason are one.
 */
export function lossesOf(
  object: ApiRecord,
  { attribute }: Pick<PreparedAttribute, 'attribute'>,
  lost: readonly { readonly key?: string; readonly now?: string; readonly reason: string }[],
): Loss[] {
  const place = {
    kind: 'object',
    source: idOf(object) as string,
    where: textOf(object.objectKey) ?? idOf(object),
    attribute: attribute.name,
  } as const;
  const losses = new Map<string, Loss>();
  for (const { key, now, reason } of lost) {
    const name = JSON.stringify([key, reason]);
    const values = (losses.get(name)?.values ?? 0) + 1;
    const refersTo = key === undefined ? {} : { refersTo: { key, now: now ?? null } };
    losses.set(name, { ...place, values, reason, ...refersTo });
  }
  return [...losses.values()];
}

function prepareValue(
  value: ReturnType<typeof recordsOf>[number],
  attribute: ValueAttribute,
  context: ValueContext,
): PreparedValue[] {
  const { referencedObject } = value;
  const key = isRecord(referencedObject) ? textOf(referencedObject.objectKey) : undefined;
  const led = key === undefined ? {} : { key };
  const [raw] = rawValues({ objectAttributeValues: [value] }, attribute.kind);
  if (raw !== undefined) {
    return [
      {
        on: attribute.lost === undefined ? resolve(raw, attribute.kind, context) : { lost: attribute.lost },
        raw,
        ...led,
      },
    ];
  }
  // It holds something, and yet nothing that could be written back.
  const isEmpty = value.value === '' || (value.value === undefined && value.searchValue === '');
  return isEmpty ? [] : [{ on: { lost: 'the backup does not hold what the value names' }, ...led }];
}

function resolve(text: string, { type }: AttributeKind, context: ValueContext): Resolved {
  switch (type) {
    case kind.reference:
      return context.reference(text);
    case kind.user:
      return context.user(text);
    case kind.group:
      return context.group(text);
    case kind.status:
      return context.status(text);
    default:
      return { value: text };
  }
}
