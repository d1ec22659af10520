/**
 * Stable short names of the endpoints, used by faults, limits, counters and hooks.
 * Every route has exactly one; the routes' table is checked against this list by its type.
 */
export type EndpointName = (typeof endpointNames)[number];

export const endpointNames = [
  // the Jira site
  'tenant-info',
  'workspace',
  'users-search',
  'group-bulk',
  // its issues
  'field-list',
  'field-search',
  'field-contexts',
  'fieldconfig',
  'fieldconfig-update',
  'issue-search',
  'issue-search-removed',
  'issue-bulkfetch',
  'issue',
  'issue-update',
  // schemas
  'objectschema-list',
  'objectschema',
  'objectschema-attributes',
  'objectschema-objecttypes',
  'objecttypes-flat',
  'schema-property',
  'objectschema-create',
  'objectschema-update',
  'objectschema-delete',
  'schema-property-update',
  // types and their attributes
  'objecttype',
  'objecttype-attributes',
  'objecttype-icon-png',
  'objecttype-create',
  'objecttype-update',
  'objecttype-delete',
  'objecttype-position',
  'attribute-create',
  'attribute-update',
  'attribute-configure',
  'attribute-position',
  'attribute-delete',
  // statuses and reference types
  'statustypes',
  'statustype',
  'statustype-create',
  'statustype-update',
  'statustype-delete',
  'referencetypes',
  'referencetype-create',
  'referencetype-update',
  'referencetype-delete',
  // icons
  'icon-global',
  'icon',
  'icon-png',
  'icon-token',
  'icon-media-upload',
  'icon-create',
  'icon-update',
  'icon-delete',
  // objects
  'object-aql',
  'totalcount',
  'object',
  'object-attributes',
  'history',
  'referenceinfo',
  'connected-tickets',
  'object-create',
  'object-update',
  'object-delete',
  // comments
  'comments',
  'comment-create',
  // the rest
  'usage',
  'unknown',
] as const;

const queries: readonly EndpointName[] = [
  'object-aql',
  'totalcount',
  'issue-search',
  'issue-search-removed',
  'issue-bulkfetch',
];

/** Whether a request asks for a change: all that is not a GET, but for queries, which are sent by POST. */
export function isWrite(endpoint: EndpointName, method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && !queries.includes(endpoint);
}
