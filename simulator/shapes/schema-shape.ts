import type { JsonObject } from '../site/raw-json.ts';
import type { Schema } from '../site/records.ts';
import type { SiteState } from '../site/site-state.ts';
import { displayName, globalId, isoTime, optional } from './links.ts';

/** `ObjectSchema`; counts are 0 unless asked for, `canManage` stands in lists only (samples/objectschema-*.json), and is about the login, which nobody documents. */
export function schemaShape(
  site: SiteState,
  schema: Schema,
  options: { counts: boolean; canManage: boolean },
): JsonObject {
  return {
    workspaceId: site.workspaceId,
    globalId: globalId(site, schema.id),
    id: String(schema.id),
    name: schema.name,
    ...displayName(site, schema),
    objectSchemaKey: schema.key,
    status: 'Ok',
    ...optional('description', schema.description),
    created: isoTime(schema.createdMs),
    updated: isoTime(schema.updatedMs),
    objectCount: options.counts ? site.objectCountOfSchema(schema.id, 'schema') : 0,
    objectTypeCount: options.counts ? site.typesOfSchema(schema.id).length : 0,
    ...(options.canManage ? { canManage: schema.canManage && site.roles.manages(schema) } : {}),
    ...schema.extra,
  };
}
