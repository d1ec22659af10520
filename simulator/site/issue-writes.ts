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
  const checked = [...values].map(([name, ids]) => ({ field: settableField(site, issue, name), ids, name }));
  const invalid = checked.filter(({ field, ids }) => !allows(site, issue, field, ids));
  if (invalid.length > 0 && site.quirks.invalidIssueValues === 'refused') {
    const { name, ids } = invalid[0] as (typeof invalid)[number];
    throw fieldError(name, `Assets objects are not valid for this field: ${ids.join(', ')}`);
  }
  if (!notifies && keepingFromWatchers === 'nothing-stored') return;
  for (const { field, ids } of checked.filter((one) => !invalid.includes(one))) {
    const notified = notifies || keepingFromWatchers === 'ignored';
    setField(site, issue, field, { ids, actor, notified });
  }
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

/** Whether every object is there and meets the field's own schema and filter, and there are not too many. */
function allows(site: SiteState, issue: Issue, field: IssueField, ids: readonly string[]): boolean {
  const configuration = contextOf(field, issue)?.configuration;
  if (ids.length > 1 && configuration?.multiple === false) return false;
  return ids.every((id) => {
    const object = site.objects.get(Number(id));
    if (!object || !configuration) return false;
    const { objectSchemaId, objectFilterQuery } = configuration;
    if (objectSchemaId !== undefined && site.type(object.typeId).schemaId !== objectSchemaId) return false;
    return objectFilterQuery === '' || matchesFilter(site, objectFilterQuery, object);
  });
}
