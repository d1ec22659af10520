import { randomUUID } from 'node:crypto';
import type { AssetsBackupError } from '../../core/errors.ts';
import type { JsonRecord } from '../../core/model/json.ts';
import type { SiteWait } from '../../core/model/site-wait.ts';
import type { Offered, RequestCounts } from '../../core/ports/assets-reader.ts';
import type {
  IssueField,
  IssueFields,
  IssuePage,
  IssueRecord,
  IssuesFound,
  IssuesReader,
} from '../../core/ports/issues-reader.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { jsonOf } from './answer-shapes.ts';
import type { HttpClient } from './http-client.ts';
import { assetsFields, fieldConfigurations } from './issue-fields.ts';
import { IssueSearch } from './issue-search.ts';
import { bulkIssuesShape, issueRecord, issueShape } from './issue-shapes.ts';
import { readOffered, unlessPagesCome } from './read-offered.ts';
import { refusalOf } from './refusals.ts';
import { path } from './web-address.ts';

/** Jira's documentation of `POST /rest/api/3/issue/bulkfetch`. */
const issuesInBulk = 100;
/** So many issues asked for one by one, all of them not to be seen, are enough where bulk was refused. */
const mostHidden = 20;
/** Issues asked for one by one, side by side: Jira's advice is to avoid many. */
const issuesAtOnce = 4;

/**
 * 400 is what some sites answer where none of the issues is there, 403 whoever may not have any in bulk; the others say that there is
 * no such endpoint.
 */
const notInBulk: readonly number[] = [400, 403, 404, 405, 410, 501];

/** The reads of Jira's issues. Paths and answers are those of Jira's REST API v3 (reference, section 8). */
export class AtlassianIssuesReader implements IssuesReader {
  readonly id = randomUUID();
  readonly #client: HttpClient;
  /** The address to which `/rest` is added. */
  readonly #base: string;
  readonly #search: IssueSearch;
  #hasBulk = true;
  /** The answer by which this login may not have issues in bulk. */
  #bulkRefusal: AssetsBackupError | undefined;

  constructor(client: HttpClient, base: string) {
    this.#client = client;
    this.#base = base;
    this.#search = new IssueSearch(client, base);
  }

  assetsFields(): Promise<Offered<IssueFields>> {
    return assetsFields(this.#client, this.#base);
  }

  fieldConfigurations(field: IssueField): Promise<Offered<readonly JsonRecord[]>> {
    return fieldConfigurations(this.#client, this.#base, field);
  }

  issuesOf(field: IssueField, next: string | null): Promise<Offered<IssuePage>> {
    return this.#search.page(field, next);
  }

  async issues(ids: readonly string[], fieldIds: readonly string[]): Promise<IssuesFound> {
    const wanted = [...new Set(ids)];
    const found = new Map<string, IssueRecord>();
    for (let start = 0; start < wanted.length && this.#hasBulk; start += issuesInBulk) {
      const chunk = wanted.slice(start, start + issuesInBulk);
      for (const issue of await this.#inBulk(chunk, fieldIds)) found.set(issue.id, issue);
    }
    // An issue that a list leaves out may be hidden, gone, or forgotten by the list: only the issue itself says.
    const missing: string[] = [];
    let forbidden = 0;
    const left = wanted.filter((id) => !found.has(id));
    for (let start = 0; start < left.length; start += issuesAtOnce) {
      const few = left.slice(start, start + issuesAtOnce);
      const issues = await Promise.all(few.map(async (id) => [id, await this.#issue(id, fieldIds)] as const));
      for (const [id, issue] of issues) {
        if (typeof issue === 'object') found.set(id, issue);
        else missing.push(id);
        if (issue === 403) forbidden += 1;
      }
      // Any of them may be hidden; so many, and bulk as well, are a right that is missing.
      if (this.#bulkRefusal && found.size === 0 && forbidden >= mostHidden) throw this.#bulkRefusal;
    }
    return { found, missing };
  }

  requests(): RequestCounts {
    return this.#client.counts();
  }

  waits(): readonly SiteWait[] {
    return this.#client.waits();
  }

  async #inBulk(ids: readonly string[], fieldIds: readonly string[]): Promise<readonly IssueRecord[]> {
    const where = '/rest/api/3/issue/bulkfetch';
    const place = `POST ${where}`;
    let refused: Answer | undefined;
    const offered = readOffered(place, notInBulk, (answer) => jsonOf(bulkIssuesShape, answer).issues);
    const answer = await unlessPagesCome(
      this.#client.read({
        method: 'POST',
        url: `${this.#base}${where}`,
        path: where,
        endpointClass: 'issue',
        body: { issueIdsOrKeys: ids, fields: fieldIds },
        alsoRead: offered.alsoRead,
        read(answer) {
          refused = answer.status >= 300 ? answer : undefined;
          return offered.read(answer);
        },
      }),
    );
    if (!answer.offered) {
      this.#hasBulk = refused?.status === 400;
      if (refused?.status === 403) this.#bulkRefusal = refusalOf(refused, place);
      return [];
    }
    return answer.value.map(issueRecord).filter(({ id }) => ids.includes(id));
  }

  /** The status where the site says that there is none, or that this login may not see it. */
  #issue(id: string, fieldIds: readonly string[]): Promise<IssueRecord | number> {
    const where = path`/rest/api/3/issue/${id}`;
    return this.#client.read({
      method: 'GET',
      url: `${this.#base}${where}?${new URLSearchParams({ fields: fieldIds.join(',') })}`,
      path: where,
      endpointClass: 'issue',
      alsoRead: [403, 404],
      read(answer) {
        if (answer.status >= 300) {
          // A proxy's page is not the site saying that there is no such issue.
          if (answer.isWebPage) throw new WrongAnswer(`${answer.status} with a web page`);
          return answer.status;
        }
        const issue = issueRecord(jsonOf(issueShape, answer));
        if (issue.id !== id) throw new WrongAnswer('another issue');
        return issue;
      },
    });
  }
}
