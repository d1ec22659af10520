import type { Issue } from '../site/issue-records.ts';
import { shownObjects } from '../site/issue-values.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { fieldDifferences } from './fields.ts';
import type { IdMap } from './pairing.ts';

/**
 * In what the issues of one site differ between two moments, as sentences: that each is there under the same id, and that each field shows
 * the objects that correspond to those from before, in their order. An object without a counterpart is itself, where it is there.
 */
export function compareIssues(before: SimulatedSite, after: SimulatedSite, objects: IdMap): string[] {
  const differences: string[] = [];
  for (const issue of before.issues.all()) {
    const same = after.issues.get(issue.id);
    if (same)
      differences.push(...fieldDifferences(`issue ${issue.key}`, shown(before, issue, objects), shown(after, same)));
    else differences.push(`issue ${issue.key} is missing`);
  }
  for (const { id, key } of after.issues.all())
    if (!before.issues.get(id)) differences.push(`issue ${key} is too many`);
  return differences;
}

function shown(site: SimulatedSite, issue: Issue, objects: IdMap = new Map()): object {
  const fields = [...site.issues.fields.values()].map(({ id }) => [
    `customfield_${id}`,
    shownObjects(site, issue, id).map((objectId) => objects.get(Number(objectId)) ?? Number(objectId)),
  ]);
  const { key, summary, isArchived } = issue;
  return { key, summary, isArchived, ...Object.fromEntries(fields) };
}
