import { objectDigest } from '../../comparison/object-values.ts';
import { comparable } from '../../comparison/spellings.ts';
import type { AttributeId } from '../../model/ids.ts';
import type { SentValues } from '../../ports/assets-writer.ts';
import { kind } from '../../reading/attribute-kinds.ts';
import type { ValueAttribute } from './prepare-object.ts';

/** Other spellings of a value: an object's key by its id, a group's id by its name. */
export interface SpellingSource {
  keyOf(target: string): string | undefined;
  groupId(name: string): string | undefined;
}

/** Values by source attribute, as the API takes them: objects by key and groups by name, and by id where a site wants that. */
export function valuesToSend(
  values: ReadonlyMap<string, readonly string[]>,
  targetAttribute: (source: string) => string | undefined,
  attribute: (source: string) => ValueAttribute | undefined,
  { keyOf, groupId }: SpellingSource,
): SentValues[] {
  return [...values].flatMap(([source, texts]): SentValues[] => {
    const attributeId = targetAttribute(source) as AttributeId | undefined;
    if (attributeId === undefined) return [];
    const type = attribute(source)?.kind.type;
    if (type === kind.reference) {
      return [
        { attributeId, values: texts.map((id) => keyOf(id) ?? id), alternatives: { of: 'object', values: texts } },
      ];
    }
    const ids = type === kind.group ? texts.flatMap((name) => groupId(name) ?? []) : [];
    const isKnown = ids.length === texts.length && ids.length > 0;
    return [{ attributeId, values: texts, ...(isKnown && { alternatives: { of: 'group', values: ids } }) }];
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
