import { randomUUID } from 'node:crypto';
import type { JsonRecord } from '../../core/model/json.ts';
import type { Offered, RequestCounts } from '../../core/ports/assets-reader.ts';
import type {
  IssueField,
  IssueFields,
  IssuePage,
  IssueRecord,
  IssuesFound,
  IssuesReader,
} from '../../core/ports/issues-reader.ts';
import { WrongAnswer } from './answer.ts';
import { jsonOf } from './answer-shapes.ts';
import type { HttpClient } from './http-client.ts';
import { assetsFields, fieldConfigurations } from './issue-fields.ts';
import { IssueSearch } from './issue-search.ts';
import { bulkIssuesShape, issueRecord, issueShape } from './issue-shapes.ts';
import { readOffered, unlessPagesCome } from './read-offered.ts';
import { path } from './web-address.ts';

/** Jira's documentation of `POST /rest/api/3/issue/bulkfetch`. */
const issuesInBulk = 100;
/** Issues asked for one by one, side by side: Jira's advice is to avoid many. */
const issuesAtOnce = 4;

/** 400 is what some sites answer where none of the issues is there; the others say that there is no such endpoint. */
const notInBulk: readonly number[] = [400, 404, 405, 410, 501];

/** The reads of Jira's issues. Paths and answers are those of Jira's REST API v3 (reference, section 8). */
export class AtlassianIssuesReader implements IssuesReader {
  readonly id = randomUUID();
  readonly #client: HttpClient;
  /** The address to which `/rest` is added. */
  readonly #base: string;
  readonly #search: IssueSearch;
  #hasBulk = true;

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
    const left = wanted.filter((id) => !found.has(id));
    for (let start = 0; start < left.length; start += issuesAtOnce) {
      const few = left.slice(start, start + issuesAtOnce);
      const issues = await Promise.all(few.map(async (id) => [id, await this.#issue(id, fieldIds)] as const));
      for (const [id, issue] of issues) {
        if (issue) found.set(id, issue);
        else missing.push(id);
      }
    }
    return { found, missing };
  }

  requests(): RequestCounts {
    return this.#client.counts();
  }

  async #inBulk(ids: readonly string[], fieldIds: readonly string[]): Promise<readonly IssueRecord[]> {
    const where = '/rest/api/3/issue/bulkfetch';
    let status = 200;
    const offered = readOffered(`POST ${where}`, notInBulk, (answer) => jsonOf(bulkIssuesShape, answer).issues);
    const answer = await unlessPagesCome(
      this.#client.read({
        method: 'POST',
        url: `${this.#base}${where}`,
        path: where,
        endpointClass: 'issue',
        body: { issueIdsOrKeys: ids, fields: fieldIds },
        alsoRead: offered.alsoRead,
        read(answer) {
          status = answer.status;
          return offered.read(answer);
        },
      }),
    );
    if (!answer.offered) {
      this.#hasBulk = status === 400;
      return [];
    }
    return answer.value.map(issueRecord).filter(({ id }) => ids.includes(id));
  }

  /** Undefined where the site says that there is none, or that this login may not see it. */
  #issue(id: string, fieldIds: readonly string[]): Promise<IssueRecord | undefined> {
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
          return undefined;
        }
        const issue = issueRecord(jsonOf(issueShape, answer));
        if (issue.id !== id) throw new WrongAnswer('another issue');
        return issue;
      },
    });
  }
}
