import { AqlError } from '../aql/query.ts';
import { runQuery } from '../aql/run-query.ts';
import { ok } from '../http/answer.ts';
import type { SimulatedRequest } from '../http/request.ts';
import type { Route } from '../http/route.ts';
import { attributeShape } from '../shapes/attribute-shape.ts';
import { objectShape } from '../shapes/object-shape.ts';
import { Refusal } from '../site/refusal.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { bodyOf, numberParameter, requiredText } from './read-input.ts';

const readObject = 'read:cmdb-object:jira';

export const aqlRoutes: readonly Route[] = [
  {
    // The page is a slice of what the query matches now, so writes between two pages shift what follows.
    name: 'object-aql',
    method: 'POST',
    path: '/object/aql',
    scope: readObject,
    handle: (site, request) => {
      const found = foundObjects(site, request);
      const startAt = numberParameter(request, 'startAt', 0);
      const asked = numberParameter(request, 'maxResults', 25);
      const maxResults = Math.min(asked, site.quirks.maxPageSize ?? asked);
      const withAttributes = request.query.get('includeAttributes')?.toLowerCase() !== 'false';
      const end = reachedEnd(site, startAt + maxResults, found.count);
      const objects = found.page(startAt, Math.min(startAt + maxResults, end));
      const typeIds = new Set(objects.map((object) => object.typeId));
      const attributes = new Set([...typeIds].flatMap((typeId) => site.typeAttributes(typeId)));
      return ok({
        startAt,
        maxResults,
        total: Math.min(found.count, site.quirks.totalCap ?? found.count),
        ...endOfPages(site, startAt + maxResults >= end, asked),
        values: objects.map((object) => objectShape(site, object, { attributes: withAttributes ? 'plain' : 'none' })),
        objectTypeAttributes: [...attributes].map((attribute) =>
          attributeShape(site, attribute, { documentedType: true, objectType: true }),
        ),
      });
    },
  },
  {
    name: 'totalcount',
    method: 'POST',
    path: '/object/aql/totalcount',
    scope: readObject,
    handle: (site, request) => {
      const countsHidden = site.quirks.hiddenCountedBy.includes('totalcount');
      return ok({ totalCount: foundObjects(site, request, countsHidden).count });
    },
  },
];

/** What a query finds in the search index and roles do not hide. */
function foundObjects(site: SimulatedSite, request: SimulatedRequest, isHiddenToo = false) {
  const index = site.searchIndex.objects;
  const objectsOf = (ids: readonly number[]) => ids.flatMap((id) => index.get(id) ?? []);
  let ids: readonly number[];
  try {
    ids = runQuery(site, requiredText(bodyOf(request), 'qlQuery'), index);
  } catch (error) {
    if (error instanceof AqlError) throw new Refusal(400, error.message);
    throw error;
  }
  if (site.roles.hidesObjects && !isHiddenToo) {
    ids = objectsOf(ids)
      .filter((object) => site.roles.seesObject(object))
      .map(({ id }) => id);
  }
  return { count: ids.length, page: (from: number, to: number) => objectsOf(ids.slice(from, to)) };
}

/** How far offsets reach: to the last result, or no further than a quirk lets them. The text of the error is not known. */
function reachedEnd({ quirks }: SimulatedSite, wanted: number, count: number): number {
  const { offsetsEndAt = count, offsetsEnd } = quirks;
  if (offsetsEnd === 'empty-page') return Math.min(count, offsetsEndAt);
  if (Math.min(wanted, count) > offsetsEndAt) throw new Refusal(offsetsEnd, 'The result window is too large');
  return count;
}

/** `isLast` and `last` in the form that the site's quirks choose, with the fault of JSDCLOUD-16556 where it is on. */
function endOfPages(site: SimulatedSite, isEnd: boolean, askedMaxResults: number): Record<string, unknown> {
  const { isLast: form, isLastWrongFrom, hasMoreResults } = site.quirks;
  const said = isEnd || (isLastWrongFrom !== undefined && askedMaxResults >= isLastWrongFrom);
  return {
    ...(form === 'absent' ? {} : { isLast: form === 'string' ? String(said) : said }),
    last: said,
    ...(hasMoreResults ? { hasMoreResults: !isEnd } : {}),
  };
}
