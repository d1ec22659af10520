import { TargetRefusedError } from '../../errors.ts';
import { idOf } from '../../model/ids.ts';
import { type ApiRecord, type JsonRecord, textOf } from '../../model/json.ts';
import type { ItemKind, Loss, RestoreChoices } from '../../model/restore.ts';
import type { LiveConfiguration, LiveSchema, LiveType } from '../../reading/live-configuration.ts';
import type { StoredConfiguration, StoredSchema, StoredType } from '../../reading/stored-configuration.ts';
import type {
  ConfigurationPlan,
  Planned,
  PlannedAttribute,
  PlannedReferenceType,
  PlannedSchema,
  PlannedStatusType,
  PlannedType,
} from '../configuration-plan.ts';
import type { OwnConfiguration } from '../id-map/configuration-journal.ts';
import { filled } from './attribute-fields.ts';
import { matchNamed } from './match-named.ts';
import { planAttributes } from './plan-attributes.ts';
import { iconOf, planIcons } from './plan-icons.ts';

export interface ConfigurationPlanInput {
  readonly source: StoredConfiguration;
  readonly target: LiveConfiguration;
  readonly choices: RestoreChoices;
  readonly sourceWorkspaceId: string;
  readonly own: OwnConfiguration;
  /** The most values of an attribute that any object of the backup has, by source id. */
  readonly mostValues: ReadonlyMap<string, number>;
  /** Source ids of attributes that objects to be restored lack, although they are required or the label. */
  readonly missingIn: ReadonlySet<string>;
}

export interface PlannedConfiguration {
  readonly plan: ConfigurationPlan;
  readonly losses: readonly Loss[];
  /** What would change in existing schemas that the input did not ask for. */
  readonly approvals: readonly string[];
}

/**
 * What is to be made of the target's configuration, from the backup and from the target as it is. Pure: the same input
 * gives the same plan. Throws TargetRefusedError where a schema may not be written into.
 */
export function planConfiguration(input: ConfigurationPlanInput): PlannedConfiguration {
  return new ConfigurationPlanner(input).run();
}

const managed = 'Atlassian manages this schema: nobody else can make or change it';

/** One schema of the backup, and the schema of the target that it goes to. */
export interface SchemaPair {
  readonly source: StoredSchema;
  readonly planned: PlannedSchema;
  /** Undefined where it is to be made. */
  readonly target: LiveSchema | undefined;
}

class ConfigurationPlanner {
  readonly #input: ConfigurationPlanInput;
  readonly #sameSite: boolean;
  readonly #losses: Loss[] = [];
  readonly #approvals: string[] = [];

  constructor(input: ConfigurationPlanInput) {
    this.#input = input;
    this.#sameSite = input.sourceWorkspaceId === input.target.workspaceId;
  }

  run(): PlannedConfiguration {
    const { source, target } = this.#input;
    const pairs = source.schemas.map((schema) => this.#pairSchema(schema));
    const written = pairs.filter(({ planned }) => planned.action !== 'skip');
    const icons = planIcons(written, { target, sameSite: this.#sameSite });
    const types = written.flatMap((pair) => this.#planTypes(pair));
    const attributes = planAttributes({
      ...this.#input,
      sameSite: this.#sameSite,
      pairs: written,
      types: new Map(types.map((type) => [type.source, type])),
      lose: (loss) => this.#losses.push(loss),
      approve: (pair, what) => this.#approve(pair, what),
    });
    const statusTypes = [
      ...this.#planStatuses(null, source.globalStatusTypes, target.globalStatusTypes),
      ...written.flatMap((pair) => this.#planStatuses(pair, pair.source.statusTypes, pair.target?.statusTypes ?? [])),
    ];
    const referenceTypes = [
      ...this.#planReferenceTypes(null, source.globalReferenceTypes, target.globalReferenceTypes),
      ...written.flatMap((pair) =>
        this.#planReferenceTypes(pair, pair.source.referenceTypes, pair.target?.referenceTypes ?? []),
      ),
    ];
    const schemas = pairs.map(({ planned }) => planned);
    return {
      plan: { schemas, statusTypes, referenceTypes, icons, types, attributes },
      losses: this.#losses,
      approvals: this.#approvals,
    };
  }

  #pairSchema(source: StoredSchema): SchemaPair {
    const { target, choices, own } = this.#input;
    const choice = choices.schemas?.find(({ oldObjectSchemaKey }) => oldObjectSchemaKey === source.key);
    const key = choice?.newObjectSchemaKey ?? source.key;
    const name = choice?.newObjectSchemaName ?? source.name;
    const record = target.schemas.find((candidate) => candidate.objectSchemaKey === key);
    const there = record && target.existing.get(idOf(record));
    const isInPlace = this.#sameSite && record !== undefined && idOf(record) === source.id;
    const isOwn =
      record !== undefined && own.hasMadeSchema(source.id, { key, id: idOf(record), name: textOf(record.name) ?? '' });
    const planned = (
      rest: Pick<PlannedSchema, 'action' | 'reason' | 'precondition' | 'finish' | 'isManaged'>,
    ): PlannedSchema => ({
      ...rest,
      source: source.id,
      sourceKey: source.key,
      where: key,
      key,
      name,
      ...this.#described(source.record, name === source.name),
      ...(source.properties && { properties: writableProperties(source.properties) }),
      isInPlace,
      ...(record && { target: idOf(record) }),
    });
    if (!source.canManage || record?.canManage === false) {
      const reason = managed;
      const finish = false;
      if (isInPlace && there) {
        const precondition = `schema ${idOf(record)}`;
        return {
          source,
          target: there,
          planned: planned({ action: 'reuse', reason, precondition, finish, isManaged: true }),
        };
      }
      this.#lose('schema', source.id, key, reason);
      return { source, target: undefined, planned: planned({ action: 'skip', reason, precondition: 'none', finish }) };
    }
    if (!record) {
      const reason = 'the target has no schema of this key';
      for (const property of unwritableProperties) {
        if (source.properties?.[property] === true)
          this.#lose('schema', source.id, key, unwritableReason(property, true));
      }
      return {
        source,
        target: undefined,
        planned: planned({ action: 'create', reason, precondition: `no schema ${key}`, finish: true }),
      };
    }
    if (!isInPlace && !isOwn && !choices.intoExisting) {
      throw new TargetRefusedError(
        `The target has a schema ${key} that is not the one that was backed up. Restore under another key (--schema ${source.key}=NEWKEY), or say that it may be written into (--into-existing, or intoExisting in an input file).`,
      );
    }
    const isUnfinished = own.isUnfinished('schema', source.id, key);
    const reasons = isInPlace
      ? 'it is the schema that was backed up'
      : isOwn
        ? `an earlier restore made it${isUnfinished ? ' and was stopped before its end' : ''}`
        : 'the input says that it may be written into';
    return {
      source,
      target: there,
      planned: planned({
        action: 'reuse',
        reason: reasons,
        precondition: `schema ${idOf(record)}`,
        finish: isUnfinished,
      }),
    };
  }

  #planTypes(pair: SchemaPair): PlannedType[] {
    const { source, target, planned: schema } = pair;
    const { own } = this.#input;
    const taken = new Set<string>();
    const plannedOf = new Map<string, PlannedType>();
    for (const type of source.types) {
      const parent = type.parentId === undefined ? undefined : plannedOf.get(type.parentId);
      const there = target && this.#findType(type, parent, target, schema.isInPlace, taken);
      if (there) taken.add(there.id);
      const where = `${schema.key} / ${type.path.join(' / ')}`;
      const isUnfinished = there !== undefined && own.isUnfinished('object-type', type.id, schema.key);
      if (there && !schema.isInPlace && (there.record.inherited === true) !== (type.record.inherited === true)) {
        const reason = 'the type on the target hands its attributes down otherwise, which is left as it is';
        this.#lose('object-type', type.id, where, reason);
      }
      plannedOf.set(type.id, {
        source: type.id,
        where,
        ...(there
          ? {
              action: 'reuse',
              reason: isUnfinished ? 'an earlier restore made it' : 'it is there',
              precondition: `type ${there.id}`,
              target: there.id,
            }
          : this.#absent(pair, 'object-type', type.id, where, 'type of this path')),
        schema: source.id,
        parent: type.parentId ?? null,
        name: type.name,
        path: type.path,
        ...this.#described(type.record, true),
        icon: iconOf(type.record)?.id ?? null,
        inherited: type.record.inherited === true,
        abstractObjectType: type.record.abstractObjectType === true,
        finish: schema.isManaged !== true && (!there || isUnfinished),
      });
    }
    return [...plannedOf.values()];
  }

  /** The very type where it is the very schema; otherwise the one of this name below the parent that was found. */
  #findType(
    type: StoredType,
    parent: PlannedType | undefined,
    target: LiveSchema,
    isInPlace: boolean,
    taken: ReadonlySet<string>,
  ): LiveType | undefined {
    const itself = isInPlace ? target.types.find(({ id }) => id === type.id) : undefined;
    if (itself) return itself;
    if (parent && parent.target === undefined) return undefined;
    return target.types.find(
      ({ id, name, parentId }) => !taken.has(id) && name === type.name && parentId === parent?.target,
    );
  }

  #planStatuses(
    pair: SchemaPair | null,
    source: readonly ApiRecord[],
    target: readonly ApiRecord[],
  ): PlannedStatusType[] {
    return this.#planNamed('status-type', pair, source, target).map(([record, planned]) => ({
      ...planned,
      category: Number(textOf(record.category) ?? 1),
    }));
  }

  #planReferenceTypes(
    pair: SchemaPair | null,
    source: readonly JsonRecord[],
    target: readonly JsonRecord[],
  ): PlannedReferenceType[] {
    return this.#planNamed('reference-type', pair, source, target).map(([record, planned]) => {
      const color = filled(record.color);
      return { ...planned, ...(color !== undefined && { color }) };
    });
  }

  #planNamed<T extends JsonRecord>(
    kind: 'status-type' | 'reference-type',
    pair: SchemaPair | null,
    source: readonly T[],
    target: readonly T[],
  ) {
    const sameSite = this.#sameSite && (pair === null || pair.planned.isInPlace);
    const matched = matchNamed(source, target, { sameSite });
    return source.map((record) => {
      const there = matched.get(record);
      const name = textOf(record.name) ?? '';
      const where = `${pair ? `${pair.planned.key}: ` : ''}${name}`;
      const other = there && otherFields(record, there);
      if (other && other.length > 0) {
        const reason = `the target has one of this name with another ${other.join(' and ')}, which is used as it is`;
        this.#lose(kind, namedId(record), where, reason);
      }
      const planned: Planned & { name: string; schema: string | null; displayName?: string; description?: string } = {
        source: namedId(record),
        where,
        ...(there
          ? {
              action: 'reuse',
              reason: 'it is there',
              precondition: `${kind} ${namedId(there)}`,
              target: namedId(there),
            }
          : this.#absent(pair, kind, namedId(record), where, `${kind.replace('-', ' ')} of this name`)),
        name,
        schema: pair?.source.id ?? null,
        ...this.#described(record, true),
      };
      return [record, planned] as const;
    });
  }

  #described(record: JsonRecord, keepsDisplayName: boolean): { displayName?: string; description?: string } {
    const displayName = keepsDisplayName && this.#input.target.hasDisplayName ? filled(record.displayName) : undefined;
    const description = textOf(record.description);
    return { ...(displayName !== undefined && { displayName }), ...(description !== undefined && { description }) };
  }

  /** Making something inside a schema that exists changes it: the input has to ask for that, or a person to approve it. */
  #approve({ planned }: SchemaPair, what: string): void {
    const isAsked = planned.action === 'create' || planned.finish || this.#input.choices.intoExisting;
    if (!isAsked) this.#approvals.push(`${what}, in the existing schema ${planned.key}`);
  }

  /** What the target lacks is made, but for what Atlassian manages. */
  #absent(
    pair: SchemaPair | null,
    kind: ItemKind,
    source: string,
    where: string,
    what: string,
  ): Pick<Planned, 'action' | 'reason' | 'precondition'> {
    if (pair?.planned.isManaged) {
      this.#lose(kind, source, where, managed);
      return { action: 'skip', reason: managed, precondition: 'none' };
    }
    if (pair) this.#approve(pair, `make the ${kind.replace('-', ' ')} ${where}`);
    return { action: 'create', reason: `the target has no ${what}`, precondition: `no such ${kind}` };
  }

  #lose(kind: ItemKind, source: string, where: string, reason: string): void {
    this.#losses.push({ kind, source, where, values: 0, reason });
  }
}

/** Two properties of a schema can be read but, by the documentation, not written. */
export const unwritableProperties = ['createObjectsCustomField', 'serviceDescCustomersEnabled'] as const;

export function unwritableReason(property: string, was: unknown): string {
  return `the API lets nobody set its property ${property}, which was ${String(was)}: set it in the schema's configuration`;
}

/** What a status type or reference type of the same name may have otherwise. */
function otherFields(source: JsonRecord, target: JsonRecord): string[] {
  return ['category', 'color', 'description'].filter(
    (field) => (textOf(source[field]) ?? '').toLowerCase() !== (textOf(target[field]) ?? '').toLowerCase(),
  );
}

/** Reference types need not have an id in the specification; then the name is all that names them. */
export function namedId(record: JsonRecord): string {
  return textOf(record.id) ?? textOf(record.name) ?? '';
}

/** The documented input takes three of the five that can be read. */
function writableProperties(properties: JsonRecord) {
  return {
    allowOtherObjectSchema: properties.allowOtherObjectSchema === true,
    validateQuickCreate: properties.validateQuickCreate === true,
    quickCreateObjects: properties.quickCreateObjects === true,
  };
}

export type { PlannedAttribute };
