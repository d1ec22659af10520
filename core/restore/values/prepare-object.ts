import { idOf } from '../../model/ids.ts';
import { type ApiRecord, recordsOf, textOf } from '../../model/json.ts';
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

/** An object as it is to be on the target; attributes by their source ids. */
export interface PreparedObject {
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
  const values = new Map<string, string[]>();
  const deferred = new Set<string>();
  const losses = new Map<string, Loss>();
  const lose = (attribute: string, count: number, reason: string) => {
    const name = JSON.stringify([attribute, reason]);
    const before = losses.get(name)?.values ?? 0;
    const where = textOf(object.objectKey) ?? idOf(object);
    losses.set(name, { kind: 'object', source: idOf(object), where, attribute, values: before + count, reason });
  };
  for (const entry of recordsOf(object.attributes)) {
    const id = textOf(entry.objectTypeAttributeId) ?? '';
    const attribute = context.attribute(id);
    if (!attribute) continue;
    const raw = rawValues(entry, attribute.kind);
    const unreadable = recordsOf(entry.objectAttributeValues).filter((value) => isUnreadable(value, attribute.kind));
    if (unreadable.length > 0) lose(attribute.name, unreadable.length, 'the backup does not hold what the value names');
    if (raw.length === 0) continue;
    if (attribute.lost !== undefined) {
      lose(attribute.name, raw.length, attribute.lost);
      continue;
    }
    const kept: string[] = [];
    for (const text of raw) {
      const resolved = resolve(text, attribute.kind, context);
      if (resolved === 'later') deferred.add(id);
      else if ('lost' in resolved) lose(attribute.name, 1, resolved.lost);
      else kept.push(resolved.value);
    }
    if (kept.length > 0) values.set(id, kept);
  }
  return { values, deferred, losses: [...losses.values()] };
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

/** A value that holds something, and yet nothing that could be written back. */
function isUnreadable(value: Readonly<Record<string, unknown>>, of: AttributeKind): boolean {
  const isEmpty = value.value === '' || (value.value === undefined && value.searchValue === '');
  return !isEmpty && rawValues({ objectAttributeValues: [value as never] }, of).length === 0;
}
