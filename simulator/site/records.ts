import type { Kind } from './kinds.ts';
import type { JsonObject } from './raw-json.ts';

// What the site remembers. Ids are numbers here and strings on the wire. `extra` holds fields that no client knows:
// they are put into the answers as they are.

export interface User {
  accountId: string;
  displayName: string;
  emailAddress: string;
  active: boolean;
}

export interface Group {
  name: string;
  groupId: string;
}

export interface Project {
  id: number;
  key: string;
  name: string;
}

export interface SchemaProperties {
  allowOtherObjectSchema: boolean;
  createObjectsCustomField: boolean;
  quickCreateObjects: boolean;
  serviceDescCustomersEnabled: boolean;
  validateQuickCreate: boolean;
}

export interface Schema {
  id: number;
  key: string;
  name: string;
  displayName: string;
  description: string | undefined;
  /** False for schemas that Atlassian manages, such as Services. */
  canManage: boolean;
  createdMs: number;
  updatedMs: number;
  properties: SchemaProperties;
  extra?: JsonObject;
}

export interface Icon {
  id: number;
  name: string;
  /** Uploaded by this site, or among those that every site has. */
  custom: boolean;
}

export interface ObjectType {
  id: number;
  schemaId: number;
  parentId: number | undefined;
  name: string;
  displayName: string;
  description: string | undefined;
  iconId: number;
  position: number;
  /** Its children inherit its attributes. */
  inherited: boolean;
  abstract: boolean;
  createdMs: number;
  updatedMs: number;
  extra?: JsonObject;
}

/** The attributes that every type has from its creation. */
export type AutomaticRole = 'key' | 'name' | 'created' | 'updated';

export interface Attribute {
  id: number;
  /** The type that defines it; types below may inherit it. */
  typeId: number;
  role: AutomaticRole | undefined;
  kind: Kind;
  name: string;
  displayName: string;
  description: string | undefined;
  label: boolean;
  hidden: boolean;
  unique: boolean;
  summable: boolean;
  minimumCardinality: number;
  /** -1 means any number. */
  maximumCardinality: number;
  suffix: string | undefined;
  regexValidation: string | undefined;
  qlQuery: string | undefined;
  options: string;
  includeChildObjectTypes: boolean;
  /** Of references. */
  targetTypeId: number | undefined;
  referenceTypeId: number | undefined;
  /** Url: ENABLED/DISABLED. User: SHOW_PROFILE/HIDE_PROFILE. Confluence: space. */
  additionalValue: string | undefined;
  /** User: groups. Status: ids of the statuses that it may have. */
  typeValueMulti: readonly string[];
  position: number;
  extra?: JsonObject;
}

export interface StatusType {
  id: number;
  name: string;
  displayName: string;
  description: string | undefined;
  /** 0 inactive, 1 active, 2 pending. */
  category: number;
  schemaId: number | undefined;
}

export interface ReferenceType {
  id: number;
  name: string;
  displayName: string;
  description: string | undefined;
  /** Six hexadecimal digits. */
  color: string;
  removable: boolean;
  schemaId: number | undefined;
}

/** Fields that no client knows, at the places of an object where Atlassian might add some. */
export interface ObjectExtra {
  object?: JsonObject;
  attribute?: JsonObject;
  value?: JsonObject;
}

/**
 * Values are kept by what identifies them: the text of default kinds, the id of an object or status, an account id,
 * a group's name, a project's key. So 100,000 objects take little memory, and an answer is made when it is asked for.
 */
export type StoredValues = Map<number, readonly string[]>;

export interface StoredObject {
  readonly id: number;
  typeId: number;
  createdMs: number;
  updatedMs: number;
  /** Account id of who created it. */
  readonly createdBy: string;
  values: StoredValues;
  hasAvatar: boolean;
  hasAttachments: boolean;
  extra?: ObjectExtra;
}

export interface HistoryEntry {
  id: number;
  actor: string;
  attribute: string | undefined;
  oldValue: string | undefined;
  newValue: string | undefined;
  type: number;
  createdMs: number;
  extra?: JsonObject;
}

export interface Comment {
  id: number;
  actor: string;
  role: number;
  text: string;
  createdMs: number;
  updatedMs: number;
  extra?: JsonObject;
}
