import type { FieldContext, Issue, IssueField } from './issue-records.ts';
import { fieldError, Refusal } from './refusal.ts';
import type { SiteState } from './site-state.ts';

/** The objects that a field of an issue shows, in order. What becomes of deleted ones is a quirk: sites differ. */
export function shownObjects({ objects, quirks }: SiteState, issue: Issue, fieldId: number): readonly string[] {
  const ids = issue.values.get(fieldId) ?? [];
  if (quirks.issueFieldsOfDeleted === 'kept') return ids;
  return ids.filter((id) => objects.get(Number(id)) !== undefined);
}

export function projectKeyOf({ key }: Pick<Issue, 'key'>): string {
  return key.slice(0, key.lastIndexOf('-'));
}

/** The context by which a field is on an issue: that of its project, else the global one. */
export function contextOf(field: IssueField, issue: Issue): FieldContext | undefined {
  const project = projectKeyOf(issue);
  const own = field.contexts.find(({ projects }) => projects.includes(project));
  return own ?? field.contexts.find(({ projects }) => projects.length === 0);
}

/** The id in a name like `customfield_10100`; undefined for any other name. */
export function fieldNumber(name: string): number | undefined {
  const digits = /^customfield_(\d+)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The field that a write names, where it can be set on the issue. The text is Jira's own. */
export function settableField(site: SiteState, issue: Issue, name: string): IssueField {
  const field = site.issues.fields.get(fieldNumber(name) ?? -1);
  if (!field || !contextOf(field, issue) || issue.offScreen.includes(field.id)) {
    throw fieldError(name, `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`);
  }
  return field;
}

/** An issue that the login sees; else it is answered like one that is not there. */
export function visibleIssue(site: SiteState, idOrKey: string): Issue {
  const issue = site.issues.find(idOrKey);
  if (issue && issue.access !== 'none') return issue;
  throw new Refusal(404, 'Issue does not exist or you do not have permission to see it.');
}
