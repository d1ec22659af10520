import { type ApiRecord, isRecord, type JsonRecord, recordsOf, textOf } from '../../core/model/json.ts';
import type { SentValues } from '../../core/ports/assets-writer.ts';
import { kind, kindOfValue } from '../../core/reading/attribute-kinds.ts';
import { readValue } from '../../core/reading/value.ts';

/** A value in both spellings, which are the same where it has one only. */
type Spellings = readonly [value: string, alternative: string];

/**
 * Whether an object has the values of an attribute that were sent. `unclear`: it has as many, of which some text is another; the
 * site may have spelt it otherwise, as it does with times, or may not say at all what identifies it.
 */
export function standing(sent: SentValues, object: ApiRecord): 'stands' | 'lacks' | 'unclear' {
  const wanted = wantedOf(sent);
  const there = valuesIn(object, sent);
  const missing = missingIn(there, wanted);
  const nameless = there.filter((value) => value === unidentified).length;
  if (there.length !== wanted.length || missing.filter(isSpeltTwice).length > nameless) return 'lacks';
  return missing.length === 0 ? 'stands' : 'unclear';
}

/** Whether the attribute has other values than before: then the site knew which one was meant. */
export function isOther(sent: SentValues, before: ApiRecord, after: ApiRecord): boolean {
  const [was, is] = [before, after].map((object) => JSON.stringify(valuesIn(object, sent).sort()));
  return was !== is;
}

/** Whether a value with two spellings has come: then the site knew what the one that was sent names. */
export function hasCome(sent: SentValues, before: ApiRecord, after: ApiRecord): boolean {
  const wanted = wantedOf(sent).filter(isSpeltTwice);
  const missing = (object: ApiRecord) => missingIn(valuesIn(object, sent), wanted).length;
  return missing(after) < missing(before);
}

export const hasValue = (sent: SentValues) => wantedOf(sent).length > 0;

/** An empty text is no value. */
function wantedOf({ values, alternatives }: SentValues): Spellings[] {
  return values
    .map((value, index) => [value, alternatives?.values[index] ?? value] as const)
    .filter(([value]) => value !== '');
}

const isSpeltTwice = ([value, alternative]: Spellings) => value !== alternative;

/** Compared as multisets: a site keeps no order of values. */
function missingIn(values: readonly string[], wanted: readonly Spellings[]): Spellings[] {
  const left = [...values];
  return wanted.filter((spellings) => {
    const index = left.findIndex((value) => spellings.includes(value));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function valuesIn(object: ApiRecord, { attributeId, alternatives }: SentValues): string[] {
  const sentKind = alternatives && { object: kind.reference, group: kind.group }[alternatives.of];
  return recordsOf(object.attributes)
    .filter((attribute) => attributeIdOf(attribute) === attributeId)
    .flatMap(({ objectAttributeValues }) => recordsOf(objectAttributeValues))
    .map((value) => readValue(value, { type: sentKind ?? kindOfValue(value) ?? 0 })?.id ?? unidentified);
}

/** An empty text is sent for no value, so it is none's. */
const unidentified = '';

function attributeIdOf(attribute: JsonRecord): string | undefined {
  const { objectTypeAttribute } = attribute;
  const nested = isRecord(objectTypeAttribute) ? textOf(objectTypeAttribute.id) : undefined;
  return textOf(attribute.objectTypeAttributeId) ?? nested;
}
