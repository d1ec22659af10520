import { randomUUID } from 'node:crypto';
import { imageKindOf } from '../../core/backup-format/image-kind.ts';
import { UnexpectedAnswerError } from '../../core/errors.ts';
import type { IconId, ObjectId, ObjectSchemaId, ObjectTypeId } from '../../core/model/ids.ts';
import { type ApiRecord, isRecord, type Json, type JsonRecord, textOf } from '../../core/model/json.ts';
import type { EndpointClass } from '../../core/model/request-budget.ts';
import type { SiteWait } from '../../core/model/site-wait.ts';
import type {
  AssetsReader,
  MakeOfObject,
  ObjectPage,
  ObjectPageQuery,
  ObjectScope,
  Offered,
  OnPage,
  RequestCounts,
  Usage,
} from '../../core/ports/assets-reader.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { ExcessiveAnswer, mostPages } from './answer-bounds.ts';
import {
  anyRecordsShape,
  entriesShape,
  jsonOf,
  objectOfPage,
  objectPageShape,
  objectShape,
  propertiesShape,
  recordShape,
  recordsShape,
  referenceInfoShape,
  schemaPageShape,
  schemaShape,
  shaped,
  ticketsShape,
  totalCountShape,
  usageShape,
} from './answer-shapes.ts';
import type { HttpClient } from './http-client.ts';
import { jiraAccounts, jiraGroups } from './jira-lists.ts';
import { ObjectPages } from './object-pages.ts';
import { readOffered } from './read-offered.ts';
import type { SiteRequest } from './site-request.ts';
import { path } from './web-address.ts';

/** The documented page is 25 and no maximum is documented; the original scripts ask for 50. */
const schemasAPage = 50;
/** One would do, if every site sorted as it is asked to. */
const changesToSeeTheOrder = 10;

const records = (answer: Answer): ApiRecord[] => jsonOf(recordsShape, answer);
const anyRecords = (answer: Answer): JsonRecord[] => jsonOf(anyRecordsShape, answer);

/**
 * The reads of Assets. Paths and answers are those of Atlassian's specification of August 2026 (reference, section 1.1), but for
 * the schema properties and the comments, which are undocumented (section 1.3). No path ends in a slash: that is another route.
 */
export class AtlassianAssetsReader implements AssetsReader {
  readonly id = randomUUID();
  readonly #client: HttpClient;
  /** The address up to and with `/v1`. */
  readonly #base: string;
  /** The address to which `/rest/api/3` is added. */
  readonly #jira: string;
  readonly #pages = new ObjectPages({
    page: (query, make) => this.#objectPage(query, make),
    object: (id) => this.object(id),
  });

  constructor(client: HttpClient, base: string, jira: string) {
    this.#client = client;
    this.#base = base;
    this.#jira = jira;
  }

  /**
   * Trusts no total to be the end: pages are read until one says that it is the last or, where none says so, brings nothing new.
   * Only where they bring far more than the site counts they are taken for pages without an end.
   */
  async objectSchemas(): Promise<ApiRecord[]> {
    const schemas = new Map<string, ApiRecord>();
    let startAt = 0;
    for (;;) {
      const page = await this.#get(
        'configuration',
        '/objectschema/list',
        (answer) => {
          const { values, isLast, last, total } = jsonOf(schemaPageShape, answer);
          const saysLast = flag(isLast) ?? flag(last);
          const added = values.filter((schema) => !schemas.has(String(schema.id)));
          if (added.length === 0 && values.length > 0 && saysLast === false) {
            throw new WrongAnswer('a page that brings nothing new and yet is not the last');
          }
          if (schemas.size > mostSchemas(total)) throw new ExcessiveAnswer('pages without an end');
          // An official example says "false" on its only page, so an empty page is the end whatever it says.
          return { added, size: values.length, isLast: (saysLast ?? added.length === 0) || values.length === 0 };
        },
        { startAt, maxResults: schemasAPage, includeCounts: true },
      );
      for (const schema of page.added) schemas.set(String(schema.id), schema);
      if (page.isLast) return [...schemas.values()];
      startAt += page.size;
    }
  }

  objectSchema(id: ObjectSchemaId): Promise<ApiRecord> {
    return this.#get('configuration', path`/objectschema/${id}`, (answer) => sameId(id, jsonOf(schemaShape, answer)));
  }

  /** 405 as well means that the GET is not there: the documented POST has the same path. */
  objectSchemaProperties(id: ObjectSchemaId): Promise<Offered<JsonRecord>> {
    const where = path`/global/config/objectschema/${id}/property`;
    return this.#getOffered('configuration', where, [401, 404, 405], (answer) => jsonOf(propertiesShape, answer));
  }

  objectTypes(id: ObjectSchemaId): Promise<ApiRecord[]> {
    return this.#get('configuration', path`/objectschema/${id}/objecttypes/flat`, records, {
      includeObjectCounts: true,
    });
  }

  attributes(id: ObjectTypeId): Promise<ApiRecord[]> {
    return this.#get('object-type-attributes', path`/objecttype/${id}/attributes`, records);
  }

  schemaAttributes(id: ObjectSchemaId): Promise<ApiRecord[]> {
    return this.#get('configuration', path`/objectschema/${id}/attributes`, records);
  }

  globalStatusTypes(): Promise<ApiRecord[]> {
    return this.#get('configuration', '/config/statustype', records);
  }

  statusTypes(id: ObjectSchemaId): Promise<ApiRecord[]> {
    return this.#get('configuration', '/config/statustype', records, { objectSchemaId: id });
  }

  globalReferenceTypes(): Promise<JsonRecord[]> {
    return this.#get('configuration', '/config/referencetype', anyRecords);
  }

  referenceTypes(id: ObjectSchemaId): Promise<JsonRecord[]> {
    return this.#get('configuration', '/config/referencetype', anyRecords, { objectSchemaId: id });
  }

  globalIcons(): Promise<ApiRecord[]> {
    return this.#get('configuration', '/icon/global', records);
  }

  icon(id: IconId): Promise<ApiRecord> {
    return this.#get('configuration', path`/icon/${id}`, (answer) => jsonOf(recordShape, answer));
  }

  iconImage(id: IconId): Promise<Uint8Array> {
    const where = path`/icon/${id}/icon.png`;
    return this.#client.read({
      ...this.#request('GET', 'configuration', where, { size: 48 }),
      accept: 'image/png,image/*;q=0.9',
      read: (answer) => imageOf(answer, where),
    });
  }

  objects<T extends OnPage = ApiRecord>(
    query: ObjectPageQuery,
    make: MakeOfObject<T> = (object) => object as OnPage as T,
  ): Promise<ObjectPage<T>> {
    return this.#pages.read(query, make);
  }

  #objectPage<T extends OnPage>(pageQuery: ObjectPageQuery, make: MakeOfObject<T>): Promise<ObjectPage<T>> {
    const { startAt, maxResults, withValues = true, isDescending = false } = pageQuery;
    const query = { startAt, maxResults, includeAttributes: withValues };
    const aql = `${scopeOf(pageQuery)} order by Key ${isDescending ? 'desc' : 'asc'}`;
    return this.#search('object-aql', '/object/aql', aql, query, (answer) => objectPageOf(answer, make));
  }

  countObjects(where: ObjectScope): Promise<number> {
    const read = (answer: Answer) => numberOf(jsonOf(totalCountShape, answer).totalCount);
    return this.#search('object-count', '/object/aql/totalcount', scopeOf(where), {}, read);
  }

  /** Updated is an attribute of every type, and AQL orders by any attribute (AQLDOC). A site that sorts in another way does not say it. */
  newestChange(objectSchemaId: ObjectSchemaId): Promise<string | undefined> {
    const query = { startAt: 0, maxResults: changesToSeeTheOrder, includeAttributes: false };
    const aql = `${scopeOf({ objectSchemaId })} order by Updated desc`;
    return this.#search('object-aql', '/object/aql', aql, query, (answer) => {
      const [newest, ...others] = objectPageOf(answer, asItCame).objects;
      const time = ({ updated }: ApiRecord) => Date.parse(textOf(updated) ?? '');
      if (!newest || newest.updated === undefined || others.some((other) => time(other) > time(newest)))
        return undefined;
      return `${newest.id} ${JSON.stringify(newest.updated)}`;
    });
  }

  object(id: ObjectId): Promise<ApiRecord | undefined> {
    return this.#client.read({
      ...this.#request('GET', 'object', path`/object/${id}`),
      alsoRead: [404],
      read(answer) {
        if (answer.status !== 404) return sameId(id, jsonOf(objectShape, answer));
        // A proxy's page is not the site saying that there is no such object.
        if (answer.isWebPage) throw new WrongAnswer('404 with a web page');
        return undefined;
      },
    });
  }

  /** `asc` makes the order the same for everyone: left out, it is a setting of Jira. There is no paging. */
  history(id: ObjectId): Promise<Json[]> {
    return this.#get('history', path`/object/${id}/history`, (answer) => entriesOf(id, answer), { asc: true });
  }

  comments(id: ObjectId): Promise<Offered<Json[]>> {
    return this.#getOffered('comments', path`/comment/object/${id}`, [401, 404, 405, 410, 501], (answer) =>
      entriesOf(id, answer),
    );
  }

  inboundReferences(id: ObjectId): Promise<number> {
    return this.#get('object-references', path`/object/${id}/referenceinfo`, (answer) =>
      jsonOf(referenceInfoShape, answer).reduce((sum, entry) => sum + numberOf(entry.numberOfReferencedObjects), 0),
    );
  }

  /** The list is optional in the specification. */
  connectedTickets(id: ObjectId): Promise<readonly string[] | undefined> {
    return this.#get('object', path`/objectconnectedtickets/${id}/tickets`, (answer) => {
      const { tickets } = jsonOf(ticketsShape, answer);
      // One without an id is connected all the same.
      return tickets?.map((ticket) => (isRecord(ticket) ? textOf(ticket.id) : undefined) ?? '');
    });
  }

  /** 403 is documented: it takes an administrator. */
  usage(): Promise<Offered<Usage>> {
    return this.#getOffered('configuration', '/usage', [401, 403, 404], usageOf);
  }

  isFoundBySearch(id: ObjectId): Promise<boolean> {
    const query = { startAt: 0, maxResults: 1, includeAttributes: false };
    return this.#search('object-aql', '/object/aql', `objectId = ${aqlId(id)}`, query, (answer) =>
      objectPageOf(answer, asItCame).objects.some((object) => String(object.id) === id),
    );
  }

  idOfKey(key: string): Promise<ObjectId | undefined> {
    const query = { startAt: 0, maxResults: 1, includeAttributes: false };
    return this.#search('object-aql', '/object/aql', `Key = ${JSON.stringify(key)}`, query, (answer) => {
      const found = objectPageOf(answer, asItCame).objects.find(({ objectKey }) => objectKey === key);
      return found && (String(found.id) as ObjectId);
    });
  }

  accounts(): Promise<Offered<ReadonlyMap<string, readonly string[]>>> {
    return jiraAccounts(this.#client, this.#jira);
  }

  groups(): Promise<Offered<ReadonlyMap<string, string>>> {
    return jiraGroups(this.#client, this.#jira);
  }

  requests(): RequestCounts {
    return this.#client.counts();
  }

  waits(): readonly SiteWait[] {
    return this.#client.waits();
  }

  clockDifference(): number | undefined {
    return this.#client.clockDifference();
  }

  #get<T>(endpointClass: EndpointClass, where: string, read: (answer: Answer) => T, query: Query = {}): Promise<T> {
    return this.#client.read({ ...this.#request('GET', endpointClass, where, query), read });
  }

  #getOffered<T>(
    endpointClass: EndpointClass,
    where: string,
    notOffered: readonly number[],
    read: (answer: Answer) => T,
  ): Promise<Offered<T>> {
    return this.#client.read({
      ...this.#request('GET', endpointClass, where),
      ...readOffered(`GET ${where}`, notOffered, read),
    });
  }

  /** A search is a POST but changes nothing, so it may be retried like any other read. */
  #search<T>(
    endpointClass: EndpointClass,
    where: string,
    qlQuery: string,
    query: Query,
    read: (answer: Answer) => T,
  ): Promise<T> {
    return this.#client.read({ ...this.#request('POST', endpointClass, where, query), body: { qlQuery }, read });
  }

  #request(
    method: 'GET' | 'POST',
    endpointClass: EndpointClass,
    where: string,
    query: Query = {},
  ): Omit<SiteRequest<never>, 'read'> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) search.set(name, String(value));
    const url = `${this.#base}${where}${search.size > 0 ? `?${search}` : ''}`;
    return { method, url, path: where, endpointClass };
  }
}

/** Many more than a site counts, or could have where it does not count. */
const mostSchemas = (total: unknown) => (typeof total === 'number' ? 2 * total + 1000 : mostPages * schemasAPage);

type Query = Readonly<Record<string, string | number | boolean>>;

/** A count, also where it is a text, or was spelt in a way that made it opaque, such as 246.0. */
const numberOf = (count: number | string): number => Number(typeof count === 'string' ? count : JSON.stringify(count));

/** `isLast` is a boolean in the specification and the string "false" in its example. */
function flag(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : undefined;
}

const asItCame = (object: ApiRecord) => object;

/** `hasMoreResults`, which a third party saw, has the last word where it says that there is more. */
function objectPageOf<T extends OnPage>(answer: Answer, make: MakeOfObject<T>): ObjectPage<T> {
  const bytes = answer.bytes.length;
  const { json, items } = answer.received('values');
  const page = shaped(objectPageShape, json);
  const attributes = page.objectTypeAttributes ?? [];
  const objects: T[] = [];
  for (const { value, own } of items) objects.push(make(objectOfPage(value), { attributes, received: own }));
  const hasMore = flag(page.hasMoreResults);
  const saysLast = flag(page.isLast) ?? flag(page.last) ?? (hasMore === undefined ? undefined : !hasMore);
  return {
    objects,
    attributes,
    isLast: hasMore ? false : saysLast,
    bytes,
  };
}

/** Keywords of AQL for what is no attribute of an object (AQLDOC). */
function scopeOf(scope: ObjectScope): string {
  if ('objectId' in scope) return `objectId = ${aqlId(scope.objectId)}`;
  const of =
    'objectTypeId' in scope
      ? `objectTypeId = ${aqlId(scope.objectTypeId)}`
      : `objectSchemaId = ${aqlId(scope.objectSchemaId)}`;
  if (!scope.ids) return of;
  const from = `${of} AND objectId >= ${scope.ids.from}`;
  return scope.ids.to === undefined ? from : `${from} AND objectId <= ${scope.ids.to}`;
}

/** The documented ids are numbers. Another one is quoted, so that no id can be more than a value in a query. */
function aqlId(id: string): string {
  return /^\d+$/.test(id) ? id : JSON.stringify(id);
}

function sameId(asked: string, record: ApiRecord): ApiRecord {
  if (String(record.id) !== asked) throw new WrongAnswer('the record of another id');
  return record;
}

function entriesOf(id: ObjectId, answer: Answer): Json[] {
  const entries = jsonOf(entriesShape, answer);
  if (entries.some(({ objectId }) => objectId !== undefined && objectId !== null && String(objectId) !== id)) {
    throw new WrongAnswer('entries of another object');
  }
  return entries;
}

function usageOf(answer: Answer): Usage {
  const { totalObjectsCount, perSchemaUsageInfo } = jsonOf(usageShape, answer);
  return {
    objects: numberOf(totalObjectsCount),
    schemas: perSchemaUsageInfo.map(({ schemaId, schemaName, objectCount }) => ({
      id: String(schemaId) as ObjectSchemaId,
      name: schemaName ?? '',
      objects: numberOf(objectCount),
    })),
  };
}

/**
 * An image of any kind, also of one that we do not know where the site says that it is one. Something else is that icon's own fault
 * and stays so; only a web page or nothing at all may come from what stands between.
 */
function imageOf(answer: Answer, where: string): Uint8Array {
  const { bytes, headers } = answer;
  if (imageKindOf(bytes) !== 'bin') return bytes;
  if (bytes.length === 0) throw new WrongAnswer('nothing instead of an image');
  if (answer.isWebPage) throw new WrongAnswer('a web page instead of an image');
  if (/^image\//i.test(headers['content-type'] ?? '')) return bytes;
  throw new UnexpectedAnswerError(`GET ${where} answered something else than an image: the API may have changed.`);
}
