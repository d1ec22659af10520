import type { Issue } from '../site/issue-records.ts';
import { fieldNumber, shownObjects } from '../site/issue-values.ts';
import type { JsonObject } from '../site/raw-json.ts';
import type { SiteState } from '../site/site-state.ts';
import { globalId, isoTime } from './links.ts';

/** An issue with the fields that were asked for by name (samples/jira-issue-field.json). Ids alone where only those were. */
export function issueShape(site: SiteState, issue: Issue, fields: readonly string[]): JsonObject {
  const id = String(issue.id);
  const names = fields.filter((name) => name !== 'id' && name !== 'key');
  if (names.length === 0 && !fields.includes('key')) return { id };
  const self = `${site.linkBase}/rest/api/3/issue/${id}`;
  const shape = { expand: 'operations,versionedRepresentations,editmeta,changelog', id, self, key: issue.key };
  if (names.length === 0) return shape;
  const held = names.map((name) => [name, fieldShape(site, issue, name)] as const);
  return { ...shape, fields: Object.fromEntries(held.filter(([, value]) => value !== undefined)) };
}

/** Undefined for a field that the site does not have: it is left out in silence. */
function fieldShape(site: SiteState, issue: Issue, name: string): unknown {
  if (name === 'summary') return issue.summary;
  if (name === 'updated') return isoTime(issue.updatedMs);
  if (name === 'created') return isoTime(issue.createdMs);
  const fieldId = fieldNumber(name);
  const field = fieldId === undefined ? undefined : site.issues.fields.get(fieldId);
  if (!field) return undefined;
  const { issueValueOrder, emptyIssueValues, singleIssueValues } = site.quirks;
  const ids = shownObjects(site, issue, field.id);
  const ordered = issueValueOrder === 'kept' ? ids : ids.toSorted((a, b) => Number(a) - Number(b));
  const objects = ordered.map((id) => objectInField(site, id));
  if (objects.length === 0) return emptyIssueValues === 'null' ? null : [];
  return objects.length === 1 && singleIssueValues === 'bare' ? objects[0] : objects;
}

function objectInField(site: SiteState, id: string): JsonObject {
  const { workspaceId } = site;
  switch (site.quirks.issueValueFields) {
    case 'all':
      return { workspaceId, id: globalId(site, Number(id)), objectId: id };
    case 'objectId':
      return { objectId: id };
    case 'id':
      return { id: globalId(site, Number(id)) };
  }
}
