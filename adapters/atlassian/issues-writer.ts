import { randomUUID } from 'node:crypto';
import type { JsonRecord } from '../../core/model/json.ts';
import type { SiteWait } from '../../core/model/site-wait.ts';
import type { RequestCounts } from '../../core/ports/assets-reader.ts';
import type { LinkedObject } from '../../core/ports/issues-reader.ts';
import type { IssuesWriter } from '../../core/ports/issues-writer.ts';
import { WrongAnswer } from './answer.ts';
import type { HttpClient } from './http-client.ts';
import type { IssuePacing } from './issue-pacing.ts';
import { path } from './web-address.ts';

/** The write to Jira's issues: the form of Atlassian's article of 26 Sep 2025 on Assets fields (reference, section 8). */
export class AtlassianIssuesWriter implements IssuesWriter {
  readonly id = randomUUID();
  readonly #client: HttpClient;
  /** The address to which `/rest` is added. */
  readonly #base: string;
  readonly #workspaceId: string;
  readonly #pacing: IssuePacing;

  constructor(
    client: HttpClient,
    {
      base,
      workspaceId,
      pacing,
    }: { readonly base: string; readonly workspaceId: string; readonly pacing: IssuePacing },
  ) {
    this.#client = client;
    this.#base = base;
    this.#workspaceId = workspaceId;
    this.#pacing = pacing;
  }

  async setObjects(
    issueId: string,
    fieldId: string,
    objects: readonly LinkedObject[],
    { notifies }: { readonly notifies: boolean },
  ): Promise<void> {
    await this.#pacing.turn(issueId);
    const where = path`/rest/api/3/issue/${issueId}`;
    await this.#client.update({
      method: 'PUT',
      url: `${this.#base}${where}${notifies ? '' : '?notifyUsers=false'}`,
      path: where,
      endpointClass: 'issue-update',
      body: { update: { [fieldId]: [{ set: objects.map((object) => this.#sent(object)) }] } },
      read(answer) {
        // A success has no body; a page comes from a proxy or a page for logging in.
        if (answer.bytes.length > 0 && answer.isWebPage) throw new WrongAnswer('a web page');
      },
    });
  }

  requests(): RequestCounts {
    return this.#client.counts();
  }

  waits(): readonly SiteWait[] {
    return this.#client.waits();
  }

  /** The three fields of the article, also where the site gives fewer. */
  #sent({ workspaceId, id, objectId }: LinkedObject): JsonRecord {
    const global = typeof id === 'string' ? /^(.+):\d+$/.exec(id)?.[1] : undefined;
    const workspace = typeof workspaceId === 'string' ? workspaceId : (global ?? this.#workspaceId);
    return { workspaceId: workspace, id: `${workspace}:${objectId}`, objectId };
  }
}
