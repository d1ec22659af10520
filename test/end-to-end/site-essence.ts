import { typePath } from '../../simulator/compare/pairing.ts';
import type { Attribute, ObjectType, StoredObject } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';

/**
 * All that a site holds as sorted lines without ids, keys and times, so that two sites are equal when their lines are. What is
 * there twice are two lines. An object is named by its label, which should be its own.
 *
 * @param kept ids of objects that are to stay the very same: they stand in their lines
 */
export function essenceOf(site: SimulatedSite, kept: ReadonlySet<number> = new Set()): string[] {
  const scope = (id: number | undefined) => (id === undefined ? undefined : site.schemas.get(id)?.key);
  const lines = [
    ...[...site.schemas.values()].map((schema) => ['schema', without(schema)]),
    ...[...site.statusTypes.values()].map((status) => ['status', scope(status.schemaId), without(status)]),
    ...[...site.referenceTypes.values()].map((type) => ['reference type', scope(type.schemaId), without(type)]),
    ...[...site.types.values()].map((type) => typeLine(site, type)),
    ...[...site.attributes.values()].map((attribute) => attributeLine(site, attribute)),
    ...[...site.objects.all()].map((object) => objectLine(site, object, kept.has(object.id))),
  ];
  return lines.map((line) => JSON.stringify(line)).sort();
}

const ownNumbers: ReadonlySet<string> = new Set([
  'id',
  'schemaId',
  'typeId',
  'parentId',
  'iconId',
  'position',
  'createdMs',
  'updatedMs',
]);

function without(thing: object): object {
  return Object.fromEntries(Object.entries(thing).filter(([name]) => !ownNumbers.has(name)));
}

function typeLine(site: SimulatedSite, type: ObjectType) {
  const place = site.childTypes(type.schemaId, type.parentId).indexOf(type);
  const image = site.iconImages.get(type.iconId)?.toString('base64');
  return ['type', typePath(site, type), place, site.icons.get(type.iconId)?.name, image, without(type)];
}

function attributeLine(site: SimulatedSite, attribute: Attribute) {
  const owner = site.type(attribute.typeId);
  const own = site.typeAttributes(owner.id).filter(({ typeId }) => typeId === owner.id);
  const target = site.types.get(attribute.targetTypeId ?? 0);
  const { typeValueMulti, kind } = attribute;
  const fields = {
    ...without(attribute),
    targetTypeId: target && typePath(site, target),
    referenceTypeId: site.referenceTypes.get(attribute.referenceTypeId ?? 0)?.name,
    typeValueMulti: typeValueMulti
      .map((id) => (kind === 'status' ? site.statusTypes.get(Number(id))?.name : id))
      .sort(),
    qlQuery: attribute.qlQuery?.replaceAll(/\d+/g, '#'),
  };
  return ['attribute', typePath(site, owner), own.indexOf(attribute), fields];
}

function objectLine(site: SimulatedSite, object: StoredObject, isKept: boolean) {
  const values = site.typeAttributes(object.typeId).flatMap((attribute) => {
    const texts = shownValues(site, attribute, object);
    return texts.length > 0 ? [[attribute.name, ...texts]] : [];
  });
  const comments = site.commentsOf(object.id).map(({ role, text }) => [role, text]);
  return ['object', typePath(site, site.type(object.typeId)), isKept && object.id, ...values, comments.sort()];
}

/** As answers show them: what points to something that is gone is none. */
export function shownValues(site: SimulatedSite, attribute: Attribute, object: StoredObject): string[] {
  const texts = object.values.get(attribute.id) ?? [];
  if (attribute.kind === 'status') return texts.flatMap((id) => site.statusTypes.get(Number(id))?.name ?? []);
  if (attribute.kind !== 'reference') return [...texts];
  return texts.flatMap((id) => {
    const target = site.objects.get(Number(id));
    return target ? [`→ ${site.label(target)}`] : [];
  });
}
