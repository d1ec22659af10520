import type { ActivityLine } from '../backup-format/activity-list.ts';
import type { ManifestObjectType } from '../backup-format/manifest.ts';
import { type AttributeSays, displayedValue, type ValueSeen } from '../backup-format/object-values.ts';
import { type ApiRecord, recordsOf, textOf } from '../model/json.ts';
import type { NamedType } from '../reading/named-type.ts';

export interface HeldSchema {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly folder: string;
  /** A sentence: its list of types is damaged or missing, so that they are told by the manifest alone; null where it is not. */
  readonly damage: string | null;
  /** Each parent before its children, in the order of the site. */
  readonly types: readonly HeldType[];
}

export interface HeldType extends NamedType {
  readonly schema: Omit<HeldSchema, 'types'>;
  /** Undefined: right below its schema. */
  readonly parentId: string | undefined;
  /** How many types it is below. */
  readonly depth: number;
  readonly iconId: string | undefined;
  /** Of itself, not of those below it. */
  readonly objects: number;
  /** Undefined of one that the site listed, and of which the backup has no objects. */
  readonly stored: ManifestObjectType | undefined;
}

export interface HeldAttribute extends AttributeSays {
  readonly id: string;
}

export interface HeldObject {
  readonly id: string;
  /** As it was read, every number as it was spelt. */
  readonly record: ApiRecord;
  readonly type: HeldType;
  /** Undefined where the backup has no lists of its objects, as those of format 1, or none that can be read. */
  readonly line: ActivityLine | undefined;
  /** Sentences about the lists that cannot be read, where its line may stand in one. */
  readonly damage: readonly string[];
}

/** The values of one attribute of an object, none where it has none. */
export interface HeldValues {
  readonly attribute: HeldAttribute;
  readonly values: readonly ValueSeen[];
}

/** In the order of the attributes; then what the object has of attributes that are not listed, which go by their ids. */
export function heldValues({ attributes: entries }: ApiRecord, attributes: readonly HeldAttribute[]): HeldValues[] {
  const byAttribute = Map.groupBy(recordsOf(entries), (entry) => textOf(entry.objectTypeAttributeId) ?? '');
  const listed = new Set(attributes.map(({ id }) => id));
  const others = [...byAttribute.keys()].filter((id) => !listed.has(id));
  const all = [...attributes, ...others.map((id) => ({ id, name: id, kind: undefined }))];
  return all.map((attribute) => {
    const values = (byAttribute.get(attribute.id) ?? []).flatMap((entry) => recordsOf(entry.objectAttributeValues));
    return { attribute, values: values.map((value) => displayedValue(value, attribute.kind)) };
  });
}
