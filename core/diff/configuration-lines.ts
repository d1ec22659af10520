import { idOf } from '../model/ids.ts';
import { type JsonRecord, textOf } from '../model/json.ts';
import { fullPath } from '../reading/named-type.ts';
import { inOrder } from '../reading/stored-configuration.ts';
import type { Chosen } from './chosen.ts';
import type { ConfigurationLine } from './diff-lines.ts';
import type { NotCompared } from './not-compared.ts';
import { type FieldChange, otherFields } from './other-fields.ts';
import { putElsewhere } from './put-elsewhere.ts';
import { type Side, type SideAttribute, type SideSchema, type SideType, typesOf } from './side.ts';

type Kind = ConfigurationLine['kind'];

/** The two sides' things of one kind, by id. */
interface Things<Thing> {
  readonly kind: Kind;
  readonly left: ReadonlyMap<string, Thing>;
  readonly right: ReadonlyMap<string, Thing>;
  schema(thing: Thing): string | null;
  name(thing: Thing): string;
  fields(left: Thing, right: Thing): FieldChange[];
  /** Why what a side lacks may be there all the same. */
  absence(side: Side, thing: Thing): string | undefined;
  isChosen(id: string, thing: Thing): boolean;
}

/** What of the configuration is other, schemas first. What goes or comes with its schema, or with its type, is told of that. */
export function configurationLines(
  left: Side,
  right: Side,
  chosen: Chosen,
  notCompared: NotCompared,
): ConfigurationLine[] {
  return new ConfigurationComparison(left, right, chosen, notCompared).lines();
}

class ConfigurationComparison {
  readonly #left: Side;
  readonly #right: Side;
  readonly #chosen: Chosen;
  readonly #notCompared: NotCompared;
  readonly #lines: ConfigurationLine[] = [];
  /** Types that stand where other ones were among their siblings, and attributes among those of their type. */
  readonly #elsewhere = new Set<string>();

  constructor(left: Side, right: Side, chosen: Chosen, notCompared: NotCompared) {
    this.#left = left;
    this.#right = right;
    this.#chosen = chosen;
    this.#notCompared = notCompared;
  }

  lines(): ConfigurationLine[] {
    if (this.#chosen.object) return [];
    const isWhole = this.#chosen.type === undefined && this.#chosen.attributes === undefined;
    if (isWhole) this.#compareSchemas();
    if (!this.#chosen.attributes) this.#compareTypes();
    this.#compareAttributes();
    if (isWhole) this.#compareNamed();
    if (isWhole && !this.#chosen.schemas) this.#compareIcons();
    return this.#lines;
  }

  #compareSchemas(): void {
    const byId = ({ schemas }: Side) => new Map(schemas.map((schema) => [schema.id, schema]));
    this.#compare<SideSchema>({
      kind: 'schema',
      left: byId(this.#left),
      right: byId(this.#right),
      schema: ({ key }) => key,
      name: ({ name }) => name,
      fields: (before, after) => [
        ...(before.record && after.record ? otherFields(before.record, after.record) : []),
        ...(before.properties && after.properties ? otherFields(before.properties, after.properties) : []),
      ],
      absence: ({ absences }, schema) => absences.ofSchema(schema),
      isChosen: (id) => this.#isChosenSchema(id),
    });
  }

  #compareTypes(): void {
    const [left, right] = [this.#left, this.#right].map((side) => byIdOf(typesOf(side)));
    if (!left || !right) return;
    this.#noteOrder(left, right);
    this.#compare<SideType>({
      kind: 'object-type',
      left,
      right,
      schema: ({ schema }) => schema.key,
      name: ({ path }) => path,
      fields: (before, after) => [
        ...(before.record && after.record ? otherFields(before.record, after.record) : []),
        ...this.#placeAmong(`type ${before.id}`, before.record, after.record),
      ],
      absence: (side, { schema }) => absenceIn(side, schema),
      isChosen: (id, { schema }) =>
        this.#isChosenSchema(schema.id) && (this.#chosen.type === undefined || this.#chosen.type === id),
    });
  }

  /** Of siblings that stand below the same parent on both sides. */
  #noteOrder(left: ReadonlyMap<string, SideType>, right: ReadonlyMap<string, SideType>): void {
    const place = ({ schema, parentId }: SideType) => `${schema.id} ${parentId ?? ''}`;
    const stay = [...right.values()].filter((type) => {
      const before = left.get(type.id);
      return before?.record && type.record && place(before) === place(type);
    });
    for (const siblings of Map.groupBy(stay, place).values()) {
      const order = (types: ReadonlyMap<string, SideType>) =>
        inOrder(siblings.flatMap(({ id }) => types.get(id)?.record ?? [])).map((record) => idOf(record) as string);
      for (const id of putElsewhere(order(left), order(right))) this.#elsewhere.add(`type ${id}`);
    }
  }

  #noteOrderOfAttributes(left: ReadonlyMap<string, OwnAttribute>, right: ReadonlyMap<string, OwnAttribute>): void {
    const stay = [...right.values()].filter(
      ({ attribute, type }) => left.get(attribute.id)?.type.id === type.id && !attribute.isSystem,
    );
    for (const own of Map.groupBy(stay, ({ type }) => type.id).values()) {
      const order = (attributes: ReadonlyMap<string, OwnAttribute>) =>
        inOrder(own.flatMap(({ attribute }) => attributes.get(attribute.id)?.attribute.record ?? [])).map(
          (record) => idOf(record) as string,
        );
      for (const id of putElsewhere(order(left), order(right))) this.#elsewhere.add(`attribute ${id}`);
    }
  }

  #placeAmong(thing: string, before: JsonRecord | undefined, after: JsonRecord | undefined): FieldChange[] {
    if (!this.#elsewhere.has(thing)) return [];
    return [{ field: 'position', before: before?.position ?? null, after: after?.position ?? null }];
  }

  /** An attribute stands with the type that defines it: the uppermost one that has it. */
  #compareAttributes(): void {
    const { attributes: wanted, type } = this.#chosen;
    const [left, right] = [this.#left, this.#right].map(ownAttributes);
    const [leftTypes, rightTypes] = [this.#left, this.#right].map((side) => byIdOf(typesOf(side)));
    if (!left || !right || !leftTypes || !rightTypes) return;
    for (const [side, types, others] of [
      [this.#left, leftTypes, rightTypes],
      [this.#right, rightTypes, leftTypes],
    ] as const) {
      for (const one of types.values()) {
        if (one.attributes || !others.has(one.id) || !this.#isChosenSchema(one.schema.id)) continue;
        if (type !== undefined && type !== one.id) continue;
        this.#notCompared.add(`attributes of ${fullPath(one)}`, `${side.name} does not have its list of them`);
      }
    }
    this.#noteOrderOfAttributes(left, right);
    const hasIt = (id: string) =>
      type === undefined || [leftTypes, rightTypes].some((types) => types.get(type)?.attributes?.has(id) === true);
    this.#compare<OwnAttribute>({
      kind: 'attribute',
      left,
      right,
      schema: ({ type: { schema } }) => schema.key,
      name: ({ type: { path }, attribute: { name } }) => `${path}.${name}`,
      fields: ({ attribute: { id, record } }, { attribute: after }) => [
        ...otherFields(record, after.record),
        ...this.#placeAmong(`attribute ${id}`, record, after.record),
      ],
      absence: (side, { type: { id, schema } }) => {
        const there = (side === this.#left ? leftTypes : rightTypes).get(id);
        return there && !there.attributes ? '' : absenceIn(side, schema);
      },
      isChosen: (id, { type: { id: typeId, schema } }) => {
        const isOfBoth = leftTypes.has(typeId) && rightTypes.has(typeId);
        const isIn = this.#isChosenSchema(schema.id) && hasIt(id);
        return isIn && (wanted ? wanted.has(id) : isOfBoth || (left.has(id) && right.has(id)));
      },
    });
  }

  #compareNamed(): void {
    const { schemas } = this.#right;
    if (!this.#chosen.schemas) {
      this.#compareRecords('status-type', null, this.#left.statusTypes, this.#right.statusTypes);
      this.#compareRecords('reference-type', null, this.#left.referenceTypes, this.#right.referenceTypes);
    }
    for (const after of schemas) {
      const before = this.#left.schemas.find(({ id }) => id === after.id);
      if (!before || !this.#isChosenSchema(after.id)) continue;
      this.#compareRecords('status-type', after, before.statusTypes, after.statusTypes);
      this.#compareRecords('reference-type', after, before.referenceTypes, after.referenceTypes);
    }
  }

  #compareRecords(
    kind: Kind,
    schema: SideSchema | null,
    before: readonly JsonRecord[] | undefined,
    after: readonly JsonRecord[] | undefined,
  ): void {
    if (!before || !after) {
      const side = before ? this.#right : this.#left;
      const what = `${kind === 'status-type' ? 'status types' : 'reference types'} of ${schema?.key ?? 'all schemas'}`;
      if (before || after) this.#notCompared.add(what, `${side.name} does not have them`);
      return;
    }
    const byId = (records: readonly JsonRecord[]) =>
      new Map(records.map((record) => [textOf(record.id) ?? '', record]));
    this.#compare<JsonRecord>({
      kind,
      left: byId(before),
      right: byId(after),
      schema: () => schema?.key ?? null,
      name: (record) => textOf(record.name) ?? '',
      fields: otherFields,
      absence: () => undefined,
      isChosen: () => true,
    });
  }

  #compareIcons(): void {
    const [left, right] = [this.#left.icons, this.#right.icons];
    if (!left || !right) return;
    const byId = (icons: typeof left) => new Map(icons.map((icon) => [icon.id, icon]));
    const has = ({ schemas }: Side, ids: ReadonlySet<string> | undefined) =>
      ids === undefined || schemas.some(({ id }) => ids.has(id));
    this.#compare({
      kind: 'icon',
      left: byId(left),
      right: byId(right),
      schema: () => null,
      name: ({ name }) => name,
      fields: (before, after) => [
        ...otherFields({ name: before.name }, { name: after.name }),
        // Only of icons that some type shows is the image stored.
        ...(before.image && after.image ? otherFields({ image: before.image }, { image: after.image }) : []),
      ],
      // One that no list of the site's has is named by the schemas whose types show it.
      absence: (side, { schemas }) => (has(side, schemas) ? undefined : ''),
      isChosen: () => true,
    });
  }

  /** What an absence gives no words for is not said here: it is said of the type or the schema. */
  #compare<Thing>({ kind, left, right, absence, isChosen, ...of }: Things<Thing>): void {
    const tell = (id: string, thing: Thing, change: ConfigurationLine['change'], fields: readonly FieldChange[]) =>
      this.#lines.push({ kind, change, schema: of.schema(thing), id, name: of.name(thing), fields });
    const lacks = (side: Side, id: string, thing: Thing, change: 'added' | 'removed') => {
      const reason = absence(side, thing);
      if (reason === undefined) tell(id, thing, change, []);
      else if (reason !== '') this.#notCompared.add(this.#called(kind, of.schema(thing), of.name(thing)), reason);
    };
    for (const [id, after] of right) {
      if (!isChosen(id, after)) continue;
      const before = left.get(id);
      if (before === undefined) {
        lacks(this.#left, id, after, 'added');
        continue;
      }
      const fields = of.fields(before, after);
      if (fields.length > 0) tell(id, after, 'changed', fields);
    }
    for (const [id, before] of left) {
      if (!right.has(id) && isChosen(id, before)) lacks(this.#right, id, before, 'removed');
    }
  }

  #called(kind: Kind, schema: string | null, name: string): string {
    if (kind === 'schema') return `schema ${schema}`;
    return `${kind.replace('-', ' ')} ${schema === null ? '' : `${schema}/`}${name}`;
  }

  #isChosenSchema(id: string): boolean {
    return this.#chosen.schemas?.has(id) ?? true;
  }
}

interface OwnAttribute {
  readonly attribute: SideAttribute;
  readonly type: SideType;
}

function ownAttributes(side: Side): Map<string, OwnAttribute> {
  const types = byIdOf(typesOf(side));
  const own = new Map<string, OwnAttribute>();
  for (const type of types.values()) {
    const inherited = type.parentId === undefined ? undefined : types.get(type.parentId)?.attributes;
    for (const attribute of type.attributes?.values() ?? []) {
      // Below a type whose list nobody has, the first one stands for it.
      if (!inherited?.has(attribute.id) && !own.has(attribute.id)) own.set(attribute.id, { attribute, type });
    }
  }
  return own;
}

/** Why something of a schema may be there all the same: of one that the side does not have, that is told of the schema. */
function absenceIn({ schemas, absences }: Side, schema: SideType['schema']): string | undefined {
  if (schemas.some(({ id }) => id === schema.id)) return absences.ofConfiguration(schema);
  return absences.ofSchema(schema) === undefined ? undefined : '';
}

const byIdOf = <T extends { readonly id: string }>(things: readonly T[]) => new Map(things.map((one) => [one.id, one]));
