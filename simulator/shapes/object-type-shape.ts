import type { JsonObject } from '../site/raw-json.ts';
import type { Icon, ObjectType } from '../site/records.ts';
import type { SiteState } from '../site/site-state.ts';
import { assetsBase, displayName, globalId, iconId, isoTime, optional } from './links.ts';

/**
 * `ObjectType` of the specification. The official examples have `type` where a type is nested in something else, and
 * lack it where the type itself is the answer.
 */
export function objectTypeShape(
  site: SiteState,
  type: ObjectType,
  options: { nested?: boolean; objectCount?: boolean } = {},
): JsonObject {
  const parent = type.parentId === undefined ? undefined : site.types.get(type.parentId);
  return {
    workspaceId: site.workspaceId,
    globalId: globalId(site, type.id),
    id: String(type.id),
    name: type.name,
    ...displayName(site, type),
    ...(options.nested ? { type: 0 } : {}),
    ...optional('description', type.description),
    icon: typeIconShape(site, type),
    position: type.position,
    created: isoTime(type.createdMs),
    updated: isoTime(type.updatedMs),
    objectCount: options.objectCount ? site.objectCountOfType(type.id, 'type') : 0,
    ...optional('parentObjectTypeId', parent && String(parent.id)),
    objectSchemaId: String(type.schemaId),
    inherited: type.inherited,
    abstractObjectType: type.abstract,
    parentObjectTypeInherited: parent?.inherited ?? false,
    ...type.extra,
  };
}

/** `Icon`; inside a type its links lead to the type's icon, as in the official examples. */
function typeIconShape(site: SiteState, type: ObjectType): JsonObject {
  const icon = site.icons.get(type.iconId);
  const url = `${assetsBase(site)}/objecttype/${type.id}/icon.png`;
  return { id: iconId(site, type.iconId), name: icon?.name ?? '', url16: `${url}?size=16`, url48: `${url}?size=48` };
}

/** As in samples/icon-global.json. */
export function iconShape(site: SiteState, icon: Icon): JsonObject {
  const url = `${assetsBase(site)}/icon/${iconId(site, icon.id)}/icon.png`;
  return { id: iconId(site, icon.id), name: icon.name, url16: `${url}?size=16`, url48: `${url}?size=48` };
}

/** A page of 500 objects shows the same few types again and again, so their shapes are made once per configuration. */
class TypeShapes {
  readonly #shapes = new Map<number, JsonObject>();
  readonly #site: SiteState;
  #madeFor = '';

  constructor(site: SiteState) {
    this.#site = site;
  }

  shape(type: ObjectType): JsonObject {
    const { configurationRevision, linkBase, quirks } = this.#site;
    const madeFor = `${configurationRevision} ${linkBase} ${quirks.displayName} ${quirks.displayNameShown} ${quirks.iconIds}`;
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

const shapesOf = new WeakMap<SiteState, TypeShapes>();

/** A type as it stands in an object. */
export function nestedTypeShape(site: SiteState, type: ObjectType): JsonObject {
  const shapes = shapesOf.get(site) ?? new TypeShapes(site);
  shapesOf.set(site, shapes);
  return shapes.shape(type);
}
