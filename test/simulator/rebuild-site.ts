import { kinds } from '../../simulator/site/kinds.ts';
import type { Attribute, ObjectType, StoredObject } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Client, Json } from './client.ts';

/**
 * Writes everything of a site into an empty one over HTTP, in a sensible order, with documented bodies only: the proof that
 * a full restore is possible. It knows the site's state, so it is no restore. A refused write throws.
 *
 * @returns ids of objects at the source and at the target
 */
export async function rebuild(source: SimulatedSite, client: Client): Promise<Map<number, string>> {
  const rebuilding = new Rebuilding(source, client);
  await rebuilding.schemas();
  await rebuilding.statusesAndReferenceTypes();
  await rebuilding.icons();
  await rebuilding.types();
  await rebuilding.attributes();
  await rebuilding.objects();
  await rebuilding.restrictions();
  await rebuilding.emptyNames();
  await rebuilding.attributeOrder();
  await rebuilding.comments();
  return rebuilding.objectIds;
}

class Ids extends Map<number, string> {
  /** Undefined for undefined only: a body then lacks the field. */
  of(id: number | undefined): string | undefined {
    if (id === undefined) return undefined;
    const other = this.get(id);
    if (other === undefined) throw new Error(`nothing corresponds to ${id}`);
    return other;
  }
}

class Rebuilding {
  readonly objectIds = new Ids();
  readonly #schemaIds = new Ids();
  readonly #typeIds = new Ids();
  readonly #attributeIds = new Ids();
  readonly #statusIds = new Ids();
  readonly #referenceTypeIds = new Ids();
  readonly #iconIds = new Ids();
  readonly #source: SimulatedSite;
  readonly #client: Client;

  constructor(source: SimulatedSite, client: Client) {
    this.#source = source;
    this.#client = client;
  }

  async schemas(): Promise<void> {
    for (const schema of this.#source.schemas.values()) {
      const body = { ...textsOf(schema), objectSchemaKey: schema.key };
      const { id } = await this.#write('post', '/objectschema/create', body);
      this.#schemaIds.set(schema.id, id);
      const { allowOtherObjectSchema, quickCreateObjects, validateQuickCreate } = schema.properties;
      const properties = { allowOtherObjectSchema, quickCreateObjects, validateQuickCreate };
      await this.#write('post', `/global/config/objectschema/${id}/property`, properties);
    }
  }

  /** Global ones that are there already are found by name. */
  async statusesAndReferenceTypes(): Promise<void> {
    for (const [path, things, ids] of [
      ['/config/statustype', this.#source.statusTypes, this.#statusIds],
      ['/config/referencetype', this.#source.referenceTypes, this.#referenceTypeIds],
    ] as const) {
      const there: Json[] = (await this.#client.get(path)).json;
      for (const thing of things.values()) {
        const same = thing.schemaId === undefined && there.find(({ name }) => name === thing.name);
        const fields = 'category' in thing ? { category: thing.category } : { color: thing.color };
        const body = { ...textsOf(thing), ...fields, objectSchemaId: this.#schemaIds.of(thing.schemaId) };
        ids.set(thing.id, same ? same.id : (await this.#write('post', path, body)).id);
      }
    }
  }

  async icons(): Promise<void> {
    const there: Json[] = (await this.#client.get('/icon/global')).json;
    for (const { id, name } of this.#source.icons.values()) {
      const image = this.#source.iconImages.get(id);
      const same = there.find((icon) => icon.name === name);
      this.#iconIds.set(id, image ? await this.#uploadIcon(name, image) : same.id);
    }
  }

  /** Parents come before children, siblings in their order, so no type has to be moved. */
  async types(): Promise<void> {
    for (const schema of this.#source.schemas.values())
      for (const root of this.#source.childTypes(schema.id, undefined)) await this.#typeWithChildren(root);
  }

  async #typeWithChildren(type: ObjectType): Promise<void> {
    const { id } = await this.#write('post', '/objecttype/create', {
      ...textsOf(type),
      objectSchemaId: this.#schemaIds.of(type.schemaId),
      iconId: this.#iconIds.of(type.iconId),
      parentObjectTypeId: this.#typeIds.of(type.parentId),
      inherited: type.inherited,
      abstractObjectType: type.abstract,
    });
    this.#typeIds.set(type.id, id);
    const there: Json[] = (await this.#client.get(`/objecttype/${id}/attributes?excludeParentAttributes=true`)).json;
    for (const { id: attributeId, role, name } of this.#source.typeAttributes(type.id)) {
      if (role) this.#attributeIds.set(attributeId, there.find((attribute) => attribute.name === name).id);
    }
    for (const child of this.#source.childTypes(type.schemaId, type.id)) await this.#typeWithChildren(child);
  }

  /** Without what restricts values. */
  async attributes(): Promise<void> {
    for (const attribute of this.#source.attributes.values()) {
      if (attribute.role) continue;
      const { type, defaultType } = kinds[attribute.kind];
      const { additionalValue, maximumCardinality, suffix, summable, options, includeChildObjectTypes } = attribute;
      const { id } = await this.#write('post', `/objecttypeattribute/${this.#typeIds.of(attribute.typeId)}`, {
        ...textsOf(attribute),
        ...{ type, defaultTypeId: defaultType?.id, typeValue: this.#typeIds.of(attribute.targetTypeId) },
        additionalValue: this.#referenceTypeIds.of(attribute.referenceTypeId) ?? additionalValue,
        ...{ maximumCardinality, suffix, summable, options, includeChildObjectTypes },
      });
      this.#attributeIds.set(attribute.id, id);
    }
  }

  /** First all with their names only, then the rest, so that references have something to point to. */
  async objects(): Promise<void> {
    const all = [...this.#source.objects.all()];
    const isName = ({ role, label }: Attribute) => role === 'name' || label;
    for (const object of all) {
      const { id } = await this.#write('post', '/object/create', this.#objectBody(object, isName));
      this.objectIds.set(object.id, id);
    }
    for (const object of all) await this.#update(object, (attribute) => !isName(attribute));
  }

  async restrictions(): Promise<void> {
    for (const attribute of this.#source.attributes.values()) {
      if (!isWritable(attribute)) continue;
      const isStatus = attribute.kind === 'status';
      const path = `/objecttypeattribute/${this.#typeIds.of(attribute.typeId)}/${this.#attributeIds.of(attribute.id)}`;
      await this.#write('put', path, {
        ...textsOf(attribute),
        ...(attribute.label ? { label: true } : {}),
        hidden: attribute.hidden,
        uniqueAttribute: attribute.unique,
        minimumCardinality: attribute.minimumCardinality,
        regexValidation: attribute.regexValidation,
        qlQuery: attribute.qlQuery && this.#filter(attribute.qlQuery),
        typeValueMulti: attribute.typeValueMulti.map((id) => (isStatus ? this.#statusIds.of(Number(id)) : id)),
      });
    }
  }

  /** A Name is required until its restrictions are written, so objects without one had a stand-in. */
  async emptyNames(): Promise<void> {
    for (const object of this.#source.objects.all())
      await this.#update(object, ({ id, role }) => role === 'name' && !object.values.has(id));
  }

  async attributeOrder(): Promise<void> {
    for (const type of this.#source.types.values()) {
      for (const [position, { id, role, typeId }] of this.#source.typeAttributes(type.id).entries()) {
        if (role || typeId !== type.id) continue;
        const path = `/objecttypeattribute/${this.#typeIds.of(type.id)}/${this.#attributeIds.of(id)}/position`;
        await this.#write('post', path, { position });
      }
    }
  }

  async comments(): Promise<void> {
    for (const object of this.#source.objects.all()) {
      for (const { actor, createdMs, role, text } of this.#source.commentsOf(object.id)) {
        const author = this.#source.users.get(actor)?.displayName ?? '';
        const escaped = author.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        const comment = `<p>${escaped}, ${new Date(createdMs).toISOString()}</p>${text}`;
        await this.#write('post', '/comment/create', { objectId: this.objectIds.of(object.id), role, comment });
      }
    }
  }

  async #update(object: StoredObject, isSent: (attribute: Attribute) => boolean): Promise<void> {
    const body = this.#objectBody(object, isSent);
    if (body.attributes.length > 0) await this.#write('put', `/object/${this.objectIds.of(object.id)}`, body);
  }

  #objectBody(object: StoredObject, isSent: (attribute: Attribute) => boolean) {
    const sent = this.#source.typeAttributes(object.typeId).filter((each) => isWritable(each) && isSent(each));
    const isNew = !this.objectIds.has(object.id);
    const attributes = sent.map((attribute) => {
      const texts = (object.values.get(attribute.id) ?? []).map((text) => this.#value(attribute, text));
      const objectAttributeValues = (isNew && texts.length === 0 ? ['stand-in'] : texts).map((value) => ({ value }));
      return { objectTypeAttributeId: this.#attributeIds.of(attribute.id), objectAttributeValues };
    });
    return { objectTypeId: this.#typeIds.of(object.typeId), attributes };
  }

  #value({ kind }: Attribute, text: string): string | undefined {
    if (kind === 'reference') return this.objectIds.of(Number(text));
    return kind === 'status' ? this.#statusIds.of(Number(text)) : text;
  }

  #filter(filter: string): string {
    const translated = (text: string, ids: Ids) => text.replaceAll(/\d+/g, (id) => ids.of(Number(id)) ?? id);
    return filter
      .replaceAll(/objectTypeId\s*(=|in)\s*(\d+|\([^)]*\))/gi, (text) => translated(text, this.#typeIds))
      .replaceAll(/objectSchemaId\s*(=|in)\s*(\d+|\([^)]*\))/gi, (text) => translated(text, this.#schemaIds));
  }

  async #uploadIcon(name: string, image: Buffer): Promise<string> {
    const { mediaJwtToken } = (await this.#client.get('/icon/token-for-uploading-icon')).json;
    const address = `${this.#client.simulator.url}/file/binary?collection=icons&name=${encodeURIComponent(name)}.png`;
    const headers = { Authorization: `Bearer ${mediaJwtToken}` };
    const { data } = (await (
      await fetch(address, { method: 'POST', body: new Uint8Array(image), headers })
    ).json()) as Json;
    return (await this.#write('post', '/icon/create', { name, mediaFileUuid: data.id })).id;
  }

  async #write(method: 'post' | 'put', path: string, body: object): Promise<Json> {
    const { status, text, json } = await this.#client[method](path, body);
    if (status >= 300) throw new Error(`${path} ${JSON.stringify(body)}: ${status} ${text}`);
    return json;
  }
}

interface Texts {
  name: string;
  displayName: string;
  description: string | undefined;
}

function textsOf({ name, displayName, description }: Texts): Texts {
  return { name, displayName, description };
}

function isWritable({ role }: Attribute): boolean {
  return role === undefined || role === 'name';
}
