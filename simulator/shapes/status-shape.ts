import type { JsonObject } from '../site/raw-json.ts';
import type { ReferenceType, StatusType } from '../site/records.ts';
import type { SiteState } from '../site/site-state.ts';
import { assetsBase, displayName, globalId, optional } from './links.ts';

/** As in samples/statustype-list.json and nested in values; `objectSchemaId` is null for global ones. */
export function statusShape(site: SiteState, status: StatusType): JsonObject {
  return {
    id: String(status.id),
    name: status.name,
    ...displayName(site, status),
    ...optional('description', status.description),
    category: status.category,
    objectSchemaId: status.schemaId === undefined ? null : String(status.schemaId),
  };
}

/** As answered to create and update (samples/statustype-create.json). */
export function writtenStatusShape(site: SiteState, status: StatusType): JsonObject {
  return { workspaceId: site.workspaceId, globalId: globalId(site, status.id), ...statusShape(site, status) };
}

/** As in samples/referencetype-list.json, which lacks workspaceId and globalId although the schema requires them. */
export function referenceTypeShape(site: SiteState, referenceType: ReferenceType): JsonObject {
  return {
    ...commonFields(site, referenceType),
    removable: referenceType.removable,
    objectSchemaId: referenceType.schemaId === undefined ? null : String(referenceType.schemaId),
  };
}

/** As nested in an attribute (samples/objecttype-attributes.json). */
export function nestedReferenceTypeShape(site: SiteState, referenceType: ReferenceType): JsonObject {
  return {
    workspaceId: site.workspaceId,
    globalId: globalId(site, referenceType.id),
    ...commonFields(site, referenceType),
    ...optional('objectSchemaId', referenceType.schemaId === undefined ? undefined : String(referenceType.schemaId)),
  };
}

function commonFields(site: SiteState, referenceType: ReferenceType): JsonObject {
  return {
    id: String(referenceType.id),
    name: referenceType.name,
    ...displayName(site, referenceType),
    ...optional('description', referenceType.description),
    color: referenceType.color,
    url16: `${assetsBase(site)}/config/referencetype/${referenceType.id}/image.png?size=16`,
  };
}
