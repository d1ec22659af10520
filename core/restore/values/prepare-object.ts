import { idOf } from '../../model/ids.ts';
import { type ApiRecord, type JsonRecord, recordsOf, textOf } from '../../model/json.ts';
import type { Loss } from '../../model/restore.ts';
import { type AttributeKind, kind } from '../../reading/attribute-kinds.ts';
import { type ReadValue, readValue } from '../../reading/value.ts';

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
  user(user: ReadValue): Resolved;
  group(group: ReadValue): Resolved;
  /** @param attribute its source id */
  status(status: ReadValue, attribute: string): Resolved;
  /** By what names a site may show an account. */
  namesOfAccount(account: string): readonly string[];
}

/** A single value of the backup, and what it is on the target. */
export interface PreparedValue {
  readonly on: Resolved;
  /** As the backup has it: ids are the source's. Missing where it does not hold what the value names. */
  readonly raw?: string;
  /** By what names a site may show it, where it shows no more. */
  readonly names: readonly string[];
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
    const named = { ...attribute, source };
    const values = recordsOf(entry.objectAttributeValues).flatMap((value) => prepareValue(value, named, context));
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

function prepareValue(value: JsonRecord, attribute: SourceAttribute, context: ValueContext): PreparedValue[] {
  const read = readValue(value, attribute.kind);
  if (!read) return [];
  const on = attribute.lost === undefined ? resolve(read, attribute, context) : { lost: attribute.lost };
  const isUser = attribute.kind.type === kind.user && typeof on === 'object' && 'value' in on;
  const raw = read.id ?? read.names.at(-1);
  return [
    {
      on,
      names: isUser ? [...read.names, ...context.namesOfAccount(on.value)] : read.names,
      ...(raw !== undefined && { raw }),
      ...(read.key !== undefined && { key: read.key }),
    },
  ];
}

type SourceAttribute = ValueAttribute & { readonly source: string };

/** What names but do not identify is no more than a guess, but for a user, a group and a status, whose names are looked up. */
function resolve(read: ReadValue, { kind: { type }, source }: SourceAttribute, context: ValueContext): Resolved {
  const { id, names } = read;
  if (id === undefined && names.length === 0) return { lost: 'the backup does not hold what the value names' };
  if (type === kind.user) return context.user(read);
  if (type === kind.group) return context.group(read);
  if (type === kind.status) return context.status(read, source);
  if (id === undefined) return { lost: type === kind.reference ? labelOnly : shownOnly };
  return type === kind.reference ? context.reference(id) : { value: id };
}

const labelOnly = 'the backup holds no key of the object that it refers to, only its label';
const shownOnly = 'the backup holds no more of the value than how the site showed it';
