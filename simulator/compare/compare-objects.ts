import type { Kind } from '../site/kinds.ts';
import type { Attribute, StoredObject } from '../site/records.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { attributePath, type Pairing, typePath } from './pairing.ts';

export interface ObjectOptions {
  /** Objects that the target schemas had before and that nothing corresponds to. */
  existingBefore: ReadonlySet<number>;
  /** Account ids that differ between the sites. */
  users: ReadonlyMap<string, string>;
  /** References to objects of schemas that are not compared: an error, left out, or to the object of the same id. */
  referencesOutside: 'refused' | 'dropped' | 'kept';
  /** Kinds whose values are not compared. */
  ignoredKinds: ReadonlySet<Kind>;
}

/** That the told objects correspond one to one, and hold the same. */
export function compareObjects(pairing: Pairing, options: ObjectOptions): string[] {
  const { source, target, objects, schemas } = pairing;
  const differences: string[] = [];
  const images = new Map<number, number>();
  for (const [sourceId, targetId] of objects) {
    if (!source.objects.get(sourceId)) differences.push(`object ${sourceId} is mapped, but not in the source`);
    const other = images.get(targetId);
    if (other !== undefined) differences.push(`objects ${other} and ${sourceId} are both mapped to ${targetId}`);
    images.set(targetId, sourceId);
  }
  for (const object of objectsOf(source, new Set(schemas.map((pair) => pair.source.id)))) {
    const targetId = objects.get(object.id);
    const image = targetId === undefined ? undefined : target.objects.get(targetId);
    if (image) differences.push(...compareObject(pairing, object, image, options));
    else differences.push(`object ${named(source, object)} is missing`);
  }
  for (const object of objectsOf(target, new Set(schemas.map((pair) => pair.target.id)))) {
    if (!images.has(object.id) && !options.existingBefore.has(object.id))
      differences.push(`object ${named(target, object)} is too many`);
  }
  return differences;
}

function compareObject(pairing: Pairing, object: StoredObject, image: StoredObject, options: ObjectOptions): string[] {
  const { source, target, types, attributes } = pairing;
  const what = `object ${named(source, object)}`;
  if (types.get(object.typeId) !== image.typeId) {
    return [`${what}: type is ${typePath(target, target.type(image.typeId))}`];
  }
  const differences: string[] = [];
  for (const attribute of source.typeAttributes(object.typeId)) {
    const counterpart = target.attributes.get(attributes.get(attribute.id) ?? 0);
    if (options.ignoredKinds.has(attribute.kind)) continue;
    const wanted = translatedValues(pairing, attribute, object, options);
    const found = counterpart ? shownValues(target, counterpart, image) : [];
    if (JSON.stringify(wanted) !== JSON.stringify(found)) {
      const path = attributePath(source, attribute);
      differences.push(`${what}: ${path} holds ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
    }
  }
  return differences;
}

/** The values as the target should hold them. */
function translatedValues(
  pairing: Pairing,
  attribute: Attribute,
  object: StoredObject,
  options: ObjectOptions,
): string[] {
  const { source, objects, statusTypes, schemaIds } = pairing;
  const translate: Partial<Record<Kind, (text: string) => string | undefined>> = {
    status: (text) => String(statusTypes.get(Number(text)) ?? `lost ${text}`),
    user: (text) => options.users.get(text) ?? text,
    reference: (text) => {
      const image = objects.get(Number(text));
      if (image !== undefined) return String(image);
      const isOutside = !schemaIds.has(source.type(source.object(text).typeId).schemaId);
      if (!isOutside || options.referencesOutside === 'refused') return `lost ${text}`;
      return options.referencesOutside === 'kept' ? text : undefined;
    },
  };
  const texts = shownValues(source, attribute, object);
  return texts.map(translate[attribute.kind] ?? ((text) => text)).filter((text) => text !== undefined);
}

/** The values that answers show: an empty text is none, and what points to something that is gone is left out. */
function shownValues(site: SimulatedSite, attribute: Attribute, object: StoredObject): string[] {
  const exists: Partial<Record<Kind, (text: string) => boolean>> = {
    reference: (text) => site.objects.get(Number(text)) !== undefined,
    status: (text) => site.statusTypes.has(Number(text)),
    user: (text) => site.users.has(text),
    project: (text) => site.projects.has(text),
  };
  // As a write stores them.
  const spelt: Partial<Record<Kind, (text: string) => string>> = {
    integer: (text) => String(Number(text)),
    boolean: (text) => text.toLowerCase(),
    datetime: (text) => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString()),
  };
  return (object.values.get(attribute.id) ?? [])
    .filter((text) => text !== '' && (exists[attribute.kind]?.(text) ?? true))
    .map(spelt[attribute.kind] ?? ((text) => text));
}

function* objectsOf(site: SimulatedSite, schemaIds: ReadonlySet<number>): Generator<StoredObject> {
  for (const object of site.objects.all()) if (schemaIds.has(site.type(object.typeId).schemaId)) yield object;
}

function named(site: SimulatedSite, object: StoredObject): string {
  return `${site.objectKey(object)} ${JSON.stringify(site.label(object))}`;
}
