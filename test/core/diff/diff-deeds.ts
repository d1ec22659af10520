import { createAttribute, deleteAttribute } from '../../../simulator/site/attribute-writes.ts';
import type { StoredObject } from '../../../simulator/site/records.ts';
import { Refusal } from '../../../simulator/site/refusal.ts';
import { deleteSchema } from '../../../simulator/site/schema-writes.ts';
import type { SimulatedSite } from '../../../simulator/site/simulated-site.ts';

/** What people do to a site beside what nights are tested with: a number is taken modulo how many things there are. */
export interface DiffDeed {
  readonly kind: DiffDeedKind;
  readonly which: number;
  readonly other: number;
}

interface Doing {
  readonly site: SimulatedSite;
  readonly deed: DiffDeed;
  /** In a name that nothing else has. */
  readonly number: number;
}

const deeds = {
  'add an attribute'({ site, deed, number }: Doing) {
    const type = pick([...site.types.values()], deed.which);
    if (type) createAttribute(site, type, { ...noAttributeFields, name: `Added ${number}`, kind: 'text' });
  },

  'add an attribute and fill it'({ site, deed, number }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    if (!object) return;
    const name = `Filled ${number}`;
    createAttribute(site, site.type(object.typeId), { ...noAttributeFields, name, kind: 'text' });
    site.updateObject(object, { [name]: ['full'] });
  },

  'delete an attribute'({ site, deed }: Doing) {
    const own = [...site.attributes.values()].filter(({ role, label }) => !role && !label);
    const attribute = pick(own, deed.which);
    if (attribute) deleteAttribute(site, attribute);
  },

  'empty a value'({ site, deed }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    const filled = object && fieldsOf(site, object).filter(({ id }) => (object.values.get(id)?.length ?? 0) > 0);
    const field = filled && pick(filled, deed.other);
    if (object && field) site.updateObject(object, { [field.name]: [] });
  },

  /** Some of what it had, some of it twice as often, in another order. */
  'turn many values'({ site, deed }: Doing) {
    const object = pick(objectsOf(site), deed.which);
    const many = object && fieldsOf(site, object).filter(({ id }) => (object.values.get(id)?.length ?? 0) > 1);
    const field = many && pick(many, deed.other);
    const texts = (object && field && object.values.get(field.id)) ?? [];
    if (object && field)
      site.updateObject(object, { [field.name]: deed.other % 2 ? texts.toReversed() : texts.slice(1) });
  },

  'add a status'({ site, deed, number }: Doing) {
    const schema = deed.other % 2 ? pick([...site.schemas.values()], deed.which) : undefined;
    site.addStatusType({ name: `Status ${number}`, ...(schema && { schema }) });
    site.configurationChanged();
  },

  'rename a status'({ site, deed, number }: Doing) {
    const status = pick([...site.statusTypes.values()], deed.which);
    if (status) status.name = `Status ${number}`;
    site.configurationChanged();
  },

  'colour a reference type'({ site, deed }: Doing) {
    const type = pick([...site.referenceTypes.values()], deed.which);
    if (type) type.color = (100_000 + (deed.other % 800_000)).toString();
    site.configurationChanged();
  },

  'add a reference type'({ site, number }: Doing) {
    site.addReferenceType({ name: `Reference type ${number}` });
    site.configurationChanged();
  },

  'add an icon'({ site, number }: Doing) {
    site.addIcon(`Icon ${number}`);
  },

  'add a schema'({ site, number }: Doing) {
    const schema = site.addSchema({ key: `NEW${number}` });
    site.createObject({ type: site.addType({ schema, name: 'First type' }), name: 'First object' });
  },

  'delete a schema'({ site, deed }: Doing) {
    const schema = site.schemas.size > 1 ? pick([...site.schemas.values()], deed.which) : undefined;
    if (schema) deleteSchema(site, schema);
  },
} satisfies Record<string, (doing: Doing) => void>;

export type DiffDeedKind = keyof typeof deeds;
export const diffDeedKinds = Object.keys(deeds) as DiffDeedKind[];

/** What the site's rules refuse is not done. */
export function doDiffDeed(doing: Doing): void {
  try {
    deeds[doing.deed.kind](doing);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

const noAttributeFields = {
  ...{ displayName: undefined, description: undefined, label: undefined, hidden: undefined, unique: undefined },
  ...{ summable: undefined, minimumCardinality: undefined, maximumCardinality: undefined, suffix: undefined },
  ...{ regexValidation: undefined, qlQuery: undefined, options: undefined, includeChildObjectTypes: undefined },
  ...{ typeValue: undefined, additionalValue: undefined, typeValueMulti: undefined },
};

const objectsOf = (site: SimulatedSite): StoredObject[] => [...site.objects.all()];

const fieldsOf = (site: SimulatedSite, object: StoredObject) =>
  site.typeAttributes(object.typeId).filter(({ role, label }) => !role && !label);

function pick<T>(things: readonly T[], number: number): T | undefined {
  return things[number % Math.max(1, things.length)];
}
