import { comparableValues, shownIn, valuesDigest } from '../../comparison/object-values.ts';
import { type AttributeId, type ObjectId, typeIdOf } from '../../model/ids.ts';
import { type ApiRecord, recordsOf, textOf } from '../../model/json.ts';
import type { Staying } from '../../model/undo.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { SentValues } from '../../ports/assets-writer.ts';
import { type AttributeKind, kind } from '../../reading/attribute-kinds.ts';
import { readValue } from '../../reading/value.ts';
import type { BeforeImage } from '../before-images.ts';
import type { OverwrittenAttribute, OverwrittenObject } from './undo-files.ts';
import type { WriteProof } from './write-proof.ts';

type Kinds = ReadonlyMap<string, AttributeKind | undefined>;

interface OverwrittenInput {
  readonly reader: AssetsReader;
  kindsOf(type: string): Promise<Kinds>;
  nameOf(attribute: string): string | undefined;
  /** Whether the restore that is undone has made this object. */
  isMade(id: string): boolean;
  readonly proof: WriteProof;
}

interface OverwrittenLook {
  readonly overwritten?: OverwrittenObject;
  readonly stays: readonly Staying[];
  readonly found?: ApiRecord;
}

/** What of an object that a restore has written to still is as it was left, and so can be set back; and what is not. */
export async function lookAtOverwritten(
  { id, objectKey, attributes, sent }: BeforeImage,
  { reader, kindsOf, nameOf, isMade, proof }: OverwrittenInput,
): Promise<OverwrittenLook> {
  const stays: Staying[] = [];
  const found = await reader.object(id as ObjectId);
  const type = found && typeIdOf(found);
  const stay = (attribute: string, reason: string) => {
    const named = nameOf(attribute);
    stays.push({
      ...{ kind: 'object', source: id, where: objectKey, values: 1, reason },
      ...(named !== undefined && { attribute: named }),
    });
  };
  if (!found || type === undefined) {
    for (const attribute of Object.keys(sent)) stay(attribute, 'the object is gone, so nothing can be set back');
    return { stays };
  }
  const kinds = await kindsOf(type);
  const now = comparableValues(found, kinds);
  const before = comparableValues({ id, attributes }, kinds);
  const toSetBack: OverwrittenAttribute[] = [];
  for (const [attribute, digest] of Object.entries(sent)) {
    const [there, then] = [now.get(attribute) ?? [], before.get(attribute) ?? []];
    const isGone = !kinds.has(attribute);
    if (isGone && recordsOf(attributes).some((entry) => textOf(entry.objectTypeAttributeId) === attribute)) {
      stay(attribute, 'the attribute is gone, so nothing can be set back');
    }
    if (isGone || valuesDigest(there) === valuesDigest(then)) continue;
    if (valuesDigest(there) !== digest) {
      stay(attribute, 'somebody has changed it since the restore');
      continue;
    }
    if (then.some((text) => shownIn(text) !== undefined)) {
      stay(attribute, 'the site has not said what identifies a value that stood there, so it cannot be set back');
      continue;
    }
    const against = await proof.reasonAgainst({ id, attribute, name: nameOf(attribute), digest, kinds });
    if (against !== undefined) {
      stay(attribute, against);
      continue;
    }
    const refersTo = referred(there, kinds.get(attribute)).filter((to) => isMade(to) && !then.includes(to));
    const rest = there.filter((value) => !refersTo.includes(value));
    toSetBack.push({
      ...{ id: attribute, name: nameOf(attribute) ?? attribute, refersTo },
      ...{ now: digest, before: valuesDigest(then), goesByItself: valuesDigest(rest) === valuesDigest(then) },
    });
  }
  if (toSetBack.length === 0) return { stays };
  const goes = new Set(toSetBack.flatMap(({ id: of, refersTo }) => refersTo.map((to) => `${of} ${to}`)));
  const stillRefersTo = [...now].flatMap(([of, texts]) =>
    referred(texts, kinds.get(of)).filter((to) => isMade(to) && !goes.has(`${of} ${to}`)),
  );
  return { overwritten: { id, type, key: objectKey, attributes: toSetBack, stillRefersTo }, stays, found };
}

const referred = (texts: readonly string[], of: AttributeKind | undefined): readonly string[] =>
  of?.type === kind.reference ? [...new Set(texts)] : [];

/** What stood in an attribute before, as the API takes it: objects by key, and by id where a site wants that. */
export function valuesBefore({ attributes }: BeforeImage, attribute: string, kinds: Kinds): SentValues {
  const attributeId = attribute as AttributeId;
  const entry = attributes.find(({ objectTypeAttributeId }) => textOf(objectTypeAttributeId) === attribute);
  const of = kinds.get(attribute);
  if (!entry || !of) return { attributeId, values: [] };
  const read = recordsOf(entry.objectAttributeValues).flatMap((value) => readValue(value, of) ?? []);
  const values = read.flatMap(({ id }) => id ?? []);
  if (of.type !== kind.reference) return { attributeId, values };
  const keys = read.flatMap(({ id, key }) => (id === undefined ? [] : [key ?? id]));
  return { attributeId, values: keys, alternatives: { of: 'object', values } };
}
