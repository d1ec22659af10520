import { isDeepStrictEqual } from 'node:util';
import type { DiffLine } from '../../../core/diff/diff-lines.ts';
import type { Kind } from '../../../simulator/site/kinds.ts';
import type { Attribute, ObjectType, StoredObject } from '../../../simulator/site/records.ts';
import type { SimulatedSite } from '../../../simulator/site/simulated-site.ts';

/** What a site was at a moment, by its own memory: nothing here knows the product or the API. */
export interface Snapshot {
  /** By kind and id: what of a thing a person can set. */
  readonly configuration: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly objects: ReadonlyMap<string, SnapshotObject>;
  /** By what they stand in: ids of types below one parent, and of attributes of one type, in their order. */
  readonly orders: ReadonlyMap<string, readonly string[]>;
}

interface SnapshotObject {
  readonly schema: string;
  readonly schemaId: number;
  readonly type: string;
  readonly typeId: number;
  readonly key: string;
  readonly comments: number;
  readonly history: number;
  /** By the attribute's id. */
  readonly values: ReadonlyMap<
    string,
    { readonly name: string; readonly kind: Kind; readonly texts: readonly string[] }
  >;
}

export function snapshotOf(site: SimulatedSite): Snapshot {
  const configuration = new Map<string, Record<string, unknown>>();
  for (const { id, createdMs: _, updatedMs: __, canManage: ___, extra: ____, ...schema } of site.schemas.values())
    configuration.set(`schema ${id}`, structuredClone(schema));
  for (const { id, createdMs: _, updatedMs: __, position: ___, extra: ____, ...type } of site.types.values())
    configuration.set(`object-type ${id}`, structuredClone(type));
  for (const { id, position: _, extra: __, ...attribute } of site.attributes.values()) {
    // A site does not show what is not there any more.
    const targetTypeId = site.types.has(attribute.targetTypeId ?? 0) ? attribute.targetTypeId : undefined;
    const referenceTypeId = site.referenceTypes.has(attribute.referenceTypeId ?? 0)
      ? attribute.referenceTypeId
      : undefined;
    configuration.set(`attribute ${id}`, structuredClone({ ...attribute, targetTypeId, referenceTypeId }));
  }
  for (const { id, ...status } of site.statusTypes.values()) configuration.set(`status-type ${id}`, { ...status });
  for (const { id, ...type } of site.referenceTypes.values()) configuration.set(`reference-type ${id}`, { ...type });
  for (const { id, name } of site.icons.values()) configuration.set(`icon ${id}`, { name });
  const objects = new Map([...site.objects.all()].map((object) => [String(object.id), snapshotOfObject(site, object)]));
  return { configuration, objects, orders: ordersOf(site) };
}

function ordersOf(site: SimulatedSite): Map<string, readonly string[]> {
  const orders = new Map<string, readonly string[]>();
  for (const schema of site.schemas.values()) {
    for (const parent of [undefined, ...site.typesOfSchema(schema.id)]) {
      const types = site.childTypes(schema.id, parent?.id).toSorted((a, b) => a.position - b.position);
      orders.set(
        `types of ${schema.id} below ${parent?.id}`,
        types.map(({ id }) => `object-type ${id}`),
      );
    }
  }
  return orders;
}

/**
 * What is wrong with the lines that say `position`, as sentences: without the things that they name all others have to stand in the
 * same order on both sides, and where the order is the same they name none.
 */
export function orderMistakes(left: Snapshot, right: Snapshot, lines: readonly DiffLine[]): string[] {
  const moved = new Set(
    lines.flatMap((line) =>
      line.kind !== 'object' && line.fields.some(({ field }) => field === 'position')
        ? [`${line.kind} ${line.id}`]
        : [],
    ),
  );
  return [...left.orders].flatMap(([place, before]) => {
    const after = right.orders.get(place) ?? [];
    const stay = (order: readonly string[]) => order.filter((id) => before.includes(id) && after.includes(id));
    const own = stay(after).filter((id) => moved.has(id));
    const rest = (order: readonly string[]) => stay(order).filter((id) => !moved.has(id));
    if (!isDeepStrictEqual(rest(before), rest(after))) return [`${place}: ${before} became ${after}, told are ${own}`];
    const isSame = isDeepStrictEqual(stay(before), stay(after));
    return isSame && own.length > 0 ? [`${place}: the order is the same, and ${own} are told`] : [];
  });
}

function snapshotOfObject(site: SimulatedSite, object: StoredObject): SnapshotObject {
  const type = site.type(object.typeId);
  const schema = site.schema(type.schemaId);
  const values = site
    .typeAttributes(type.id)
    .filter(({ role }) => role === undefined || role === 'name')
    .map((attribute) => {
      const texts = shownTexts(site, attribute, object).toSorted();
      return [String(attribute.id), { name: attribute.name, kind: attribute.kind, texts }] as const;
    });
  return {
    ...{ schema: schema.key, schemaId: schema.id, type: pathOf(site, type), typeId: type.id },
    key: `${schema.key}-${object.id}`,
    comments: site.commentsOf(object.id).length,
    history: site.history(object.id).length,
    values: new Map(values),
  };
}

/** A site does not show what is not there any more. */
function shownTexts(site: SimulatedSite, attribute: Attribute, object: StoredObject): string[] {
  const exists: Partial<Record<Kind, (text: string) => boolean>> = {
    reference: (text) => site.objects.get(Number(text)) !== undefined,
    status: (text) => site.statusTypes.has(Number(text)),
    user: (text) => site.users.has(text),
    project: (text) => site.projects.has(text),
  };
  const texts = object.values.get(attribute.id) ?? [];
  return texts.filter((text) => text !== '' && (exists[attribute.kind]?.(text) ?? true));
}

function pathOf(site: SimulatedSite, type: ObjectType): string {
  const parent = type.parentId === undefined ? undefined : site.types.get(type.parentId);
  return parent ? `${pathOf(site, parent)}/${type.name}` : type.name;
}

/**
 * The differences of two moments, each as what a line has to say of it, sorted.
 * @param options.counts whether it is known how many comments and entries of a history there were
 */
export function expectedDifferences(left: Snapshot, right: Snapshot, { counts = true } = {}): string[] {
  return [...configurationDifferences(left, right), ...objectDifferences(left, right, counts)].toSorted();
}

function configurationDifferences(left: Snapshot, right: Snapshot): string[] {
  const comesWithAnother = (thing: string, own: Readonly<Record<string, unknown>>) => {
    // What comes or goes with its type, or with its schema, is told of that.
    const has = (place: string) => left.configuration.has(place) && right.configuration.has(place);
    if (thing.startsWith('attribute ')) return !has(`object-type ${own.typeId}`);
    const isOfSchema = /^(?:status|reference)-type /.test(thing) && own.schemaId !== undefined;
    return isOfSchema && !has(`schema ${own.schemaId}`);
  };
  return [...new Set([...left.configuration.keys(), ...right.configuration.keys()])].flatMap((thing) => {
    const [before, after] = [left.configuration.get(thing), right.configuration.get(thing)];
    const either = after ?? before;
    if (!either || isDeepStrictEqual(before, after) || comesWithAnother(thing, either)) return [];
    return [`${thing} ${before ? (after ? 'changed' : 'removed') : 'added'}`];
  });
}

function objectDifferences(left: Snapshot, right: Snapshot, counts: boolean): string[] {
  return [...new Set([...left.objects.keys(), ...right.objects.keys()])].flatMap((id) => {
    const [before, after] = [left.objects.get(id), right.objects.get(id)];
    if (before && after) {
      const changes = changesOf(before, after, counts);
      return changes.length > 0 ? [`object ${id} changed: ${changes.toSorted().join(', ')}`] : [];
    }
    return [`object ${id} ${before ? 'removed' : 'added'}`];
  });
}

function changesOf(before: SnapshotObject, after: SnapshotObject, counts: boolean): string[] {
  const changes: string[] = [];
  if (before.schemaId !== after.schemaId) changes.push(`schema from ${before.schema}`);
  if (before.typeId !== after.typeId) changes.push(`type from ${before.type}`);
  if (before.schemaId !== after.schemaId && before.key !== after.key) changes.push(`key from ${before.key}`);
  for (const kind of ['comments', 'history'] as const) {
    if (counts && before[kind] !== after[kind]) changes.push(`${kind} ${before[kind]} → ${after[kind]}`);
  }
  const others = new Map(before.values);
  for (const [id, { name, kind, texts }] of after.values) {
    const isNamesake = ([other, value]: readonly [string, { name: string; kind: Kind }]) =>
      !after.values.has(other) && value.name === name && value.kind === kind;
    const namesake = before.typeId === after.typeId ? undefined : [...others].find(isNamesake)?.[0];
    const there = before.values.has(id) ? id : (namesake ?? id);
    if (!isDeepStrictEqual(others.get(there)?.texts ?? [], texts)) changes.push(`attribute ${id}`);
    others.delete(there);
  }
  for (const [id, { texts }] of others) if (texts.length > 0) changes.push(`attribute ${id}`);
  return changes;
}

/** What lines say, in the same words; without what is told of an order alone. */
export function toldDifferences(lines: readonly DiffLine[]): string[] {
  const isOfOrder = (line: DiffLine) =>
    line.kind !== 'object' && line.change === 'changed' && line.fields.every(({ field }) => field === 'position');
  return lines
    .filter((line) => !isOfOrder(line))
    .map((line) => {
      const what = `${line.kind} ${line.id} ${line.change}`;
      if (line.kind !== 'object' || line.change !== 'changed') return what;
      const counts = (['comments', 'history'] as const).flatMap((kind) => {
        const { before, after } = line[kind] ?? {};
        return line[kind] ? [`${kind} ${before} → ${after}`] : [];
      });
      const changes = [
        ...Object.entries(line.from ?? {}).map(([field, value]) => `${field} from ${value}`),
        ...counts,
        ...line.attributes.map(({ id }) => `attribute ${id}`),
      ];
      return `${what}: ${changes.toSorted().join(', ')}`;
    })
    .toSorted();
}
