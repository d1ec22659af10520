import type { NotCovered } from '../model/drill.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, isRecord, type Json, type JsonRecord, textOf } from '../model/json.ts';
import { kind, kindOfAttribute } from '../reading/attribute-kinds.ts';
import type { StoredConfiguration } from '../reading/stored-configuration.ts';
import { filled, referenceOf } from '../restore/configuration/attribute-fields.ts';
import { mapAqlIds } from '../restore/configuration/map-aql.ts';
import { matchNamed } from '../restore/configuration/match-named.ts';
import { iconOf } from '../restore/configuration/plan-icons.ts';
import { namedId } from '../restore/configuration/plan-named.ts';

/** What is there on the site besides schemas: a drill uses it, and makes nothing there. */
export interface GlobalsThere {
  readonly statusTypes: readonly ApiRecord[];
  readonly referenceTypes: readonly JsonRecord[];
  readonly icons: readonly ApiRecord[];
  /** Names of its groups; null where nobody can tell, and it is not the site that was backed up. */
  readonly groups: { has(name: string): boolean } | null;
}

interface Sampled {
  readonly configuration: StoredConfiguration;
  readonly objects: ReadonlySet<string>;
}

/**
 * The configuration of the sampled schemas as a drill can make it without writing anything outside of scratch schemas. Global statuses,
 * reference types and icons that the site has not are left out with what depends on them, and so are filters that name what is not
 * in the sample; each is noted as not covered.
 */
export class FittedConfiguration {
  readonly globalStatusTypes: readonly ApiRecord[];
  readonly globalReferenceTypes: readonly JsonRecord[];
  readonly notCovered: NotCovered[] = [];
  /** Ids of attributes that are left out. */
  readonly leftOut = new Set<string>();
  readonly #sampled: Sampled;
  readonly #types: ReadonlySet<string>;
  readonly #schemas: ReadonlySet<string>;
  readonly #statuses: ReadonlySet<string>;
  readonly #referenceTypes: ReadonlySet<string>;
  readonly #icons: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  readonly #groups: GlobalsThere['groups'];
  readonly #noted = new Set<string>();

  constructor(sampled: Sampled, there: GlobalsThere) {
    this.#sampled = sampled;
    this.#groups = there.groups;
    const { schemas, globalStatusTypes, globalReferenceTypes } = sampled.configuration;
    this.#schemas = new Set(schemas.map(({ id }) => id));
    this.#types = new Set(schemas.flatMap(({ types }) => types.map(({ id }) => id)));
    this.globalStatusTypes = this.#ofTarget(globalStatusTypes, there.statusTypes, 'global status');
    this.globalReferenceTypes = this.#ofTarget(globalReferenceTypes, there.referenceTypes, 'global reference type');
    const own = <T extends JsonRecord>(globals: readonly T[], of: readonly (readonly T[])[]) =>
      new Set([...globals, ...of.flat()].map(namedId));
    this.#statuses = own(
      this.globalStatusTypes,
      schemas.map(({ statusTypes }) => statusTypes),
    );
    const kept = [this.globalReferenceTypes, ...schemas.map(({ referenceTypes }) => referenceTypes)].flat();
    this.#referenceTypes = new Set(kept.flatMap((record) => [namedId(record), textOf(record.name) ?? '']));
    this.#icons = this.#fittingIcons(there.icons);
  }

  type(record: ApiRecord): ApiRecord {
    const icon = iconOf(record);
    const fitting = icon && this.#icons.get(icon.id);
    return fitting && isRecord(record.icon) ? { ...record, icon: { ...record.icon, ...fitting } } : record;
  }

  /** Undefined where it cannot be made here. */
  attribute(record: ApiRecord, where: string): ApiRecord | undefined {
    const of = kindOfAttribute(record, undefined);
    const id: string = idOf(record);
    if (of?.type === kind.status) return this.#restricted(record, `statuses of ${where}`, this.#statuses);
    if (of?.type === kind.user) return this.#restricted(record, `groups of ${where}`, this.#groups);
    if (of?.type !== kind.reference) return record;
    const reference = referenceOf(record);
    if (reference?.referenceType != null && !this.#referenceTypes.has(reference.referenceType)) {
      this.leftOut.add(id);
      this.#note(id, where, 'the site has no reference type of this name, and a drill makes none');
      return undefined;
    }
    const filter = filled(record.qlQuery) ?? filled(record.iql);
    if (filter === undefined) return record;
    const itself = (ids: ReadonlySet<string>) => (one: string) => (ids.has(one) ? one : undefined);
    const { objects } = this.#sampled;
    const { unmapped } = mapAqlIds(filter, {
      objectType: itself(this.#types),
      objectSchema: itself(this.#schemas),
      object: itself(objects),
      objectKey: (key) => (objects.has(key.slice(key.lastIndexOf('-') + 1)) ? key : undefined),
    });
    if (unmapped.length === 0) return record;
    this.#note(`filter ${id}`, `filter of ${where}`, 'it names what is not in the sample');
    const { qlQuery: _, iql: __, ...others } = record;
    return others as ApiRecord;
  }

  /** With those statuses or groups as a restriction that are there. */
  #restricted(record: ApiRecord, what: string, there: GlobalsThere['groups']): ApiRecord {
    const all: readonly Json[] = Array.isArray(record.typeValueMulti) ? record.typeValueMulti : [];
    const kept = all.filter((value) => there?.has(textOf(value) ?? ''));
    if (kept.length === all.length) return record;
    this.#note(`restriction ${idOf(record)}`, what, 'the site has not all of them, and a drill makes none');
    return { ...record, typeValueMulti: kept };
  }

  /** Those that the site has too, by name. */
  #ofTarget<T extends JsonRecord>(stored: readonly T[], there: readonly JsonRecord[], what: string): readonly T[] {
    const matched = matchNamed<JsonRecord>(stored, there, () => undefined);
    const lacking = stored.filter((record) => !matched.has(record));
    if (lacking.length > 0)
      this.notCovered.push({
        what,
        count: lacking.length,
        reason: 'the site has none of this name, and a drill makes none outside of its scratch schemas',
      });
    return stored.filter((record) => matched.has(record));
  }

  /** For each icon that the site has not, another one that it has. */
  #fittingIcons(there: readonly ApiRecord[]): ReadonlyMap<string, { readonly id: string; readonly name: string }> {
    const { schemas } = this.#sampled.configuration;
    const wanted = new Map<string, { readonly id: string; readonly name: string }>();
    for (const { types, icons } of schemas) {
      for (const { record } of types) {
        const icon = iconOf(record);
        if (icon) wanted.set(icon.id, { id: icon.id, name: icons.get(icon.id)?.name || icon.name });
      }
    }
    const stored = [...wanted.values()];
    const matched = matchNamed<JsonRecord>(stored, there, () => undefined);
    const lacking = stored.filter((icon) => !matched.has(icon));
    if (lacking.length === 0) return new Map();
    this.notCovered.push({
      what: 'icon',
      count: lacking.length,
      reason: 'the site has none of this name, and a drill makes none',
    });
    const [known] = stored.filter((icon) => matched.has(icon));
    const [any] = there;
    const instead = known ?? (any && { id: 'of the site', name: textOf(any.name) ?? '' });
    return new Map(lacking.flatMap((icon) => (instead ? [[icon.id, instead] as const] : [])));
  }

  #note(id: string, what: string, reason: string): void {
    if (this.#noted.has(id)) return;
    this.#noted.add(id);
    this.notCovered.push({ what, count: 1, reason });
  }
}
