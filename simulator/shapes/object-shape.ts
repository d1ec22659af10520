import type { JsonObject } from '../site/raw-json.ts';
import type { Attribute, ObjectType, StoredObject } from '../site/records.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { uuidFrom } from '../site/uuid.ts';
import { attributeShape } from './attribute-shape.ts';
import { assetsBase, globalId, isoTime } from './links.ts';
import { objectTypeShape } from './object-type-shape.ts';
import { valueShape } from './value-shape.ts';

/**
 * `Object` of the specification.
 *
 * `attributes: 'plain'` is the form of `object/aql`, whose entries lack the definition; `'nested'` that of GET and PUT
 * object, whose entries carry it; `'none'` that of create, and of a referenced object.
 */
export function objectShape(
  site: SimulatedSite,
  object: StoredObject,
  options: { attributes: 'none' | 'plain' | 'nested'; extendedInfo?: boolean },
): JsonObject {
  const { attributes } = options;
  const label = site.label(object);
  return {
    workspaceId: site.workspaceId,
    globalId: globalId(site, object.id),
    id: String(object.id),
    label,
    objectKey: site.objectKey(object),
    avatar: avatarShape(site, object),
    objectType: typesOf(site).shape(site.type(object.typeId)),
    created: isoTime(object.createdMs),
    updated: isoTime(object.updatedMs),
    hasAvatar: object.hasAvatar,
    timestamp: object.createdMs,
    ...(attributes === 'none' ? {} : { attributes: objectAttributeShapes(site, object, attributes === 'nested') }),
    _links: { self: `${assetsBase(site)}/object/${object.id}` },
    name: label,
    ...(options.extendedInfo
      ? { extendedInfo: { openIssuesExists: site.ticketsOf(object.id).length > 0, attachmentsExists: false } }
      : {}),
    ...object.extra?.object,
  };
}

/** A referenced object is a whole object without attributes (samples/object-aql.json). */
export function referencedObjectShape(site: SimulatedSite, object: StoredObject): JsonObject {
  return objectShape(site, object, { attributes: 'none' });
}

/** `ObjectAttribute` entries; attributes without a value are absent, as in the official example. */
export function objectAttributeShapes(site: SimulatedSite, object: StoredObject, isNested: boolean): JsonObject[] {
  const shapes: JsonObject[] = [];
  for (const attribute of site.typeAttributes(object.typeId)) {
    const values = attributeTexts(site, object, attribute)
      .map((text) => valueShape(site, attribute, text))
      .filter((value) => value !== undefined)
      .map((value) => (object.extra?.value ? { ...value, ...object.extra.value } : value));
    if (values.length === 0) continue;
    // Number of the pair of object and attribute: stable, and unlike either of them.
    const id = object.id * 100_000 + attribute.id;
    shapes.push({
      workspaceId: site.workspaceId,
      globalId: globalId(site, id),
      id: String(id),
      ...(isNested
        ? { objectTypeAttribute: attributeShape(site, attribute, { documentedType: true, objectType: false }) }
        : {}),
      objectTypeAttributeId: String(attribute.id),
      objectAttributeValues: values,
      objectId: String(object.id),
      ...object.extra?.attribute,
    });
  }
  return shapes;
}

/** The texts of an attribute, those that the site makes itself included. */
export function attributeTexts(site: SimulatedSite, object: StoredObject, attribute: Attribute): readonly string[] {
  switch (attribute.role) {
    case 'key':
      return [site.objectKey(object)];
    case 'created':
      return [isoTime(object.createdMs)];
    case 'updated':
      return [isoTime(object.updatedMs)];
    default:
      return object.values.get(attribute.id) ?? [];
  }
}

function avatarShape(site: SimulatedSite, object: StoredObject): JsonObject {
  const url = `${assetsBase(site)}/objecttype/${object.typeId}/icon.png`;
  return {
    workspaceId: site.workspaceId,
    url16: `${url}?size=16`,
    url48: `${url}?size=48`,
    url72: `${url}?size=72`,
    url144: `${url}?size=144`,
    url288: `${url}?size=288`,
    objectId: String(object.id),
    mediaClientConfig: {
      clientId: uuidFrom(0xc11e, 1),
      mediaBaseUrl: 'https://api.media.atlassian.com',
      mediaJwtToken: site.nextMediaToken(),
      fileId: uuidFrom(0xf11e, object.id),
    },
  };
}

/** A page of 500 objects shows the same few types again and again, so their shapes are made once per configuration. */
class TypeShapes {
  readonly #shapes = new Map<number, JsonObject>();
  readonly #site: SimulatedSite;
  #madeFor = '';

  constructor(site: SimulatedSite) {
    this.#site = site;
  }

  shape(type: ObjectType): JsonObject {
    const { configurationRevision, linkBase, quirks } = this.#site;
    const madeFor = `${configurationRevision} ${linkBase} ${quirks.displayName} ${quirks.iconIds}`;
    if (madeFor !== this.#madeFor) {
      this.#shapes.clear();
      this.#madeFor = madeFor;
    }
    const known = this.#shapes.get(type.id);
    if (known) return known;
    const shape = objectTypeShape(this.#site, type, { nested: true });
    this.#shapes.set(type.id, shape);
    return shape;
  }
}

const typeShapes = new WeakMap<SimulatedSite, TypeShapes>();

function typesOf(site: SimulatedSite): TypeShapes {
  const shapes = typeShapes.get(site) ?? new TypeShapes(site);
  typeShapes.set(site, shapes);
  return shapes;
}
