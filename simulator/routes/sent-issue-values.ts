import type { JsonObject } from '../site/raw-json.ts';
import { fieldError, Refusal } from '../site/refusal.ts';
import type { SiteState } from '../site/site-state.ts';

/**
 * Ids of objects by the names of the fields that a body sets: in `fields`, or by the operation `set` in `update`, which is the form
 * of Atlassian's article (samples/jira-issue-field.json). A field in both is refused, as Jira documents.
 */
export function sentIssueValues(site: SiteState, body: JsonObject): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(record(body.fields, 'fields'))) {
    values.set(name, objectIds(site, name, value));
  }
  for (const [name, operations] of Object.entries(record(body.update, 'update'))) {
    if (values.has(name)) throw fieldError(name, `Field '${name}' cannot be in both fields and update.`);
    if (!Array.isArray(operations) || operations.length !== 1) throw fieldError(name, 'One operation is expected');
    const [[operation, value] = ['', null], ...others] = Object.entries(record(operations[0], name));
    if (operation !== 'set' || others.length > 0)
      throw fieldError(name, `Field does not support the operation '${operation}'`);
    values.set(name, objectIds(site, name, value));
  }
  return values;
}

function record(value: unknown, name: string): JsonObject {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new Refusal(400, `${name} is not an object`);
}

/** Each has at least its global id; a workspace and an object id beside it have to fit. */
function objectIds(site: SiteState, name: string, value: unknown): readonly string[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw fieldError(name, 'data was not an array');
  return value.map((entry: unknown) => {
    const { workspaceId = site.workspaceId, id, objectId } = record(entry, name);
    const [, workspace, object] = /^(.+):(\d+)$/.exec(String(id)) ?? [];
    const fits = workspace === site.workspaceId && workspaceId === site.workspaceId;
    if (!fits || object === undefined || (objectId !== undefined && objectId !== object)) {
      throw fieldError(name, 'The Assets object is not valid: its id is <workspace id>:<object id>.');
    }
    return object;
  });
}
