import type { AttributeId, IconId, ObjectId, ObjectSchemaId, ObjectTypeId } from '../model/ids.ts';
import type { ApiRecord, JsonRecord } from '../model/json.ts';
import type { SiteWait } from '../model/site-wait.ts';
import type { Offered, RequestCounts } from './assets-reader.ts';

/**
 * Everything that a restore writes, in the shapes that Atlassian documents. Deletes are for an undo alone.
 *
 * Creates are not idempotent, and none is sent a second time after it may have arrived: where its answer is lost they throw
 * OutcomeUnknownError, and who called has to look first. Updates, moves and deletes may be sent twice and are
 * retried, so NotFoundError of a delete says no more than that the thing is gone, whoever deleted it. A token without the scope to
 * delete is answered PermissionRefusedError.
 * All methods throw LoginRefusedError (401), PermissionRefusedError (403), NotFoundError (404), RequestRefusedError (other
 * 4xx, with the refused fields), RateLimitedError after retries; updates also SiteUnavailableError and UnexpectedAnswerError.
 */
export interface AssetsWriter {
  /** Different for every writer, also of other processes. */
  readonly id: string;
  createObjectSchema(input: NewObjectSchema): Promise<ApiRecord>;
  /** Of the three properties whose POST is documented; the GET shows two more. */
  setObjectSchemaProperties(id: ObjectSchemaId, properties: Partial<WritableSchemaProperties>): Promise<void>;
  createStatusType(input: NewStatusType): Promise<ApiRecord>;
  createReferenceType(input: NewReferenceType): Promise<JsonRecord>;
  /** Undocumented, in three steps (Salto): not every site offers it. A step whose answer is lost counts as unknown. */
  uploadIcon(name: string, png: Uint8Array): Promise<Offered<ApiRecord>>;
  createObjectType(input: NewObjectType): Promise<ApiRecord>;
  /** Puts a type at a place among its siblings; `toObjectTypeId` names the parent, and is left out for a root. */
  moveObjectType(id: ObjectTypeId, place: { position: number; toObjectTypeId?: ObjectTypeId }): Promise<void>;
  createAttribute(objectTypeId: ObjectTypeId, input: NewAttribute): Promise<ApiRecord>;
  /** Sets the given fields and leaves the others. */
  updateAttribute(objectTypeId: ObjectTypeId, id: AttributeId, fields: AttributeFields): Promise<void>;
  /** Undocumented: not every site offers it. */
  moveAttribute(objectTypeId: ObjectTypeId, id: AttributeId, position: number): Promise<Offered<void>>;
  createObject(objectTypeId: ObjectTypeId, values: readonly SentValues[]): Promise<CreatedObject>;
  /** Replaces the values of the given attributes and leaves the others. Sends nothing where it sees that all of them stand. */
  updateObject(id: ObjectId, objectTypeId: ObjectTypeId, values: readonly SentValues[]): Promise<void>;
  /** Undocumented: not every site offers it. `comment` is HTML. The id where the site gives one. */
  createComment(objectId: ObjectId, input: { role: number; comment: string }): Promise<Offered<string | undefined>>;
  /** Final: a site keeps no bin. References to it vanish from the objects that have them. */
  deleteObject(id: ObjectId): Promise<void>;
  /** With all that is in it, so whoever calls has looked that it is empty; the same for a schema. */
  deleteObjectType(id: ObjectTypeId): Promise<void>;
  deleteObjectSchema(id: ObjectSchemaId): Promise<void>;
  /** With its values in all objects. */
  deleteAttribute(id: AttributeId): Promise<void>;
  deleteStatusType(id: string): Promise<void>;
  /** Undocumented: not every site offers it. */
  deleteReferenceType(id: string): Promise<Offered<void>>;
  /** The same. */
  deleteIcon(id: IconId): Promise<Offered<void>>;
  /** Requests started so far by this writer, retries included. */
  requests(): RequestCounts;
  /** The longest times for which the site held it back so far. */
  waits(): readonly SiteWait[];
}

export interface NewObjectSchema {
  readonly name: string;
  readonly objectSchemaKey: string;
  readonly displayName?: string;
  readonly description?: string;
}

export interface WritableSchemaProperties {
  readonly allowOtherObjectSchema: boolean;
  readonly validateQuickCreate: boolean;
  readonly quickCreateObjects: boolean;
}

export interface NewStatusType {
  readonly name: string;
  readonly category: number;
  readonly displayName?: string;
  readonly description?: string;
  /** Left out for a global one. */
  readonly objectSchemaId?: ObjectSchemaId;
}

export interface NewReferenceType {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly color?: string;
  readonly objectSchemaId?: ObjectSchemaId;
}

export interface NewObjectType {
  readonly name: string;
  readonly objectSchemaId: ObjectSchemaId;
  readonly iconId: IconId;
  readonly inherited: boolean;
  readonly abstractObjectType: boolean;
  readonly displayName?: string;
  readonly description?: string;
  readonly parentObjectTypeId?: ObjectTypeId;
}

/** Fields of an attribute that may be set (reference, section 2.4), without those that say what kind it is. */
export interface AttributeFields {
  readonly name?: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly label?: boolean;
  readonly additionalValue?: string;
  readonly typeValueMulti?: readonly string[];
  readonly minimumCardinality?: number;
  readonly maximumCardinality?: number;
  readonly suffix?: string;
  readonly summable?: boolean;
  readonly includeChildObjectTypes?: boolean;
  readonly hidden?: boolean;
  readonly uniqueAttribute?: boolean;
  readonly regexValidation?: string;
  readonly qlQuery?: string;
  readonly options?: string;
}

export interface NewAttribute extends AttributeFields {
  readonly name: string;
  /** 0 default, 1 reference, 2 user, 3 Confluence, 4 group, 5 version, 6 project, 7 status, 8 Bitbucket. */
  readonly type: number;
  /** Of type 0. */
  readonly defaultTypeId?: number;
  /** Of a reference: the object type that it points to. */
  readonly typeValue?: string;
}

/** All values of one attribute of an object, in order. An empty list clears it. */
export interface SentValues {
  readonly attributeId: AttributeId;
  readonly values: readonly string[];
  /**
   * The same values in another spelling: of objects the ids instead of the keys, of groups the ids instead of the names. The
   * sources disagree about which of them a site takes (reference, section 9, numbers 9 and 11).
   */
  readonly alternatives?: { readonly of: 'object' | 'group'; readonly values: readonly string[] };
}

export interface CreatedObject {
  /** Without its attributes, as the API gives it. */
  readonly object: ApiRecord;
  /** Of those sent: the object is there without their values, which are still to be written by an update. */
  readonly unwritten: readonly AttributeId[];
}
