import type { ItemAction } from '../model/restore.ts';
import type { AttributeFields, WritableSchemaProperties } from '../ports/assets-writer.ts';
import type { WorkStore } from '../ports/work-store.ts';
import type { AttributeKind } from '../reading/attribute-kinds.ts';
import type { StoredRecords } from '../reading/stored-activity.ts';
import type { Shard } from '../reading/stored-objects.ts';
import { readJson } from '../work-store/json-file.ts';
import type { Relaxation } from './configuration/relaxation.ts';
import type { SameObject } from './id-map/configuration-journal.ts';
import { restoreKeys } from './restore-keys.ts';

/** What a restore does to the configuration of its target, in the order in which it does it. All ids but `target` are the source's. */
export interface ConfigurationPlan {
  readonly schemas: readonly PlannedSchema[];
  readonly statusTypes: readonly PlannedStatusType[];
  readonly referenceTypes: readonly PlannedReferenceType[];
  readonly icons: readonly PlannedIcon[];
  readonly types: readonly PlannedType[];
  readonly attributes: readonly PlannedAttribute[];
  readonly schemaNames: SchemaNames;
  /** What references lead to of schemas that are not restored: ids on the target by source id. */
  readonly outside: {
    readonly types: Readonly<Record<string, string>>;
    readonly schemas: Readonly<Record<string, string>>;
  };
  /** What is taken off attributes that are there, until the objects are made. */
  readonly relaxed: readonly Relaxation[];
}

/** Pairs of a key or name of the backup, in small letters, and what the target has in its place. */
export interface SchemaNames {
  /** Of schemas that a filter names. */
  readonly inFilters: readonly (readonly [from: string, to: string])[];
  /** Of the site's own schemas, with which the keys of their objects begin. */
  readonly ofObjectKeys: readonly (readonly [from: string, to: string])[];
}

export interface Planned {
  readonly source: string;
  readonly where: string;
  readonly action: ItemAction;
  readonly reason: string;
  readonly precondition: string;
  readonly target?: string;
}

export interface PlannedSchema extends Planned {
  readonly sourceKey: string;
  readonly key: string;
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  /** Those that the backup holds. */
  readonly properties: Partial<WritableSchemaProperties>;
  /** The very schema that was backed up, on the same site. */
  readonly isInPlace: boolean;
  /** Made by this restore, or by an earlier one that was stopped: its properties and order are set at the end. */
  readonly finish: boolean;
  /** Atlassian manages it: what is there is used, and nothing is made in it. */
  readonly isManaged?: boolean;
  /** The site says that this account may not manage it (`canManage`): what its configuration lacks may be refused. */
  readonly isUnmanageable?: boolean;
  /** It was not chosen: only references of its objects to what is restored are looked at. */
  readonly isReferrer?: boolean;
}

/** The schemas that the restore writes into. */
export function schemasWritten({ schemas }: ConfigurationPlan): readonly PlannedSchema[] {
  return schemas.filter(({ action, isReferrer }) => action !== 'skip' && !isReferrer);
}

interface PlannedNamed extends Planned {
  readonly name: string;
  /** The schema that it belongs to; null for a global one. */
  readonly schema: string | null;
  readonly displayName?: string;
  readonly description?: string;
}

export interface PlannedStatusType extends PlannedNamed {
  readonly category: number;
}

export interface PlannedReferenceType extends PlannedNamed {
  readonly color?: string;
}

export interface PlannedIcon extends Planned {
  readonly name: string;
  /** Key of the image in the backup. */
  readonly image: string | null;
  readonly imageSha256: string | null;
}

export interface PlannedType extends Planned {
  readonly schema: string;
  readonly parent: string | null;
  readonly name: string;
  readonly path: readonly string[];
  readonly displayName?: string;
  readonly description?: string;
  /** Of the source; null where the type has none. */
  readonly icon: string | null;
  readonly inherited: boolean;
  readonly abstractObjectType: boolean;
  /** On the target it is abstract by now: no object can be made of it. */
  readonly holdsNoObjects?: boolean;
  /** Source ids of its attributes in their order, inherited ones among them. */
  readonly attributeOrder: readonly string[];
  readonly finish: boolean;
}

export interface PlannedAttribute extends Planned {
  /** The type that defines it. */
  readonly type: string;
  readonly name: string;
  /** Undefined where nothing tells it; such an attribute is skipped. */
  readonly kind?: AttributeKind;
  /** Every type has these from its creation: the site's own are left alone, Name is adapted. */
  readonly role?: 'system' | 'name';
  /** Set before the objects. */
  readonly fields: AttributeFields;
  /** Of a reference: source ids of the object type pointed to and of the reference type. */
  readonly reference?: { readonly type: string; readonly referenceType: string | null };
  /** Set after the objects. */
  readonly restrictions: Restrictions;
  readonly finish: boolean;
}

export interface Restrictions {
  readonly minimumCardinality: number;
  readonly maximumCardinality: number;
  readonly uniqueAttribute: boolean;
  readonly regexValidation: string;
  readonly qlQuery: string;
  /** Source ids of the only statuses that a value may have. */
  readonly statuses: readonly string[];
  /** Names of the only groups whose members a value may be. */
  readonly groups: readonly string[];
  /** The list of a select, empty of other kinds: before the objects it also has what their values have besides. */
  readonly options: string;
}

/** Where a reference to an object leads that this restore does not bring back. */
export type OutsideTarget = { readonly id: string; readonly key: string } | { readonly lost: string };

/** What a plan leaves for the steps that carry it out. Batches are numbered from 0, in the order of the writes. */
export interface ObjectPlan {
  readonly shards: readonly Shard[];
  /** Numbers of the shards whose objects count, of objects that stand in several, by source id. */
  readonly twice: Readonly<Record<string, number>>;
  /** Batches of objects to create, then of objects whose second write an earlier restore has not come to. */
  readonly batches: number;
  readonly reusedParts: number;
  readonly commentBatches: number;
  readonly commentedObjects: number;
  /** Objects to create, and those of them that get a second write as far as the plan knows. */
  readonly creates: number;
  readonly links: number;
  /** Where references lead to objects that are not restored, by source id. */
  readonly outside: Readonly<Record<string, OutsideTarget>>;
  /** Ids of attributes of the target that restores have made after the objects that have no value in them. */
  readonly newAttributes: readonly string[];
  /** What the input says that objects are, by their source ids: a later restore goes by it too. */
  readonly same?: Readonly<Record<string, SameObject>>;
}

/** At most 1,000 objects, whatever refers to another after what it refers to. */
export interface ObjectBatch {
  readonly groups: readonly ObjectGroup[];
  /** Of objects that exist, by their source ids: what to write, if it still is as the plan saw it. Null for objects to create. */
  readonly pending: Readonly<Record<string, PendingAttributes>> | null;
  /** Ids of the target that an object to create may already be: asked for before it is made. */
  readonly asks?: Readonly<Record<string, readonly string[]>>;
}

/** Source ids of the attributes to write, and the digest of the values that stand in them. */
export type PendingAttributes = Readonly<Record<string, string>>;

/**
 * Objects of one shard that follow one another. Whatever an object refers to stands before it and has a lower level; what has
 * its own level is in a circle with it, and need not be waited for.
 */
export interface ObjectGroup {
  readonly shard: number;
  readonly objects: readonly (readonly [id: string, level: number])[];
}

/** An object that is on the target already. */
export interface ReusedObject {
  readonly source: string;
  readonly target: string;
  readonly key: string;
  readonly isOwn?: boolean;
  readonly isUpdated?: boolean;
  /** Nobody chose it: only these attributes matter, by their source ids, since they refer to what is restored. */
  readonly refersBy?: readonly string[];
}

/**
 * At most 500 objects, in the order in which they are made; of those that are made near to each other, those together whose activity
 * lies in the same files.
 */
export interface CommentBatch {
  readonly objects: readonly CommentedObject[];
}

/** `lost`: the target refused it. `unknown`: its answer was lost, and nobody could look. Neither is tried again in the same restore. */
export type CommentState = 'open' | 'done' | 'lost' | 'unknown';

export interface CommentedObject {
  readonly source: string;
  /** Its key on the source site, for people. */
  readonly key: string;
  readonly comments?: StoredRecords;
  readonly history?: StoredRecords;
  /** Marks that earlier restores have written, or were about to, by the object of the target on which they stand. */
  readonly known: Readonly<Record<string, Readonly<Record<string, CommentState>>>>;
}

/** Ids of the objects that were there, by type, when a restore made its plan. */
export async function readBefore(
  work: WorkStore,
  restore: string,
  typeIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const before = new Map<string, ReadonlySet<string>>();
  for (const typeId of typeIds) {
    before.set(typeId, new Set(await readJson<string[]>(work, restoreKeys(restore).before(typeId))));
  }
  return before;
}
