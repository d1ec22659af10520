import { updateAttribute } from '../../simulator/site/attribute-writes.ts';
import type { Attribute, ObjectType, Schema, StoredObject } from '../../simulator/site/records.ts';
import { Refusal } from '../../simulator/site/refusal.ts';
import { updateSchema } from '../../simulator/site/schema-writes.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { deleteType, positionType, updateType } from '../../simulator/site/type-writes.ts';

/** What people do between two nights, to which of the things that are there: a number is taken modulo how many they are. */
export interface NightDeed {
  readonly kind: NightDeedKind;
  readonly which: number;
  readonly other: number;
}

interface Doing {
  readonly site: SimulatedSite;
  readonly deed: NightDeed;
  /** In a name that nothing else has. */
  readonly number: number;
}

const deeds = {
  add({ site, deed, number }: Doing) {
    const type = pick(typesOf(site), deed.which);
    const object = type && site.createObject({ type, name: `Added ${number}` });
    if (object && deed.other % 3 === 0) site.comment({ object, text: `first of ${number}` });
  },

  delete({ site, deed }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    if (object) site.deleteObject(object);
  },

  edit({ site, deed, number }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    const field = object && pick(textsOf(site, object), deed.other);
    if (object && field) site.updateObject(object, { [field.name]: [`edited ${number}`] });
  },

  /** Always the same few objects have one of two texts, in turns: A → B → A from night to night. */
  'turn a value'({ site, deed }: Doing) {
    const object = pick(objectsOf(site), deed.which % 3);
    const field = object && textsOf(site, object)[0];
    if (!object || !field) return;
    const isA = object.values.get(field.id)?.[0] === 'A';
    site.updateObject(object, { [field.name]: [isA ? 'B' : 'A'] });
  },

  /** A → B → A between two nights: only the history and the time of the last change tell. */
  'change a value and back'({ site, deed, number }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    const field = object && pick(textsOf(site, object), deed.other);
    if (!object || !field) return;
    const before = object.values.get(field.id) ?? [];
    site.updateObject(object, { [field.name]: [`for a while ${number}`] });
    site.updateObject(object, { [field.name]: [...before] });
  },

  'rename an object'({ site, deed, number }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    const label = object && site.labelAttribute(object.typeId);
    if (object && label) site.updateObject(object, { [label.name]: [`Renamed ${number}`] });
  },

  /** Where a reference leads to. */
  relink({ site, deed }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    const fields = object ? site.typeAttributes(object.typeId).filter(({ kind }) => kind === 'reference') : [];
    const field = pick(fields, deed.other);
    if (!object || !field) return;
    const to = pick(site.objects.idsOfType(field.targetTypeId ?? 0), deed.other >> 3);
    site.updateObject(object, { [field.name]: to === undefined ? [] : [String(to)] });
  },

  comment({ site, deed, number }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    if (object) site.comment({ object, text: `said ${number}`, role: deed.other % 4 });
  },

  'edit a comment'({ site, deed, number }: Doing) {
    const said = pick(commentsOf(site), deed.which);
    if (said) site.editComment(said.object, said.comment, `meant ${number}`);
  },

  'delete a comment'({ site, deed }: Doing) {
    const said = pick(commentsOf(site), deed.which);
    if (said) site.deleteComment(said.object, said.comment);
  },

  'delete all comments of an object'({ site, deed }: Doing) {
    const object = pick(commentsOf(site), deed.which)?.object;
    for (const comment of object ? site.commentsOf(object.id) : []) if (object) site.deleteComment(object, comment);
  },

  'attach a file'({ site, deed, number }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    if (object) site.attachFile(object, `plan ${number}.pdf`);
  },

  /** To another type of its schema. */
  move({ site, deed }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    const from = object && site.type(object.typeId);
    const to = pick(
      typesOf(site).filter((type) => type !== from && type.schemaId === from?.schemaId),
      deed.other,
    );
    if (object && to) site.moveObject(object, to);
  },

  /** To a type of any schema. */
  'move far'({ site, deed }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    const to = pick(typesOf(site), deed.other);
    if (object && to && to.id !== object.typeId) site.moveObject(object, to);
  },

  'rename a type'({ site, deed, number }: Doing) {
    const type = pick([...site.types.values()], deed.which);
    if (type) updateType(site, type, { ...noTypeFields, name: `Type ${number}` });
  },

  /** Below another type, or to the top. */
  'move a type'({ site, deed }: Doing) {
    const type = pick([...site.types.values()], deed.which);
    const parents = site.typesOfSchema(type?.schemaId ?? 0).filter((parent) => parent !== type);
    if (type) positionType(site, type, 0, deed.other % 2 === 0 ? undefined : pick(parents, deed.other >> 1)?.id);
  },

  'add a type'({ site, deed, number }: Doing) {
    const schema = pick(schemasOf(site), deed.which);
    if (schema) site.createObject({ type: site.addType({ schema, name: `Added type ${number}` }), name: 'Its first' });
  },

  /** With all that is in it. */
  'delete a type'({ site, deed }: Doing) {
    const leaves = [...site.types.values()].filter(({ schemaId, id }) => site.childTypes(schemaId, id).length === 0);
    const type = leaves.length > 2 && pick(leaves, deed.which);
    const isPointedAt = type && [...site.attributes.values()].some(({ targetTypeId }) => targetTypeId === type.id);
    if (type && !isPointedAt) deleteType(site, type);
  },

  'rename a schema'({ site, deed, number }: Doing) {
    const schema = pick(schemasOf(site), deed.which);
    if (schema) updateSchema(site, schema, { ...noSchemaFields, name: `Schema ${number}` });
  },

  'give a schema another key'({ site, deed, number }: Doing) {
    const schema = pick(schemasOf(site), deed.which);
    if (schema) updateSchema(site, schema, { ...noSchemaFields, key: `KEY${number}` });
  },

  /** So that the folder of one is that of the other in the next night. */
  'give two schemas the key of each other'({ site, deed }: Doing) {
    const schemas = schemasOf(site);
    const [one, two] = [pick(schemas, deed.which), pick(schemas, deed.which + 1)];
    if (!one || !two || one === two) return;
    const keys = [one.key, two.key];
    for (const [schema, key] of [
      [one, 'BETWEEN'],
      [two, keys[0]],
      [one, keys[1]],
    ] as const)
      updateSchema(site, schema, { ...noSchemaFields, key });
  },

  /** Not an automatic one: filters call those by name. */
  'rename an attribute'({ site, deed, number }: Doing) {
    const own = [...site.attributes.values()].filter(({ role }) => !role);
    const attribute = pick(own, deed.which);
    if (attribute) updateAttribute(site, attribute, { name: `Attribute ${number}` });
  },
} satisfies Record<string, (doing: Doing) => void>;

export type NightDeedKind = keyof typeof deeds;

export const nightDeedKinds = Object.keys(deeds) as NightDeedKind[];

/** What the site's rules refuse is not done. */
export function doNightDeed(doing: Doing): void {
  try {
    deeds[doing.deed.kind](doing);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

const noTypeFields = {
  ...{ name: undefined, displayName: undefined, description: undefined, iconId: undefined },
  ...{ inherited: undefined, abstract: undefined },
};
const noSchemaFields = { name: undefined, key: undefined, displayName: undefined, description: undefined };

const objectsOf = (site: SimulatedSite): StoredObject[] => [...site.objects.all()];

const typesOf = (site: SimulatedSite): ObjectType[] => [...site.types.values()].filter((type) => !type.abstract);

const schemasOf = (site: SimulatedSite): Schema[] => [...site.schemas.values()];

function textsOf(site: SimulatedSite, object: StoredObject): Attribute[] {
  return site
    .typeAttributes(object.typeId)
    .filter(({ kind, role, label }) => !role && !label && (kind === 'text' || kind === 'textarea'));
}

function commentsOf(site: SimulatedSite) {
  return objectsOf(site).flatMap((object) => site.commentsOf(object.id).map((comment) => ({ object, comment })));
}

function pick<T>(things: readonly T[], number: number): T | undefined {
  return things[number % Math.max(1, things.length)];
}
