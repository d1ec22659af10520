import type { AttributeId } from '../model/ids.ts';
import type { SentValues } from '../ports/assets-writer.ts';
import { comparable, kind } from './attribute-kinds.ts';
import type { KnownObjects } from './known-objects.ts';
import { objectDigest } from './object-digest.ts';
import type { ValueAttribute } from './prepare-object.ts';

/** Values by source attribute, as the API takes them: references by key, and by id where a site wants that. */
export function valuesToSend(
  values: ReadonlyMap<string, readonly string[]>,
  targetAttribute: (source: string) => string | undefined,
  attribute: (source: string) => ValueAttribute | undefined,
  known: KnownObjects,
): SentValues[] {
  return [...values].flatMap(([source, texts]) => {
    const attributeId = targetAttribute(source) as AttributeId | undefined;
    if (attributeId === undefined) return [];
    if (attribute(source)?.kind.type !== kind.reference) return [{ attributeId, values: texts }];
    return [{ attributeId, values: texts.map((id) => known.keyOf(id) ?? id), alternatives: texts }];
  });
}

/** The values by the target's attribute ids, in the spelling by which they are compared; references by id. */
export function comparableToSend(
  values: ReadonlyMap<string, readonly string[]>,
  targetAttribute: (source: string) => string | undefined,
  attribute: (source: string) => ValueAttribute | undefined,
): Map<string, string[]> {
  return new Map(
    [...values].flatMap(([source, texts]) => {
      const id = targetAttribute(source);
      const of = attribute(source)?.kind;
      return id === undefined || !of ? [] : [[id, texts.map((text) => comparable(text, of))] as const];
    }),
  );
}

export function digestToSend(...values: Parameters<typeof comparableToSend>): string {
  return objectDigest(comparableToSend(...values));
}
