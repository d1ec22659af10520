import type { RequestRefusedError } from '../../errors.ts';
import { type ApiRecord, recordsOf, textOf } from '../../model/json.ts';
import { refusalReasons } from '../../model/refusal.ts';
import type { Loss } from '../../model/restore.ts';
import type { ObjectStage } from './object-stage.ts';

/** An object as it is about to be created. */
export interface Creation {
  readonly source: string;
  readonly where: string;
  readonly schema: string;
  readonly type: string;
  readonly label: string;
  readonly values: Map<string, readonly string[]>;
  readonly pending: Set<string>;
  readonly losses: Loss[];
  /** Texts that no reason may quote: its values as the backup holds and shows them, and its label. */
  readonly hidden: readonly string[];
}

/** Names attributes as the backup does, and tells what was left out before. */
export function reasonOf(
  error: RequestRefusedError,
  { losses, hidden }: Creation,
  nameOf: (attributeId: string) => string | undefined,
): string {
  const named = error.refusals.map(({ field, attributeId, kind }) => {
    const name = attributeId === undefined ? `"${field}"` : (nameOf(attributeId) ?? `attribute ${attributeId}`);
    return `${name}: ${refusalReasons[kind]}`;
  });
  const before = losses.map(({ attribute, reason }) => `${attribute}: ${reason}`);
  const earlier = before.length > 0 ? `; left out before: ${before.join('; ')}` : '';
  return `it could not be made (${error.saying(hidden, named.length > 0 ? named.join('; ') : error.message)}${earlier})`;
}

/**
 * The creation without the values that were refused. Of an attribute with several the site does not say which one it
 * was: they are tried one by one once the object is there. Undefined where the refusal names nothing that was sent.
 */
export function withoutRefused(
  creation: Creation,
  error: RequestRefusedError,
  { targetAttribute, attribute }: Pick<ObjectStage, 'targetAttribute' | 'attribute'>,
): Creation | undefined {
  const values = new Map(creation.values);
  const pending = new Set(creation.pending);
  const losses = [...creation.losses];
  for (const { attributeId, kind } of error.refusals) {
    const source = [...values.keys()].find((id) => targetAttribute(id) === attributeId);
    if (source === undefined) return undefined;
    const texts = values.get(source) ?? [];
    values.delete(source);
    if (texts.length > 1) {
      pending.add(source);
      continue;
    }
    const name = attribute(source)?.name ?? source;
    losses.push({
      kind: 'object',
      source: creation.source,
      where: creation.where,
      attribute: name,
      values: 1,
      reason: kind === 'other' ? error.saying(creation.hidden, refusalReasons[kind]) : refusalReasons[kind],
    });
  }
  return error.refusals.length === 0 ? undefined : { ...creation, values, pending, losses };
}

/** Attributes of the backup by those of the target. */
export function sourcesOf(
  attributeIds: readonly string[],
  { values }: Pick<Creation, 'values'>,
  { targetAttribute }: Pick<ObjectStage, 'targetAttribute'>,
): string[] {
  return [...values.keys()].filter((source) => attributeIds.includes(targetAttribute(source) ?? ''));
}

/** What goes along with its entry in the journal, where there is any. */
export function remarksOf({ pending, losses }: Pick<Creation, 'pending' | 'losses'>) {
  return {
    ...(pending.size > 0 && { pending: [...pending] }),
    ...(losses.length > 0 && { losses }),
  };
}

/** What an object's values are, and what they are shown as: a site may quote either. */
export function hiddenTexts(object: ApiRecord): string[] {
  const values = recordsOf(object.attributes).flatMap(({ objectAttributeValues }) => recordsOf(objectAttributeValues));
  const shown = values.flatMap(({ value, displayValue, searchValue }) => [value, displayValue, searchValue]);
  return [object.label, ...shown].flatMap((text) => textOf(text) ?? []);
}
