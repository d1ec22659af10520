import type { Offered } from '../../core/ports/assets-reader.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { ExcessiveAnswer, mostPages } from './answer-bounds.ts';
import { groupPageShape, jsonOf, usersShape } from './answer-shapes.ts';
import type { HttpClient } from './http-client.ts';
import { readOffered, unlessPagesCome } from './read-offered.ts';

/** A list of the Jira site that is paged by `startAt`. */
interface JiraList<T> {
  /** After the address of the site. */
  readonly path: string;
  readonly pageSize: number;
  /** What the list holds, and the scope that opens it. */
  readonly what: string;
  readonly scope: string;
  pageOf(answer: Answer): Page<T>;
}

interface Page<T> {
  /** A name that nothing else in the list has, and what goes with it. */
  readonly entries: readonly (readonly [name: string, what: T])[];
  readonly isLast: boolean;
}

/** Right that both take; without it Jira answers 403, or as if there were nobody. */
const right = 'the account lacks the right "Browse users and groups"';
/** 403 without that right, 401 where a token has no scope for it, 404 where a gateway does not pass it on. */
const notOffered: readonly number[] = [401, 403, 404];

/** 1,000 is the most that Jira documents. The answer is a bare list, of which an empty one is the end. */
const users: JiraList<readonly string[]> = {
  path: '/rest/api/3/users/search',
  pageSize: 1000,
  what: 'user',
  scope: 'read:jira-user',
  pageOf: (answer) => ({
    entries: jsonOf(usersShape, answer).map(({ accountId, emailAddress, displayName }) => [
      accountId,
      [emailAddress, displayName].flatMap((name) => (typeof name === 'string' && name !== '' ? [name] : [])),
    ]),
    isLast: false,
  }),
};

const groups: JiraList<string> = {
  path: '/rest/api/3/group/bulk',
  pageSize: 50,
  what: 'group',
  scope: 'read:jira-user',
  pageOf(answer) {
    const { values, isLast } = jsonOf(groupPageShape, answer);
    const entries = values.map(({ name, groupId }) => [name, groupId ?? ''] as const);
    return { entries, isLast: isLast === true || isLast === 'true' };
  },
};

/** E-mail addresses and names by account id. Source: Jira's `GET /rest/api/3/users/search`, which lists deactivated users and apps too. */
export function jiraAccounts(
  client: HttpClient,
  base: string,
): Promise<Offered<ReadonlyMap<string, readonly string[]>>> {
  return wholeList(client, base, users);
}

/** Ids by names. Source: Jira's `GET /rest/api/3/group/bulk`. */
export function jiraGroups(client: HttpClient, base: string): Promise<Offered<ReadonlyMap<string, string>>> {
  return wholeList(client, base, groups);
}

/** Pages may be smaller than what was asked for, so each begins where the one before ended. */
async function wholeList<T>(
  client: HttpClient,
  base: string,
  list: JiraList<T>,
): Promise<Offered<ReadonlyMap<string, T>>> {
  const found = new Map<string, T>();
  let pagesWithNothingNew = 0;
  for (let startAt = 0, pages = 1; ; pages += 1) {
    const reading = client.read({
      method: 'GET',
      url: `${base}${list.path}?startAt=${startAt}&maxResults=${list.pageSize}`,
      path: list.path,
      endpointClass: 'configuration',
      ...readOffered(
        `GET ${list.path}`,
        notOffered,
        (answer) => pageOf(list, answer, { pages, pagesWithNothingNew }),
        reasonsOf(list),
      ),
    });
    const page = await unlessPagesCome(reading);
    if (!page.offered) return page;
    const { entries, isLast } = page.value;
    const before = found.size;
    for (const [name, what] of entries) found.set(name, what);
    pagesWithNothingNew = found.size === before ? pagesWithNothingNew + 1 : 0;
    startAt += entries.length;
    if (isLast || entries.length === 0) break;
  }
  // Every site has both, so nothing at all is a right that is missing, and not that there is none.
  if (found.size === 0) return { offered: false, reason: `The site lists no ${list.what} at all: ${right}.` };
  return { offered: true, value: found };
}

/** One page can bring nothing new when someone came in between; more than one is a site that does not page. */
function pageOf<T>(
  list: JiraList<T>,
  answer: Answer,
  { pages, pagesWithNothingNew }: { readonly pages: number; readonly pagesWithNothingNew: number },
): Page<T> {
  const page = list.pageOf(answer);
  if (pages > mostPages) throw new ExcessiveAnswer('pages without an end');
  if (pagesWithNothingNew > 1 && page.entries.length > 0) throw new WrongAnswer('pages that bring nothing new');
  return page;
}

function reasonsOf({ what, scope }: JiraList<unknown>): Readonly<Record<number, string>> {
  return {
    401: `The site answers 401 "Unauthorized; scope does not match": the API token lacks the scope ${scope}.`,
    403: `The site answers 403: ${right}.`,
    404: `The site answers 404: it has no list of its ${what}s here.`,
  };
}
