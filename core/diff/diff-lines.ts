import type { Json } from '../model/json.ts';

/** What is other on the right side (the later backup, or the site as it is) than on the left. A line of JSON each. */
export type DiffLine = ConfigurationLine | ObjectLine;

export type Change = 'added' | 'removed' | 'changed';

export const configurationKinds = [
  'schema',
  'object-type',
  'attribute',
  'status-type',
  'reference-type',
  'icon',
] as const;

export interface ConfigurationLine {
  readonly kind: (typeof configurationKinds)[number];
  readonly change: Change;
  /** Key of the schema as it is on the right, or was; null for what belongs to all of them. */
  readonly schema: string | null;
  readonly id: string;
  /** Of an object type its path, `Hardware/Laptop`; of an attribute that and its name, `Hardware/Laptop.Owner`. */
  readonly name: string;
  /** Of a changed one, field by field as the API names them. */
  readonly fields: readonly { readonly field: string; readonly before: Json | null; readonly after: Json | null }[];
}

export interface ObjectLine {
  readonly kind: 'object';
  readonly change: Change;
  /** As it is on the right, of a removed one as it was. */
  readonly schema: string;
  /** Path of its type: `Hardware/Laptop`. */
  readonly type: string;
  readonly id: string;
  readonly key: string;
  readonly label: string;
  /** What of its place is other: of one that was moved to another type or schema, or has got another key. */
  readonly from?: { readonly schema?: string; readonly type?: string; readonly key?: string };
  /** Of a changed one, value by value as people see them; references by the label of what they refer to. */
  readonly attributes: readonly AttributeChange[];
  /** How many there were and are, where both sides know it and they differ. */
  readonly comments?: { readonly before: number; readonly after: number };
  readonly history?: { readonly before: number; readonly after: number };
}

export interface AttributeChange {
  readonly id: string;
  readonly name: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What of the differences is asked for; undefined: all. */
export interface DiffFilters {
  /** Keys of schemas, of either side. */
  readonly schemas?: readonly string[];
  /** A type by its name, its path `Hardware/Laptop`, or its id. */
  readonly type?: string;
  /** An object by its key or id. */
  readonly object?: string;
  /** An attribute by its name or id. */
  readonly attribute?: string;
}

export interface TypeCounts {
  readonly schema: string;
  readonly type: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly same: number;
}

export interface DiffSummary {
  /** Names of the sides: a backup's, or the site's for the site as it is. */
  readonly left: string;
  readonly right: string;
  readonly isEqual: boolean;
  readonly configuration: Readonly<Record<Change, number>>;
  readonly objects: readonly TypeCounts[];
  /** What could not be compared, as sentences: a schema that only one side was made of, a gap, what a site is not asked for. */
  readonly notCompared: readonly string[];
}
