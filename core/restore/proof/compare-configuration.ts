import { idOf } from '../../model/ids.ts';
import { type ApiRecord, isRecord, type Json, type JsonRecord, textOf } from '../../model/json.ts';
import type { Difference, ItemKind, Loss } from '../../model/restore.ts';
import { kind, kindOfAttribute } from '../../reading/attribute-kinds.ts';
import type { LiveConfiguration, LiveSchema } from '../../reading/live-configuration.ts';
import { inOrder, type StoredConfiguration } from '../../reading/stored-configuration.ts';
import { referenceOf } from '../configuration/attribute-fields.ts';
import { namedId } from '../configuration/plan-named.ts';
import { attributesInOrder, standIn } from '../configuration/put-in-order.ts';
import { unwritableProperties, unwritableReason } from '../configuration/schema-properties.ts';
import { finalOptions, type OnTarget, restrictionsOnTarget } from '../configuration/wanted-attribute.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import type { ConfigurationPlan, Planned, PlannedAttribute, PlannedType } from '../plan-files.ts';

interface Comparison {
  readonly plan: ConfigurationPlan;
  readonly map: ConfigurationMap;
  readonly source: StoredConfiguration;
  readonly target: LiveConfiguration;
  readonly onTarget: OnTarget;
  readonly setsRestrictions: boolean;
  /** What is announced to be otherwise: kind and source id, and of display names that they are. */
  readonly announced: ReadonlySet<string>;
  readonly lose: (loss: Loss) => void;
}

/** Compares everything of the configuration that this restore has made with what the plan says. What was there is not its matter. */
export function compareConfiguration(comparison: Comparison): Difference[] {
  return new ConfigurationComparison(comparison).run();
}

export const announcedName = (itemKind: ItemKind, source: string, field?: 'displayName') =>
  [itemKind, source, ...(field ? [field] : [])].join(' ');

class ConfigurationComparison {
  readonly #comparison: Comparison;
  readonly #differences: Difference[] = [];

  constructor(comparison: Comparison) {
    this.#comparison = comparison;
  }

  run(): Difference[] {
    this.#compareSchemas();
    this.#compareNamed();
    this.#compareTypes();
    this.#compareOrder();
    this.#compareAttributes();
    this.#tellDisplayNames();
    return this.#differences;
  }

  #compareSchemas(): void {
    const { plan, map, source, target, lose } = this.#comparison;
    for (const planned of plan.schemas.filter(({ finish }) => finish)) {
      const there = target.existing.get(map.schemas[planned.source] ?? '');
      if (!this.#isThere('schema', planned, there)) continue;
      const { name, key, displayName, description, properties } = planned;
      this.#same('schema', planned, idOf(there.record), there.record, {
        name,
        objectSchemaKey: key,
        displayName,
        description,
      });
      if (there.properties) this.#same('schema', planned, idOf(there.record), there.properties, properties);
      const before = source.schemas.find(({ id }) => id === planned.source)?.properties;
      for (const property of unwritableProperties) {
        if (before?.[property] === undefined || !there.properties || before[property] === there.properties[property])
          continue;
        const reason = unwritableReason(property, before[property]);
        lose({ kind: 'schema', source: planned.source, where: planned.where, values: 0, reason });
      }
    }
  }

  #compareNamed(): void {
    const { plan, map, target } = this.#comparison;
    const schemas = [...target.existing.values()];
    const all = (of: (schema: LiveSchema) => readonly JsonRecord[], globals: readonly JsonRecord[]) =>
      new Map([...globals, ...schemas.flatMap((schema) => of(schema))].map((record) => [namedId(record), record]));
    const statuses = all(({ statusTypes }) => statusTypes, target.globalStatusTypes);
    for (const planned of plan.statusTypes.filter(({ action }) => action === 'create')) {
      const there = statuses.get(map.statusTypes[planned.source] ?? '');
      const { name, category, displayName, description } = planned;
      if (!this.#isThere('status-type', planned, there)) continue;
      this.#same('status-type', planned, namedId(there), there, { name, category, displayName, description });
    }
    const referenceTypes = all((schema) => schema.referenceTypes, target.globalReferenceTypes);
    for (const planned of plan.referenceTypes.filter(({ action }) => action === 'create')) {
      const there = referenceTypes.get(map.referenceTypes[planned.source] ?? '');
      const { name, color, displayName, description } = planned;
      if (!this.#isThere('reference-type', planned, there)) continue;
      this.#same('reference-type', planned, namedId(there), there, { name, color, displayName, description });
    }
  }

  #compareTypes(): void {
    const { plan, map, target } = this.#comparison;
    const types = new Map(
      [...target.existing.values()].flatMap((schema) => schema.types.map((type) => [type.id, type] as const)),
    );
    for (const planned of plan.types.filter(({ finish }) => finish)) {
      const there = types.get(map.types[planned.source]?.target ?? '');
      if (!this.#isThere('object-type', planned, there)) continue;
      const { displayName, description, inherited, abstractObjectType } = planned;
      // What was found keeps the name and the place that it has.
      const isFound = planned.target !== undefined;
      this.#same('object-type', planned, there.id, there.record, {
        name: isFound ? undefined : planned.name,
        displayName,
        description,
        inherited,
        abstractObjectType,
      });
      const parent = planned.parent === null ? undefined : map.types[planned.parent]?.target;
      if (!isFound && there.parentId !== parent) this.#differ('object-type', planned, there.id, 'its parent');
      const icon = isRecord(there.record.icon) ? textOf(there.record.icon.id) : undefined;
      const wanted = planned.icon === null ? undefined : map.icons[planned.icon];
      if (wanted !== undefined && icon !== wanted) this.#differ('object-type', planned, there.id, 'its icon');
    }
  }

  /** Of types among their siblings in a schema that was made, and of the attributes of each type that was made. */
  #compareOrder(): void {
    const { plan, map, target } = this.#comparison;
    const finished = new Set(plan.schemas.flatMap(({ source, finish }) => (finish ? [source] : [])));
    const made = plan.types.filter(({ finish }) => finish);
    const live = [...target.existing.values()].flatMap(({ types }) => types);
    const targetOf = ({ source }: PlannedType) => map.types[source]?.target ?? '';
    const order = inOrder(live.map(({ record }) => record)).map((record) => idOf(record) as string);
    const siblings = Map.groupBy(
      made.filter(({ schema }) => finished.has(schema)),
      ({ schema, parent }) => `${schema} ${parent}`,
    );
    for (const types of siblings.values()) {
      const there = types.filter((type) => order.includes(targetOf(type)));
      const places = there.map((type) => order.indexOf(targetOf(type)));
      const wrong = there.find((_, index) => (places[index] ?? 0) < (places[index - 1] ?? 0));
      if (wrong) this.#differ('object-type', wrong, targetOf(wrong), 'its place among its siblings');
    }
    const records = new Map(live.map(({ id, allAttributes }) => [id, allAttributes]));
    for (const type of made) {
      const list = records.get(targetOf(type)) ?? [];
      const ids = inOrder(list).map((record) => idOf(record) as string);
      if (standIn(attributesInOrder({ plan, map }, type, list), ids)) continue;
      this.#differ('object-type', type, targetOf(type), 'the order of its attributes');
    }
  }

  #compareAttributes(): void {
    const { plan, map, target, setsRestrictions, onTarget } = this.#comparison;
    const attributes = new Map(
      [...target.existing.values()].flatMap((schema) =>
        schema.attributes.map((record) => [idOf(record) as string, record] as const),
      ),
    );
    const types = new Map(plan.types.map((type) => [type.source, type]));
    for (const planned of plan.attributes.filter(({ finish }) => finish)) {
      if (!this.#isMade(types.get(planned.type))) continue;
      const there = attributes.get(map.attributes[planned.source] ?? '');
      if (!this.#isThere('attribute', planned, there)) continue;
      const { maximumCardinality: _, minimumCardinality: __, ...fields } = planned.fields;
      const wanted = setsRestrictions
        ? { ...fields, ...restrictionsOnTarget(planned, onTarget, () => undefined) }
        : fields;
      const options = finalOptions(planned);
      const name = planned.target === undefined || planned.role === 'name' ? planned.name : undefined;
      // What was made here has nothing that the backup has not, though nobody sent that.
      const nothing = planned.target === undefined ? { hidden: false, suffix: '' } : {};
      this.#same('attribute', planned, idOf(there), there, { name, ...nothing, ...wanted, ...options });
      this.#compareKind(planned, there);
    }
  }

  #compareKind(planned: PlannedAttribute, there: ApiRecord): void {
    const { map, plan } = this.#comparison;
    const of = kindOfAttribute(there, planned.kind?.type);
    if (of?.type !== planned.kind?.type || of?.defaultTypeId !== planned.kind?.defaultTypeId) {
      this.#differ('attribute', planned, idOf(there), 'its kind');
    }
    if (planned.kind?.type !== kind.reference || !planned.reference) return;
    const wanted = map.types[planned.reference.type]?.target ?? plan.outside.types[planned.reference.type];
    const now = referenceOf(there);
    if (now?.type !== wanted) this.#differ('attribute', planned, idOf(there), 'the object type that it refers to');
    const referenceType = map.referenceTypes[planned.reference.referenceType ?? ''];
    if (now?.referenceType !== referenceType) this.#differ('attribute', planned, idOf(there), 'its reference type');
  }

  /**
   * A site from before 2026 has no display names, and may take them without a word. What shows none where the backup has one that is
   * not the name itself lacks it, whoever made it.
   */
  #tellDisplayNames(): void {
    const { plan, map, target, announced, lose, onTarget } = this.#comparison;
    const live = [...target.existing.values()];
    const types = live.flatMap((schema) => schema.types.map(({ record }) => record));
    const named = (lists: readonly (readonly JsonRecord[])[]) => lists.flat();
    const tell = (
      kind: ItemKind,
      planned: readonly (Planned & { readonly name: string; readonly displayName?: string | undefined })[],
      targetOf: (source: string) => string | undefined,
      records: readonly JsonRecord[],
    ) => {
      const byId = new Map(records.map((record) => [namedId(record), record]));
      for (const { source, where, name, displayName } of planned) {
        const id = targetOf(source);
        const there = byId.get(id ?? '');
        if (!there || there.displayName !== undefined || displayName === undefined || displayName === name) continue;
        if ((onTarget.sameSite && id === source) || announced.has(announcedName(kind, source, 'displayName'))) continue;
        lose({ kind, source, where, values: 0, reason: 'the target has no display names, so its own is not there' });
      }
    };
    const attributes = plan.attributes.map((planned) => ({ ...planned, displayName: planned.fields.displayName }));
    tell('schema', plan.schemas, (id) => map.schemas[id], target.schemas);
    const statusTypes = named([target.globalStatusTypes, ...live.map((schema) => schema.statusTypes)]);
    tell('status-type', plan.statusTypes, (id) => map.statusTypes[id], statusTypes);
    const referenceTypes = named([target.globalReferenceTypes, ...live.map((schema) => schema.referenceTypes)]);
    tell('reference-type', plan.referenceTypes, (id) => map.referenceTypes[id], referenceTypes);
    tell('object-type', plan.types, (id) => map.types[id]?.target, types);
    tell('attribute', attributes, (id) => map.attributes[id], named(live.map((schema) => schema.attributes)));
  }

  #isMade(type: PlannedType | undefined): boolean {
    return type !== undefined && this.#comparison.map.types[type.source] !== undefined;
  }

  #isThere<T>(itemKind: ItemKind, planned: Planned, there: T | undefined): there is T {
    if (there === undefined) this.#differ(itemKind, planned, '', 'it is not there');
    return there !== undefined;
  }

  #same(itemKind: ItemKind, planned: Planned, target: string, there: JsonRecord, wanted: object): void {
    for (const [field, value] of Object.entries(wanted) as [string, Json | undefined][]) {
      if (value === undefined || (field === 'displayName' && there.displayName === undefined)) continue;
      const now = (field === 'qlQuery' ? (there.qlQuery ?? there.iql) : there[field]) ?? emptyOf(value);
      if (spelt(now) !== spelt(value)) this.#differ(itemKind, planned, target, `its field "${field}"`);
    }
  }

  #differ(itemKind: ItemKind, { source, where }: Planned, target: string, what: string): void {
    if (this.#comparison.announced.has(announcedName(itemKind, source))) return;
    this.#differences.push({ kind: itemKind, source, target, where, what });
  }
}

/** A field that is not there is empty. */
function emptyOf(value: Json): Json {
  if (typeof value === 'boolean') return false;
  if (typeof value === 'number') return value;
  return Array.isArray(value) ? [] : '';
}

/** Numbers may come as texts. */
const spelt = (value: Json): string => (Array.isArray(value) ? JSON.stringify(value.map(String)) : String(value));
