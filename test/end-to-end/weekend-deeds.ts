import { updateAttribute } from '../../simulator/site/attribute-writes.ts';
import type { Attribute, ObjectType, StoredObject } from '../../simulator/site/records.ts';
import { Refusal } from '../../simulator/site/refusal.ts';
import { updateSchema } from '../../simulator/site/schema-writes.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { updateType } from '../../simulator/site/type-writes.ts';
import { snapshotOf, type WeekendModel } from './weekend-model.ts';

/** What a person does at a site, to which of the things that are there: the number is taken modulo how many they are. */
export interface Deed {
  readonly kind: DeedKind;
  readonly which: number;
  readonly other: number;
}

interface Doing {
  readonly site: SimulatedSite;
  readonly model: WeekendModel;
  readonly deed: Deed;
  /** In a name that nothing else has. */
  readonly number: number;
}

const deeds = {
  delete({ site, deed }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    if (object) site.deleteObject(object);
  },

  /** A text of an object, or where it leads to. */
  edit(doing: Doing) {
    const { site, deed, number } = doing;
    const object = pick(objectsOf(site), deed.which);
    const fields = object ? site.typeAttributes(object.typeId).filter((field) => !field.role && !field.label) : [];
    const texts = fields.filter(({ kind }) => kind === 'text' || kind === 'textarea');
    const references = fields.filter(({ kind }) => kind === 'reference');
    const field = pick(deed.other % 2 === 0 ? texts : references, deed.other >> 1);
    if (!object || !field) return;
    if (field.kind !== 'reference') return set(doing, object, field, [`edited ${number}`]);
    const target = site.type(field.targetTypeId ?? 0);
    const to = pick(site.objects.idsOfType(target.id), deed.other >> 3);
    set(doing, object, field, to === undefined ? [] : [String(to)]);
  },

  'rename an object'(doing: Doing) {
    const { site, deed, number } = doing;
    const object = pick(objectsOf(site), deed.which);
    const label = object && site.labelAttribute(object.typeId);
    if (object && label) set(doing, object, label, [`Renamed ${number}`]);
  },

  add({ site, deed, number }: Doing) {
    const type = pick(typesOf(site), deed.which);
    if (type) site.createObject({ type, name: `Added ${number}` });
  },

  /** To another type of its schema. */
  move({ site, deed }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    const from = object && site.type(object.typeId);
    const types = typesOf(site).filter((type) => type !== from && type.schemaId === from?.schemaId);
    const to = pick(types, deed.other);
    if (object && to) site.moveObject(object, to);
  },

  /** One member of a reference. */
  unlink(doing: Doing) {
    const { site, deed } = doing;
    const links = [...snapshotOf(site)].flatMap(([id, { values }]) =>
      [...values].flatMap(([attribute, members]) =>
        site.attribute(attribute).kind === 'reference'
          ? members.map((member) => ({ id, attribute, members, member }))
          : [],
      ),
    );
    const link = pick(links, deed.which);
    if (!link) return;
    const left = link.members.filter((member) => member !== link.member);
    set(doing, site.object(link.id), site.attribute(link.attribute), left);
  },

  'rename a type'({ site, deed, number }: Doing) {
    const type = pick([...site.types.values()], deed.which);
    const nothing = { displayName: undefined, description: undefined, iconId: undefined };
    if (type) updateType(site, type, { name: `Type ${number}`, ...nothing, inherited: undefined, abstract: undefined });
  },

  'rename a schema'({ site, deed, number }: Doing) {
    const schema = pick([...site.schemas.values()], deed.which);
    const nothing = { displayName: undefined, description: undefined };
    if (schema) updateSchema(site, schema, { name: `Schema ${number}`, key: undefined, ...nothing });
  },

  'give a schema another key'({ site, deed, number }: Doing) {
    const schema = pick([...site.schemas.values()], deed.which);
    const nothing = { name: undefined, displayName: undefined, description: undefined };
    if (schema) updateSchema(site, schema, { key: `KEY${number}`, ...nothing });
  },

  /** Not an automatic one: filters call those by name. */
  'rename an attribute'({ site, deed, number }: Doing) {
    const attribute = pick(
      [...site.attributes.values()].filter(({ role }) => !role),
      deed.which,
    );
    if (attribute) updateAttribute(site, attribute, { name: `Attribute ${number}` });
  },
} satisfies Record<string, (doing: Doing) => void>;

export type DeedKind = keyof typeof deeds;

/** What the site's rules refuse is not done. */
export function doDeed(doing: Doing): void {
  try {
    deeds[doing.deed.kind](doing);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function set({ site, model }: Doing, object: StoredObject, field: Attribute, values: readonly string[]): void {
  const before = snapshotOf(site).get(object.id)?.values.get(field.id) ?? [];
  site.updateObject(object, { [field.name]: values });
  if (field.kind !== 'reference') return;
  for (const member of before) if (!values.includes(member)) model.takeAway(object.id, field.id, Number(member));
}

const objectsOf = (site: SimulatedSite): StoredObject[] => [...site.objects.all()];

const typesOf = (site: SimulatedSite): ObjectType[] => [...site.types.values()].filter((type) => !type.abstract);

function pick<T>(things: readonly T[], number: number): T | undefined {
  return things[number % Math.max(1, things.length)];
}
