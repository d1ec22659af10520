import { kindsOf } from '../comparison/object-values.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, type JsonRecord, textOf } from '../model/json.ts';
import type { AttributeKind } from '../reading/attribute-kinds.ts';
import { isSystem } from '../reading/stored-configuration.ts';
import { pathOfType } from '../reading/type-path.ts';

/** One side of a comparison, without its objects: a backup, or the site as it is. Things of both sides correspond by id. */
export interface Side {
  /** A backup's name, or the site's. */
  readonly name: string;
  readonly schemas: readonly SideSchema[];
  /** Those of no schema; undefined where the side does not tell them. */
  readonly statusTypes: readonly JsonRecord[] | undefined;
  readonly referenceTypes: readonly JsonRecord[] | undefined;
  readonly icons: readonly SideIcon[] | undefined;
  readonly absences: Absences;
}

export interface SideSchema {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  /** Undefined where it could not be read, as everything below. */
  readonly record: JsonRecord | undefined;
  readonly properties: JsonRecord | undefined;
  readonly types: readonly SideType[];
  /** Its own: none of those that belong to no schema. */
  readonly statusTypes: readonly JsonRecord[] | undefined;
  readonly referenceTypes: readonly JsonRecord[] | undefined;
}

export interface SideType {
  readonly id: string;
  readonly name: string;
  /** `Hardware/Laptop`. */
  readonly path: string;
  readonly parentId: string | undefined;
  readonly schema: { readonly id: string; readonly key: string };
  readonly record: ApiRecord | undefined;
  /** By id, inherited ones too. */
  readonly attributes: ReadonlyMap<string, SideAttribute> | undefined;
}

export interface SideAttribute {
  readonly id: string;
  readonly name: string;
  readonly kind: AttributeKind | undefined;
  /** Key, Created and Updated: the site makes their values. */
  readonly isSystem: boolean;
  readonly record: ApiRecord;
}

export interface SideIcon {
  readonly id: string;
  readonly name: string;
  /** SHA-256; undefined where the side does not have it. */
  readonly image: string | undefined;
  /** Ids of the schemas whose lists name it; undefined: the list of the site does. */
  readonly schemas: ReadonlySet<string> | undefined;
}

/**
 * Why something that a side does not have may be there all the same, as the end of a sentence about what is not compared. Undefined:
 * it is not there, as far as anybody can know.
 */
export interface Absences {
  ofSchema(schema: { readonly id: string; readonly key: string }): string | undefined;
  /** Of an object type, an attribute and other configuration of a schema that the side has. */
  ofConfiguration(schema: { readonly id: string }): string | undefined;
  /** Of objects that were of this type on the other side. */
  ofObjects(type: SideType): string | undefined;
  ofObject(id: string): string | undefined;
}

export function typesOf({ schemas }: Side): SideType[] {
  return schemas.flatMap(({ types }) => types);
}

/** The types of one schema, as the API gives them. @param attributesOf a type's list of attributes; undefined where nobody has it */
export function sideTypes(
  schema: { readonly id: string; readonly key: string },
  records: readonly ApiRecord[],
  attributesOf: (typeId: string) => readonly ApiRecord[] | undefined,
): SideType[] {
  const byId = new Map(records.map((record) => [idOf(record) as string, record]));
  return records.map((record) => {
    const id = idOf(record);
    const parentId = textOf(record.parentObjectTypeId);
    const attributes = attributesOf(id);
    return {
      id,
      name: textOf(record.name) ?? '',
      path: pathOfType(id, byId).join('/'),
      parentId: parentId !== undefined && byId.has(parentId) ? parentId : undefined,
      schema: { id: schema.id, key: schema.key },
      record,
      attributes: attributes && sideAttributes(attributes),
    };
  });
}

export function sideAttributes(records: readonly ApiRecord[]): ReadonlyMap<string, SideAttribute> {
  const kinds = kindsOf(records);
  return new Map(
    records.map((record) => {
      const id: string = idOf(record);
      return [id, { id, name: textOf(record.name) ?? '', kind: kinds.get(id), isSystem: isSystem(record), record }];
    }),
  );
}
