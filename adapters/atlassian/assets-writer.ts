import { randomUUID } from 'node:crypto';
import { AssetsBackupError, RequestRefusedError } from '../../core/errors.ts';
import {
  type AttributeId,
  type IconId,
  idOf,
  type ObjectId,
  type ObjectSchemaId,
  type ObjectTypeId,
} from '../../core/model/ids.ts';
import type { ApiRecord, Json, JsonRecord } from '../../core/model/json.ts';
import type { EndpointClass } from '../../core/model/request-budget.ts';
import type { SiteWait } from '../../core/model/site-wait.ts';
import type { Offered, RequestCounts } from '../../core/ports/assets-reader.ts';
import type {
  AssetsWriter,
  AttributeFields,
  CreatedObject,
  NewAttribute,
  NewObjectSchema,
  NewObjectType,
  NewReferenceType,
  NewStatusType,
  SentValues,
  WritableSchemaProperties,
} from '../../core/ports/assets-writer.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { commentShape, jsonOf, objectShape, recordShape, referenceTypeShape } from './answer-shapes.ts';
import type { HttpClient } from './http-client.ts';
import { type IconAddresses, uploadIcon } from './icon-upload.ts';
import { unlessPagesCome, writeOffered } from './read-offered.ts';
import { deleteRefusalOf } from './refusals.ts';
import { RequestForms } from './request-forms.ts';
import { placeOf, type SiteRequest } from './site-request.ts';
import { path } from './web-address.ts';
import {
  attributeFields,
  bodyOf,
  newAttributeFields,
  objectSchemaFields,
  objectTypeFields,
  referenceTypeFields,
  schemaPropertyFields,
  statusTypeFields,
} from './write-bodies.ts';

/** What a site answers that does not have an undocumented endpoint, or not for a scoped token. */
const notOffered: readonly number[] = [401, 404, 405, 410, 501];

/**
 * The writes of Assets. Paths and bodies are those of Atlassian's specification of August 2026 (reference, sections 1.1 and 2), but
 * for icons, comments and the place of an attribute, which are undocumented (section 1.3). No path ends in a slash: that is another
 * route.
 */
export class AtlassianAssetsWriter implements AssetsWriter {
  readonly id = randomUUID();
  readonly #client: HttpClient;
  readonly #addresses: IconAddresses;
  readonly #forms = new RequestForms();

  constructor(client: HttpClient, addresses: IconAddresses) {
    this.#client = client;
    this.#addresses = addresses;
  }

  createObjectSchema(input: NewObjectSchema): Promise<ApiRecord> {
    return this.#create('configuration', '/objectschema/create', bodyOf(input, objectSchemaFields), recordOf);
  }

  /** A POST, but of what the properties are to be, so it may be sent twice. It answers 200 without a body. */
  setObjectSchemaProperties(id: ObjectSchemaId, properties: Partial<WritableSchemaProperties>): Promise<void> {
    const where = path`/global/config/objectschema/${id}/property`;
    return this.#update('POST', 'configuration', where, bodyOf(properties, schemaPropertyFields));
  }

  createStatusType(input: NewStatusType): Promise<ApiRecord> {
    return this.#create('configuration', '/config/statustype', bodyOf(input, statusTypeFields), recordOf);
  }

  createReferenceType(input: NewReferenceType): Promise<JsonRecord> {
    const read = (answer: Answer) => jsonOf(referenceTypeShape, answer);
    return this.#create('configuration', '/config/referencetype', bodyOf(input, referenceTypeFields), read);
  }

  uploadIcon(name: string, png: Uint8Array): Promise<Offered<ApiRecord>> {
    return unlessPagesCome(uploadIcon(this.#client, this.#addresses, name, png));
  }

  createObjectType(input: NewObjectType): Promise<ApiRecord> {
    return this.#create('configuration', '/objecttype/create', bodyOf(input, objectTypeFields), recordOf);
  }

  /** A position is given, not a step, so it may be sent twice. */
  moveObjectType(id: ObjectTypeId, place: { position: number; toObjectTypeId?: ObjectTypeId }): Promise<void> {
    const body = bodyOf(place, ['position', 'toObjectTypeId']);
    return this.#update('POST', 'configuration', path`/objecttype/${id}/position`, body);
  }

  createAttribute(objectTypeId: ObjectTypeId, input: NewAttribute): Promise<ApiRecord> {
    const where = path`/objecttypeattribute/${objectTypeId}`;
    return this.#create('configuration', where, bodyOf(input, newAttributeFields), recordOf);
  }

  updateAttribute(objectTypeId: ObjectTypeId, id: AttributeId, fields: AttributeFields): Promise<void> {
    const where = path`/objecttypeattribute/${objectTypeId}/${id}`;
    return this.#update('PUT', 'configuration', where, bodyOf(fields, attributeFields));
  }

  moveAttribute(objectTypeId: ObjectTypeId, id: AttributeId, position: number): Promise<Offered<void>> {
    const where = path`/objecttypeattribute/${objectTypeId}/${id}/position`;
    const answer = this.#client.update({
      ...this.#request('POST', 'configuration', where, { position }),
      ...writeOffered(`POST ${where}`, notOffered, nothingOf),
    });
    return unlessPagesCome(answer);
  }

  async createObject(objectTypeId: ObjectTypeId, values: readonly SentValues[]): Promise<CreatedObject> {
    let made: ApiRecord | undefined;
    const send = async (attributes: Json) => {
      if (made) await this.#putObject(idOf(made), objectTypeId, attributes);
      else made = await this.#create('object-create', '/object/create', { objectTypeId, attributes }, recordOf);
    };
    const read = async () => made && this.#object(idOf(made));
    const unwritten = await this.#forms.write({ values, isNew: true, send, read }).catch((error: unknown) => {
      // Whoever asked would make it once more. What went wrong afterwards will do so again where it counts: at the second write.
      if (made && error instanceof AssetsBackupError) return values;
      throw error;
    });
    if (!made) throw new Error('A create was neither answered nor did it fail.');
    return { object: made, unwritten: unwritten.map(({ attributeId }) => attributeId) };
  }

  async updateObject(id: ObjectId, objectTypeId: ObjectTypeId, values: readonly SentValues[]): Promise<void> {
    await this.#forms.write({
      values,
      isNew: false,
      send: (attributes) => this.#putObject(id, objectTypeId, attributes),
      read: () => this.#object(id),
    });
  }

  createComment(
    objectId: ObjectId,
    { role, comment }: { role: number; comment: string },
  ): Promise<Offered<string | undefined>> {
    const where = '/comment/create';
    const read = (answer: Answer) => {
      const { id } = jsonOf(commentShape, answer);
      return id === undefined || id === null ? undefined : String(id);
    };
    const answer = this.#client.create({
      ...this.#request('POST', 'comments', where, { role, objectId, comment }),
      ...writeOffered(`POST ${where}`, notOffered, read, {
        404: 'The site answers 404: it does not have this endpoint, or the object is gone.',
      }),
    });
    return unlessPagesCome(answer);
  }

  deleteObject(id: ObjectId): Promise<void> {
    return this.#delete('object-delete', path`/object/${id}`);
  }

  deleteObjectType(id: ObjectTypeId): Promise<void> {
    return this.#delete('configuration', path`/objecttype/${id}`);
  }

  deleteObjectSchema(id: ObjectSchemaId): Promise<void> {
    return this.#delete('configuration', path`/objectschema/${id}`);
  }

  deleteAttribute(id: AttributeId): Promise<void> {
    return this.#delete('configuration', path`/objecttypeattribute/${id}`);
  }

  deleteStatusType(id: string): Promise<void> {
    return this.#delete('configuration', path`/config/statustype/${id}`);
  }

  deleteReferenceType(id: string): Promise<Offered<void>> {
    return this.#deleteOffered(path`/config/referencetype/${id}`);
  }

  deleteIcon(id: IconId): Promise<Offered<void>> {
    return this.#deleteOffered(path`/icon/${id}`);
  }

  requests(): RequestCounts {
    return this.#client.counts();
  }

  waits(): readonly SiteWait[] {
    return this.#client.waits();
  }

  #putObject(id: ObjectId, objectTypeId: ObjectTypeId, attributes: Json): Promise<void> {
    return this.#update('PUT', 'object-update', path`/object/${id}`, { objectTypeId, attributes });
  }

  /** Undefined for an object that comes without attributes, which the specification allows: it does not say that it has none. */
  async #object(id: ObjectId): Promise<ApiRecord | undefined> {
    const read = (answer: Answer) => jsonOf(objectShape, answer);
    const object = await this.#client.read({ ...this.#request('GET', 'object', path`/object/${id}`), read });
    return object.attributes === undefined ? undefined : object;
  }

  #create<T>(endpointClass: EndpointClass, where: string, body: JsonRecord, read: (answer: Answer) => T): Promise<T> {
    return this.#client.create({ ...this.#request('POST', endpointClass, where, body), read });
  }

  #update(method: 'POST' | 'PUT', endpointClass: EndpointClass, where: string, body: JsonRecord): Promise<void> {
    return this.#client.update({ ...this.#request(method, endpointClass, where, body), read: nothingOf });
  }

  /** Its 404 is looked at: what is taken for gone is never looked for again. */
  #delete(endpointClass: EndpointClass, where: string): Promise<void> {
    const request = this.#request('DELETE', endpointClass, where);
    return this.#client.delete({
      ...request,
      alsoRead: [404],
      read(answer) {
        if (answer.status !== 404) return nothingOf(answer);
        if (answer.isWebPage) throw new WrongAnswer('404 with a web page');
        if (!answer.isUnknownRoute) throw deleteRefusalOf(answer, placeOf(request));
        throw new RequestRefusedError(`${placeOf(request)} was refused (404): the site does not have this endpoint.`);
      },
    });
  }

  /** Without the endpoint a 404 says so, or only web pages come; else the thing is gone. */
  #deleteOffered(where: string): Promise<Offered<void>> {
    const request = this.#request('DELETE', 'configuration', where);
    const { alsoRead, read } = writeOffered(placeOf(request), notOffered, nothingOf);
    const answer = this.#client.delete({
      ...request,
      alsoRead,
      read(answer) {
        const isGone = answer.status === 404 && !answer.isWebPage && !answer.isUnknownRoute;
        if (isGone) throw deleteRefusalOf(answer, placeOf(request));
        return read(answer);
      },
    });
    return unlessPagesCome(answer);
  }

  #request(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    endpointClass: EndpointClass,
    where: string,
    body?: JsonRecord,
  ): Omit<SiteRequest<never>, 'read'> {
    const url = `${this.#addresses.base}${where}`;
    return { method, url, path: where, endpointClass, ...(body && { body }) };
  }
}

/** What is created answers as it is now; without an id nobody could find it again. */
function recordOf(answer: Answer): ApiRecord {
  return jsonOf(recordShape, answer);
}

/** A success says all there is to know, but a web page is none: it comes from a proxy or a page for logging in. */
function nothingOf(answer: Answer): void {
  if (answer.bytes.length > 0 && answer.isWebPage) throw new WrongAnswer('a web page');
}
