import type { JsonRecord } from '../model/json.ts';
import type { SiteWait } from '../model/site-wait.ts';
import type { Offered, RequestCounts } from './assets-reader.ts';

/** An Assets custom field of Jira: a field whose `schema.custom` says so (reference, section 8). Names are not unique. */
export interface IssueField {
  /** `customfield_10100` */
  readonly id: string;
  readonly name: string;
  /** As the site gave it, whole. */
  readonly record: JsonRecord;
  /** True where its name means nothing but this field, as far as the lists of all fields tell. */
  readonly isNamedAlone?: boolean;
}

/** The Assets fields that a login can see. */
export interface IssueFields {
  readonly fields: readonly IssueField[];
  /** Why fields without a context cannot be seen, a sentence: `/field/search` was refused. Null where it was not. */
  readonly withoutContexts: string | null;
}

/** An issue as the site gave it: `id` and `key` as texts, and under `fields` the fields that were asked for. */
export interface IssueRecord extends JsonRecord {
  readonly id: string;
  readonly key: string;
  readonly fields: JsonRecord;
}

/** An object in a field of an issue: `{ "workspaceId": "…", "id": "<workspace>:88", "objectId": "88" }`. */
export interface LinkedObject extends JsonRecord {
  readonly objectId: string;
}

export interface IssuePage {
  /** Only issues in which this very field holds something. */
  readonly issues: readonly IssueRecord[];
  /** Token of the next page; null where this is the last. */
  readonly next: string | null;
}

/** What became of issues that were asked for by id. */
export interface IssuesFound {
  readonly found: ReadonlyMap<string, IssueRecord>;
  /** Ids of which the site says by each itself that there is none (404), or that this login may not see it (404 or 403). */
  readonly missing: readonly string[];
}

/**
 * What is read of the site's Jira: which issues hold which objects. There is no way to change a site through this port. Methods throw
 * what those of `AssetsReader` do; a login that may not browse Jira is *not offered*, never an error and never an empty list.
 */
export interface IssuesReader {
  /** Different for every reader, also of other processes. */
  readonly id: string;
  /**
   * All Assets fields, by id, in one order: those of `/rest/api/3/field` and of `/rest/api/3/field/search`, which alone lists a field
   * without a context, and which takes the right to administer Jira. Not offered where the first list is not.
   */
  assetsFields(): Promise<Offered<IssueFields>>;
  /** Configurations of a field, one for each of its contexts: `{ context, configuration }` as the site gave both. Undocumented (Salto). */
  fieldConfigurations(field: IssueField): Promise<Offered<readonly JsonRecord[]>>;
  /** A page of the issues in which a field holds something; `next` of the page before, null for the first. */
  issuesOf(field: IssueField, next: string | null): Promise<Offered<IssuePage>>;
  /** Issues by their ids as they are now, with these fields: never from a search index. In as few requests as the site allows. */
  issues(ids: readonly string[], fieldIds: readonly string[]): Promise<IssuesFound>;
  /** Requests started so far by this reader, retries included. */
  requests(): RequestCounts;
  /** The longest times for which the site held it back so far. */
  waits(): readonly SiteWait[];
}
