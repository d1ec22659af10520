import { createHash } from 'node:crypto';
import { shownObjects } from './issue-values.ts';
import type { SimulatedSite } from './simulated-site.ts';

/**
 * A digest of everything that a site holds, times excepted: two sites or two moments with the same fingerprint hold the
 * same, ids included. Uploaded media count, since they are traces of an attempt.
 */
export function fingerprint(site: SimulatedSite): string {
  const hash = createHash('sha256');
  const add = (what: string, content: unknown) => hash.update(`${what} ${JSON.stringify(content, withoutTimes)}\n`);
  add('workspace', [site.workspaceId, site.cloudId, site.hasAssets]);
  const things: Record<string, Iterable<[string | number, unknown]>> = {
    user: site.users,
    group: site.groups,
    project: site.projects,
    schema: site.schemas,
    type: site.types,
    attribute: site.attributes,
    status: site.statusTypes,
    referenceType: site.referenceTypes,
    icon: site.icons,
  };
  for (const [what, map] of Object.entries(things)) for (const entry of sorted(map)) add(what, entry);
  for (const [what, files] of Object.entries({ image: site.iconImages, media: site.mediaFiles })) {
    for (const [id, bytes] of sorted(files)) add(what, [id, bytes.toString('base64')]);
  }
  const objects = [...site.objects.all()].sort((a, b) => a.id - b.id);
  for (const object of objects) {
    add('object', [object, sorted(object.values)]);
    add('activity', [site.historyOf(object.id), site.commentsOf(object.id)]);
  }
  for (const [, field] of sorted(site.issues.fields)) add('issueField', field);
  for (const issue of [...site.issues.all()].sort((a, b) => a.id - b.id)) {
    const { id, key, formerKeys, summary, isArchived } = issue;
    const values = [...site.issues.fields.keys()]
      .sort()
      .map((fieldId) => [fieldId, shownObjects(site, issue, fieldId)]);
    add('issue', [id, key, formerKeys, summary, isArchived, values]);
  }
  return hash.digest('hex');
}

function withoutTimes(key: string, value: unknown): unknown {
  return key === 'createdMs' || key === 'updatedMs' ? undefined : value;
}

/** By key, as the order in which things were put into a map means nothing. */
function sorted<T>(map: Iterable<[string | number, T]>): [string | number, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
