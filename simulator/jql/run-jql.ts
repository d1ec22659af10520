import { runQuery } from '../aql/run-query.ts';
import type { Issue } from '../site/issue-records.ts';
import { projectKeyOf, shownObjects } from '../site/issue-values.ts';
import type { SiteState } from '../site/site-state.ts';
import { type Jql, type JqlComparison, type JqlCondition, JqlError, parseJql } from './parse-jql.ts';

type Matches = (issue: Issue) => boolean;

/** Jira refuses what would bring every issue (its documentation of `/search/jql`). */
const unbounded = 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.';

/**
 * The issues that a query finds in the search index, in its order; without one by id. Archived issues and those that the login does
 * not see are in no search.
 */
export function runJql(
  site: SiteState,
  text: string,
): { readonly issues: readonly Issue[]; readonly compare: (a: Issue, b: Issue) => number } {
  const { condition, order } = parseJql(text);
  if (!condition) throw new JqlError(unbounded);
  const matches = matcher(site, condition);
  const compare = comparer(order);
  const issues = site.issues
    .searched(site.quirks.issueSearchLagMs)
    .filter((issue) => !issue.isArchived && (site.issues.get(issue.id) ?? issue).access !== 'none' && matches(issue))
    .toSorted(compare);
  return { issues, compare };
}

function matcher(site: SiteState, condition: JqlCondition): Matches {
  if (condition.kind === 'comparison') return comparison(site, condition);
  const parts = condition.parts.map((part) => matcher(site, part));
  return condition.kind === 'and'
    ? (issue) => parts.every((part) => part(issue))
    : (issue) => parts.some((part) => part(issue));
}

function comparison(site: SiteState, { field, operator, values, aql }: JqlComparison): Matches {
  const isWanted = operator === 'in' || operator === 'is not empty';
  const name = field.toLowerCase();
  if (['id', 'issue', 'issuekey', 'key'].includes(name) && values.length > 0) {
    const ids = new Set(values.flatMap((value) => site.issues.find(value)?.id ?? []));
    return ({ id }) => ids.has(id) === isWanted;
  }
  if (name === 'project' && values.length > 0) {
    const keys = new Set(values.map((value) => value.toUpperCase()));
    return (issue) => keys.has(projectKeyOf(issue)) === isWanted;
  }
  const fieldIds = meantFields(site, field);
  const objectsOf = (issue: Issue) => fieldIds.flatMap((id) => shownObjects(site, issue, id));
  if (operator === 'is empty' || operator === 'is not empty') {
    return (issue) => objectsOf(issue).length > 0 === isWanted;
  }
  if (aql === undefined) throw new JqlError(`The value of the field '${field}' is not supported.`);
  const found = new Set(runQuery(site, aql).map(String));
  return (issue) => objectsOf(issue).some((id) => found.has(id)) === isWanted;
}

/** A name means every field of that name; one without a context is on no issue, and unknown. Whether `cf[id]` is taken is a quirk. */
function meantFields({ issues, quirks }: SiteState, text: string): number[] {
  const id = /^cf\[(\d+)\]$/i.exec(text)?.[1];
  const all = [...issues.fields.values()].filter(({ contexts }) => contexts.length > 0);
  const found =
    id === undefined
      ? all.filter(({ name }) => name.toLowerCase() === text.toLowerCase())
      : all.filter((field) => field.id === Number(id) && quirks.fieldIdsInJql === 'taken');
  if (found.length > 0) return found.map((field) => field.id);
  throw new JqlError(`Field '${text}' does not exist or you do not have permission to view it.`);
}

function comparer(order: Jql['order']): (a: Issue, b: Issue) => number {
  const keys = order.map(({ field, isDescending }) => ({ compare: comparisonBy(field), sign: isDescending ? -1 : 1 }));
  return (a, b) => keys.map(({ compare, sign }) => sign * compare(a, b)).find((order) => order !== 0) ?? a.id - b.id;
}

function comparisonBy(field: string): (a: Issue, b: Issue) => number {
  switch (field.toLowerCase()) {
    case 'created':
      return (a, b) => a.createdMs - b.createdMs;
    case 'updated':
      return (a, b) => a.updatedMs - b.updatedMs;
    case 'id':
    case 'key':
    case 'issuekey':
    case 'issue':
      return (a, b) => projectKeyOf(a).localeCompare(projectKeyOf(b)) || numberOf(a) - numberOf(b);
    default:
      throw new JqlError(`Not able to sort using field '${field}'.`);
  }
}

const numberOf = ({ key }: Issue): number => Number(key.slice(key.lastIndexOf('-') + 1));
