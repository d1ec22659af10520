/**
 * Whether Atlassian manages a schema: nobody else can make or change it. That is Services, which Jira Service Management makes
 * by itself, and which is read-only. Its marks are its key and its name (samples/objectschema-list.json; Atlassian's page on
 * object schemas). Neither `canManage`, which may be about the account that asks, nor `atlassianTemplateId`, which schemas of
 * customers have as well, says anything about it.
 */
export function isManagedByAtlassian({ key, name }: { readonly key: unknown; readonly name: unknown }): boolean {
  return key === 'SVC' && name === 'Services';
}
