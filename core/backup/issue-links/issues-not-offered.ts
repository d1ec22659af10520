import type { Gap, NotOffered } from '../../model/outcome.ts';
import type { IssueField } from '../../ports/issues-reader.ts';
import type { IssueFieldList, IssueFieldRecord } from '../work-files.ts';

/** What a site may not offer of issues, as the manifest names it. */
export const issueOffers = {
  links: 'issue links',
  configurations: 'configuration of issue fields',
  withoutContexts: 'issue fields without a context',
} as const;

/**
 * What the site does not offer of all fields; what it offers of one and not of another has failed for that one. Each is said once,
 * however many fields there are.
 */
export function issuesNotOffered(
  list: IssueFieldList,
  records: readonly (readonly [IssueField, IssueFieldRecord])[],
): { readonly notOffered: NotOffered[]; readonly gaps: Gap[] } {
  const notOffered: NotOffered[] = [];
  const gaps: Gap[] = [];
  const settle = (
    what: string,
    reasonOf: (record: IssueFieldRecord) => string | null,
    isOffered: (record: IssueFieldRecord) => boolean,
  ) => {
    const isOfAll = !records.some(([, record]) => isOffered(record));
    for (const [{ id, name }, record] of records) {
      const reason = reasonOf(record);
      if (reason === null) continue;
      if (!isOfAll) gaps.push({ kind: 'issues', what: `${what}: ${name} (${id})`, error: 'NotFoundError', reason });
      else if (!notOffered.some((entry) => entry.what === what)) notOffered.push({ what, reason });
    }
  };
  if (list.refused !== null) notOffered.push({ what: issueOffers.links, reason: list.refused });
  settle(
    issueOffers.links,
    ({ refused }) => refused,
    // Of a field without a context nothing is searched.
    ({ issues, configurations }) => issues !== null && configurations?.length !== 0,
  );
  settle(
    issueOffers.configurations,
    ({ configurationsRefused }) => configurationsRefused,
    ({ configurations }) => configurations !== null,
  );
  if (list.withoutContexts !== null) {
    notOffered.push({ what: issueOffers.withoutContexts, reason: list.withoutContexts });
  }
  return { notOffered, gaps };
}
