import type { ActivityCounts, Manifest } from '../backup-format/manifest.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { Gap, NotOffered } from '../model/outcome.ts';
import { issueOffers } from './issue-links/issues-not-offered.ts';

/**
 * What the site does not offer, without what the last backup still had: that is gone, or was refused for a while, and so is a gap.
 * The backup after this one takes it as it is.
 * @param lastWithActivity the last one that was to have comments: another one says nothing of them; likewise `lastWithIssues`
 * @param comments of how many objects an older copy of the comments is kept, and of how many there is none
 */
export function noLongerOffered(
  {
    last,
    lastWithActivity,
    lastWithIssues,
  }: Readonly<Record<'last' | 'lastWithActivity' | 'lastWithIssues', Manifest | undefined>>,
  notOffered: readonly NotOffered[],
  comments: ActivityCounts,
): { readonly notOffered: NotOffered[]; readonly gaps: Gap[] } {
  const lastOf = (what: string) => {
    if (isOfIssues(what)) return lastWithIssues;
    return what === 'comments' ? lastWithActivity : last;
  };
  const isGone = ({ what }: NotOffered) => {
    const before = lastOf(what);
    return before !== undefined && hadBefore[what]?.(before) === true;
  };
  const gaps = notOffered.filter(isGone).map(({ what, reason }): Gap => {
    const kind = isOfIssues(what) ? 'issues' : what === 'comments' ? 'comments' : 'checks';
    const isOfComments = kind === 'comments';
    const { carried: objects, missing, oldest } = comments;
    const carried = isOfComments && oldest !== null ? { objects, oldest } : undefined;
    const kept = carried ? ' Older copies are kept.' : '';
    return {
      ...{
        kind,
        what,
        error: 'NotFoundError',
        reason: `${reason} The last backup, ${lastOf(what)?.name}, has them.${kept}`,
      },
      ...(isOfComments && { objects: objects + missing }),
      ...(carried && { carried }),
    };
  });
  return { notOffered: notOffered.filter((entry) => !isGone(entry)), gaps };
}

/** What a site does not have is missing nowhere; what a gap says of it is. */
export function missingWhereOffered(
  activity: Manifest['activity'],
  notOffered: readonly NotOffered[],
): Manifest['activity'] {
  const of = (kind: ActivityKind) =>
    notOffered.some(({ what }) => what === kind) ? { ...activity[kind], missing: 0 } : activity[kind];
  return { history: of('history'), comments: of('comments') };
}

const isOfIssues = (what: string) => Object.values<string>(issueOffers).includes(what);

const hadBefore: Readonly<Record<string, (last: Manifest) => boolean>> = {
  // An older copy is carried over from night to night: it says nothing of the site.
  comments: ({ counts, notOffered, gaps }) =>
    counts.commentsRead > 0 &&
    !notOffered.some(({ what }) => what === 'comments') &&
    !gaps.some(({ what }) => what === 'comments'),
  'schema properties': ({ notOffered, gaps, counts }) =>
    counts.schemas > 0 &&
    !notOffered.some(({ what }) => what === 'schema properties') &&
    !gaps.some(({ what }) => what === 'schema properties' || what === 'properties of the schema'),
  [issueOffers.links]: ({ issueLinks }) => issueLinks?.some(({ issues }) => issues !== null) === true,
  [issueOffers.configurations]: ({ issueLinks, notOffered, gaps }) =>
    (issueLinks?.length ?? 0) > 0 &&
    !notOffered.some(({ what }) => what === issueOffers.configurations || what === issueOffers.links) &&
    !gaps.some(({ what }) => what === issueOffers.configurations || what === issueOffers.links),
  [issueOffers.withoutContexts]: () => false,
};
