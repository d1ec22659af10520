import type { ExcessiveAnswerError } from '../errors.ts';
import type { IconId, ObjectId, ObjectSchemaId, ObjectTypeId } from '../model/ids.ts';
import type { ApiRecord, Json, JsonRecord } from '../model/json.ts';
import type { EndpointClass } from '../model/request-budget.ts';

/** An endpoint's answer, or the fact that this site does not have that endpoint. A failed request is neither: it throws. */
export type Offered<T> =
  | { readonly offered: true; readonly value: T }
  | { readonly offered: false; readonly reason: string };

/**
 * Everything that a backup or a restore reads. There is no way to change a site through this port.
 *
 * Records come whole, with fields that we know nothing of, but without media tokens, which are secrets.
 * All methods throw LoginRefusedError (401), PermissionRefusedError (403), NotFoundError (404), RequestRefusedError (other 4xx),
 * RateLimitedError, SiteUnavailableError, UnexpectedAnswerError or ExcessiveAnswerError, the last four only after retries.
 */
export interface AssetsReader {
  /** Different for every reader, also of other processes. */
  readonly id: string;
  objectSchemas(): Promise<ApiRecord[]>;
  objectSchema(id: ObjectSchemaId): Promise<ApiRecord>;
  /** Undocumented but used; not every site has it. */
  objectSchemaProperties(id: ObjectSchemaId): Promise<Offered<JsonRecord>>;
  /** All types of a schema, flat, with their object counts. */
  objectTypes(id: ObjectSchemaId): Promise<ApiRecord[]>;
  /** All attributes of a type, inherited ones included. */
  attributes(id: ObjectTypeId): Promise<ApiRecord[]>;
  /** Every attribute of a schema once, inherited or not, without its type: to check the lists of the types. */
  schemaAttributes(id: ObjectSchemaId): Promise<ApiRecord[]>;
  globalStatusTypes(): Promise<ApiRecord[]>;
  statusTypes(id: ObjectSchemaId): Promise<ApiRecord[]>;
  globalReferenceTypes(): Promise<JsonRecord[]>;
  referenceTypes(id: ObjectSchemaId): Promise<JsonRecord[]>;
  globalIcons(): Promise<ApiRecord[]>;
  icon(id: IconId): Promise<ApiRecord>;
  /** The bytes of the icon's largest PNG (48 pixels). */
  iconImage(id: IconId): Promise<Uint8Array>;
  /**
   * One page of a type's own objects (not its children's), ordered by key, with their values: at most `maxResults`, and fewer where
   * that is too much for one answer.
   */
  objects(query: ObjectPageQuery): Promise<ObjectPage>;
  countObjects(where: { objectTypeId: ObjectTypeId } | { objectSchemaId: ObjectSchemaId }): Promise<number>;
  /** One object, or undefined where the site says that there is none. */
  object(id: ObjectId): Promise<ApiRecord | undefined>;
  history(id: ObjectId): Promise<Json[]>;
  comments(id: ObjectId): Promise<Offered<Json[]>>;
  /** How many objects refer to it. */
  inboundReferences(id: ObjectId): Promise<number>;
  /** How many issues are connected to it; undefined where the site lists none and does not say that there are none. */
  connectedTickets(id: ObjectId): Promise<number | undefined>;
  usage(): Promise<Offered<Usage>>;
  /** Whether a search finds the object: an index may lag behind a create. */
  isFoundBySearch(id: ObjectId): Promise<boolean>;
  /** The id of the object that has this key by now, as the search index knows it; undefined where it finds none. */
  idOfKey(key: string): Promise<ObjectId | undefined>;
  /** Account ids of all users of the site, deactivated ones included; takes a right that the login may lack. */
  accountIds(): Promise<Offered<ReadonlySet<string>>>;
  /** All groups of the site, their ids by their names; takes a right that the login may lack. */
  groups(): Promise<Offered<ReadonlyMap<string, string>>>;
  /** Requests started so far by this reader, retries included. */
  requests(): RequestCounts;
  /** By how many milliseconds the site's clock was ahead of ours at its last answer; undefined where it did not say. */
  clockDifference(): number | undefined;
}

export interface ObjectPageQuery {
  readonly objectTypeId: ObjectTypeId;
  readonly startAt: number;
  readonly maxResults: number;
}

export interface ObjectPage {
  readonly objects: readonly ApiRecord[];
  /** Definitions of the attributes that stand in the objects; AQL gives them beside the objects, not inside. */
  readonly attributes: readonly ApiRecord[];
  /** What the site says, which is not always so (JSDCLOUD-16556); undefined where it says nothing. */
  readonly isLast: boolean | undefined;
  /** Those of the objects that could not be read by themselves either, with the reason. They come without their values. */
  readonly unreadable?: ReadonlyMap<string, ExcessiveAnswerError>;
}

/** What `/usage` says: objects by schema, system schemas left out. */
export interface Usage {
  readonly objects: number;
  readonly schemas: readonly { readonly id: ObjectSchemaId; readonly name: string; readonly objects: number }[];
}

export type RequestCounts = Readonly<Record<EndpointClass | 'retries', number>>;
