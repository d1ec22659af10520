import type { FieldContext, IssueField } from '../site/issue-records.ts';
import type { JsonObject } from '../site/raw-json.ts';
import type { SiteState } from '../site/site-state.ts';

/** By this Jira tells its Assets fields from others (JR, SALTO). */
const assetsField = 'com.atlassian.jira.plugins.cmdb:cmdb-object-cftype';

/** An entry of `GET /rest/api/3/field`: every field by all the names that JQL takes for it. */
export function fieldShape({ quirks }: SiteState, { id, name }: IssueField): JsonObject {
  const key = `customfield_${id}`;
  return {
    id: key,
    key,
    name,
    untranslatedName: name,
    custom: true,
    orderable: true,
    navigable: true,
    searchable: true,
    clauseNames: quirks.fieldIdsInJql === 'unlisted' ? [name] : [`cf[${id}]`, name],
    schema: schemaShape(id),
  };
}

/** An entry of `GET /rest/api/3/field/search`. */
export function searchedFieldShape({ id, name, description, contexts }: IssueField): JsonObject {
  const key = `customfield_${id}`;
  return {
    id: key,
    key,
    name,
    schema: schemaShape(id),
    description,
    isLocked: false,
    isUnscreenable: false,
    searcherKey: 'com.atlassian.jira.plugins.cmdb:cmdb-object-searcher',
    screensCount: contexts.length,
    contextsCount: contexts.length,
  };
}

/** A field that every site has, and that is no Assets field. */
export const summaryShape: JsonObject = {
  id: 'summary',
  key: 'summary',
  name: 'Summary',
  custom: false,
  orderable: true,
  navigable: true,
  searchable: true,
  clauseNames: ['summary'],
  schema: { type: 'string', system: 'summary' },
};

/** An entry of `GET /rest/api/3/field/{fieldId}/context`. */
export function contextShape({ id, name, projects }: FieldContext): JsonObject {
  return { id: String(id), name, description: '', isGlobalContext: projects.length === 0, isAnyIssueType: true };
}

/** `GET /rest/servicedesk/cmdb/latest/fieldconfig/{id}`, undocumented (SALTO): without a schema where nobody configured it. */
export function fieldConfigurationShape(site: SiteState, { configuration }: FieldContext): JsonObject {
  const { objectSchemaId, ...others } = configuration;
  if (objectSchemaId === undefined) return { ...others };
  return {
    objectSchemaId: String(objectSchemaId),
    workspaceId: site.workspaceId,
    objectSchemaName: site.schemas.get(objectSchemaId)?.name ?? '',
    ...others,
  };
}

function schemaShape(id: number): JsonObject {
  return { type: 'array', items: 'cmdb-object-field', custom: assetsField, customId: id };
}
