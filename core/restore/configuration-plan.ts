import type { ItemAction } from '../model/restore.ts';
import type { AttributeFields, WritableSchemaProperties } from '../ports/assets-writer.ts';
import type { AttributeKind } from '../reading/attribute-kinds.ts';

/** What a restore does to the configuration of its target, in the order in which it does it. All ids but `target` are the source's. */
export interface ConfigurationPlan {
  readonly schemas: readonly PlannedSchema[];
  readonly statusTypes: readonly PlannedStatusType[];
  readonly referenceTypes: readonly PlannedReferenceType[];
  readonly icons: readonly PlannedIcon[];
  readonly types: readonly PlannedType[];
  readonly attributes: readonly PlannedAttribute[];
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
  /** Undefined where the backup does not hold them. */
  readonly properties?: WritableSchemaProperties;
  /** The very schema that was backed up, on the same site. */
  readonly isInPlace: boolean;
  /** Made by this restore, or by an earlier one that was stopped: its properties and order are set at the end. */
  readonly finish: boolean;
  /** Atlassian manages it: what is there is used, and nothing is made in it. */
  readonly isManaged?: boolean;
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
}
