import { matchesFilter } from '../aql/run-query.ts';
import type { Issue, IssueField } from './issue-records.ts';
import { contextOf, settableField } from './issue-values.ts';
import { fieldError, Refusal } from './refusal.ts';
import type { SiteState } from './site-state.ts';

interface Write {
  /** Ids of objects by names of fields, such as `customfield_10100`. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Account id. */
  readonly actor: string;
  /** What the request asks for; whether it is done is a quirk. */
  readonly notifies: boolean;
}

/** Sets fields of an issue as `PUT /rest/api/3/issue/{id}` does: all of them, or none where one is refused. */
export function writeIssue(site: SiteState, issue: Issue, { values, actor, notifies }: Write): void {
  if (issue.access !== 'edit') throw new Refusal(403, 'You do not have permission to edit issues in this project.');
  if (issue.isArchived) throw new Refusal(400, `The issue ${issue.key} is archived and cannot be edited.`);
  const { keepingFromWatchers } = site.quirks;
  if (!notifies && keepingFromWatchers === 'refused') {
    throw new Refusal(403, 'To discard the user notification either admin or project admin permissions are required.');
  }
  const checked = [...values].map(([name, ids]) => checkedField(site, issue, name, ids));
  if (!notifies && keepingFromWatchers === 'nothing-stored') return;
  const notified = notifies || keepingFromWatchers === 'ignored';
  for (const { field, ids } of checked) if (ids) setField(site, issue, field, { ids, actor, notified });
}

/** The field that a write names, and what is stored in it; undefined where it stays as it was. */
function checkedField(site: SiteState, issue: Issue, name: string, ids: readonly string[]) {
  const { invalidIssueValues, issueObjectsAtOnce = Number.POSITIVE_INFINITY } = site.quirks;
  const field = settableField(site, issue, name);
  if (ids.length > issueObjectsAtOnce)
    throw fieldError(name, `At most ${issueObjectsAtOnce} objects can be set at once.`);
  const isTooMany = ids.length > 1 && contextOf(field, issue)?.configuration.multiple === false;
  const valid = ids.filter((id) => allows(site, issue, field, id));
  if (valid.length === ids.length && !isTooMany) return { field, ids };
  if (invalidIssueValues === 'refused') {
    throw fieldError(name, `Assets objects are not valid for this field: ${ids.join(', ')}`);
  }
  return { field, ids: invalidIssueValues === 'left-out' && !isTooMany ? valid : undefined };
}

/** Stores a value without asking the rules. */
export function setField(
  site: SiteState,
  issue: Issue,
  field: Pick<IssueField, 'id'>,
  { ids, actor, notified }: { ids: readonly string[]; actor: string; notified: boolean },
): void {
  const before = issue.values.get(field.id) ?? [];
  if (before.length === ids.length && before.every((id, index) => id === ids[index])) return;
  const atMs = site.now();
  issue.changes.push({ fieldId: field.id, before, after: ids, actor, notified, atMs });
  issue.updatedMs = atMs;
  site.issues.setValues(issue, field.id, ids);
}

/** Whether an object is there and meets the field's own schema and filter. */
function allows(site: SiteState, issue: Issue, field: IssueField, id: string): boolean {
  const configuration = contextOf(field, issue)?.configuration;
  const object = site.objects.get(Number(id));
  if (!object || !configuration) return false;
  const { objectSchemaId, objectFilterQuery } = configuration;
  if (objectSchemaId !== undefined && site.type(object.typeId).schemaId !== objectSchemaId) return false;
  return objectFilterQuery === '' || matchesFilter(site, objectFilterQuery, object);
}
