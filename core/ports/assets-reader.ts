import type { ExcessiveAnswerError } from '../errors.ts';
import type { IconId, ObjectId, ObjectSchemaId, ObjectTypeId } from '../model/ids.ts';
import type { ApiRecord, Json, JsonRecord } from '../model/json.ts';
import type { EndpointClass } from '../model/request-budget.ts';
import type { SiteWait } from '../model/site-wait.ts';

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
  /** The bytes of the icon's largest image (48 pixels): a PNG is documented, any image is taken. */
  iconImage(id: IconId): Promise<Uint8Array>;
  /**
   * One page of a type's own objects (not its children's), or of a schema's, all or those with ids of a range, ordered by key: at most
   * `maxResults`, and fewer where that is too much for one answer.
   * @param make what stands for each object on the page. It is asked as soon as an object is read, before the next one is, also of pages
   * that turn out to be no answer. @default the object
   */
  objects<T extends OnPage = ApiRecord>(query: ObjectPageQuery, make?: MakeOfObject<T>): Promise<ObjectPage<T>>;
  countObjects(where: ObjectScope): Promise<number>;
  /**
   * What was changed last in a schema, as a text that is another one after the next change: the object and its time. Undefined
   * where there is nothing yet.
   */
  newestChange(id: ObjectSchemaId): Promise<string | undefined>;
  /** One object, or undefined where the site says that there is none. */
  object(id: ObjectId): Promise<ApiRecord | undefined>;
  history(id: ObjectId): Promise<Json[]>;
  comments(id: ObjectId): Promise<Offered<Json[]>>;
  /** How many objects refer to it. */
  inboundReferences(id: ObjectId): Promise<number>;
  /** Ids of the issues that are connected to it; undefined where the site lists none and does not say that there are none. */
  connectedTickets(id: ObjectId): Promise<readonly string[] | undefined>;
  usage(): Promise<Offered<Usage>>;
  /** Whether a search finds the object: an index may lag behind a create. */
  isFoundBySearch(id: ObjectId): Promise<boolean>;
  /** The id of the object that has this key by now, as the search index knows it; undefined where it finds none. */
  idOfKey(key: string): Promise<ObjectId | undefined>;
  /**
   * All users of the site, deactivated ones included: by account id the e-mail address and the name, as far as the site shows them.
   * Takes a right that the login may lack.
   */
  accounts(): Promise<Offered<ReadonlyMap<string, readonly string[]>>>;
  /** All groups of the site, their ids by their names; takes a right that the login may lack. */
  groups(): Promise<Offered<ReadonlyMap<string, string>>>;
  /** Requests started so far by this reader, retries included. */
  requests(): RequestCounts;
  /** The longest times for which the site held it back so far. */
  waits(): readonly SiteWait[];
  /** By how many milliseconds the site's clock was ahead of ours at its last answer; undefined where it did not say. */
  clockDifference(): number | undefined;
}

/** Ids from `from` up to and with `to`; without `to`, all from there on. */
export interface IdRange {
  readonly from: number;
  readonly to?: number;
}

/** All objects of a type or a schema, or those with ids of a range (undocumented, but public tools compare `objectId` so); or one. */
export type ObjectScope =
  | { readonly objectTypeId: ObjectTypeId; readonly ids?: IdRange }
  | { readonly objectSchemaId: ObjectSchemaId; readonly ids?: IdRange }
  | { readonly objectId: ObjectId };

export type ObjectPageQuery = ObjectScope & {
  readonly startAt: number;
  readonly maxResults: number;
  /** False for a list of what there is. @default true */
  readonly withValues?: boolean;
  /** From the highest key down. @default false */
  readonly isDescending?: boolean;
};

/** An object on a page, or what was made of it. */
export type OnPage = Pick<ApiRecord, 'id'>;

export type MakeOfObject<T> = (object: ApiRecord, besides: BesidesObject) => T;

/** What a page says of an object besides its record. */
export interface BesidesObject {
  /** Definitions of the attributes that stand in the objects of its page. */
  readonly attributes: readonly ApiRecord[];
  /** What JSON.stringify writes of it, in UTF-8, where it came so: it can be stored as it was received. */
  readonly received?: Uint8Array | undefined;
}

export interface ObjectPage<T extends OnPage = ApiRecord> {
  readonly objects: readonly T[];
  /** Definitions of the attributes that stand in the objects; AQL gives them beside the objects, not inside. */
  readonly attributes: readonly ApiRecord[];
  /** What the site says, which is not always so (JSDCLOUD-16556); undefined where it says nothing. */
  readonly isLast: boolean | undefined;
  /** What it weighed as JSON. */
  readonly bytes: number;
  /** Those of the objects that could not be read by themselves either, with the reason. They come without their values. */
  readonly unreadable?: ReadonlyMap<string, ExcessiveAnswerError>;
}

/** What `/usage` says: objects by schema, system schemas left out. */
export interface Usage {
  readonly objects: number;
  readonly schemas: readonly { readonly id: ObjectSchemaId; readonly name: string; readonly objects: number }[];
}

/** Requests by class; of them `retries` were sent again, and `throttled` were answered 429. */
export type RequestCounts = Readonly<Record<EndpointClass | 'retries' | 'throttled', number>>;
