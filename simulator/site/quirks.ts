/** Counts of objects: of a type in its own answer and the flat list, of a schema, of `/usage`, and of a query. */
export type ObjectCount = 'type' | 'schema' | 'usage' | 'totalcount';

/**
 * Switches for everything on which the sources about the Assets API disagree, or which differs between sites.
 * The default of each is the documented form; where nothing is documented, the form that an official example shows.
 */
export interface Quirks {
  /** `isLast` of `object/aql`: the official example is the string `"false"`, the schema says boolean, some see only `last`. */
  isLast: 'string' | 'boolean' | 'absent';
  /** Adds the boolean `hasMoreResults` to `object/aql` answers, as a third party reports. */
  hasMoreResults: boolean;
  /** Caps the deprecated `total` of `object/aql`; a third party reports 1000. */
  totalCap: number | undefined;
  /** JSDCLOUD-16556: from this `maxResults` on, `isLast` is true although more objects exist. The ticket says 1000. */
  isLastWrongFrom: number | undefined;
  /** A server-side cap: a page holds at most this many, whatever `maxResults` asked for. `maxResults` in the answer tells. */
  maxPageSize: number | undefined;
  /**
   * Offsets of `object/aql` reach no further: behind so many results there is nothing, and the page before says that it is the last
   * (one public report: at 1,000), or a page that would go beyond is answered with an error. `totalcount` counts all.
   */
  offsetsEndAt: number | undefined;
  offsetsEnd: 'empty-page' | 400 | 500;
  /** `objectId` compared by `>=` and `<=`: used by public tools, not documented. `ignored`: as if the condition were not there. */
  objectIdRanges: 'offered' | 'refused' | 'ignored';
  /** Whether a 429 carries `Retry-After` (JSDCLOUD-11605 asked for it; resolution Fixed, headers not documented). */
  retryAfter: boolean;
  /** The undocumented comment endpoints: answered, or unknown routes (404 problem+json). */
  comments: 'offered' | 'not-offered';
  /** Salto's upload of icons (token, media, create) and the change of icons, undocumented as well. */
  iconUpload: 'offered' | 'not-offered';
  /** The undocumented order of attributes, of the original scripts. */
  attributePosition: 'offered' | 'not-offered';
  /**
   * What an attribute's position counts, which nothing documents: its place in the list of its type, inherited ones among them, or
   * its place among the type's own.
   */
  attributePlaces: 'in-list' | 'among-own';
  /** How many objects the site may hold; a create beyond is refused. Limits exist by plan, their text is not documented. */
  objectLimit: number | undefined;
  /** Salto's `PUT /objecttypeattribute/{id}/configure`; whether it still exists is not known (reference section 9, 23). */
  attributeConfigure: 'offered' | 'not-offered';
  /** The deletes of reference types and icons, which only Salto and the original scripts know of. */
  undocumentedDeletes: 'offered' | 'not-offered';
  /**
   * What is still in use: a type with objects, children or references to it, a schema with types, a status or a reference type of
   * an attribute, an icon of a type. It is deleted with all that is in it, or a 400, which is documented without its reasons.
   */
  deletesInUse: 'carried-out' | 'refused';
  /** What becomes of an update that takes an option from a select of which objects still have it: nothing documents it. */
  optionsInUse: 'removable' | 'refused';
  /** Whether the objects that refer to a deleted object tell of it in their histories. */
  deletedReferences: 'silent' | 'in-history';
  /**
   * What moves `updated` of an object, which nothing documents but its name: all that is done to it, its comments and attachments
   * among that; its values and its type alone; or nothing.
   */
  updatedMoves: 'always' | 'not-for-comments' | 'never';
  /** Which time an object's `timestamp` is; in the official examples both are the same. */
  timestamp: 'created' | 'updated';
  /** `extendedInfo` of GET object, which alone tells of attachments; `in-lists`: each entry of a search has it as well. */
  extendedInfo: 'present' | 'absent' | 'in-lists';
  /**
   * Whether the body of a request may hold only what the documentation lists for it, in the documented JSON types, and of
   * attributes only what is valid for their kind; what the true server does with other fields is not documented.
   */
  bodies: 'documented' | 'lenient';
  /** Schema properties that a POST may set: three are official, the original scripts send all five. */
  schemaProperties: 'three' | 'five';
  /** How a reference is written: key (schema text), id (official example), or either. */
  referenceValues: 'key' | 'id' | 'both';
  /** How a group is written: "Jira group key" (official), groupId (REF), name (SR). */
  groupValues: 'name' | 'groupId' | 'both';
  /** What becomes of a reference or a group that is written in another way than these: a 400, or it is left out. */
  otherValues: 'refused' | 'ignored';
  /** How `objectTypeAttributeId` is written: text (specification, KB), number (ScriptRunner), or either. */
  attributeIds: 'text' | 'number' | 'both';
  /** What becomes of an attribute whose id is written in another way: it is left out in silence (ScriptRunner), or a 400. */
  otherAttributeIds: 'refused' | 'ignored';
  /** A server-side cap of a page of `users/search` and `group/bulk`, whatever `maxResults` asked for. */
  userPageSize: number | undefined;
  /** Listing users and groups needs the permission to browse them. */
  usersSearch: 'offered' | 'forbidden';
  groupBulk: 'offered' | 'forbidden';
  /** `type` of an attribute: official examples omit it in the schema-wide list and in create and update answers only. */
  attributeType: 'as-documented' | 'always' | 'never';
  /** Whether user, group, status and reference values have a `value` besides their nested thing. */
  valueOfNestedKinds: 'missing' | 'present';
  /**
   * Which fields of values answers leave out, as paths (`user.key`, `searchValue`): the specification requires `displayValue` alone.
   * `in-turns`: each object leaves out others, by its id, so that as many objects in a row as there are combinations show them all.
   */
  withoutValueFields: readonly string[] | 'in-turns';
  /** Where else the account of a user stands than in `user.key` and `searchValue`; both specification copies allow all of it. */
  accountFields: readonly ('accountId' | 'user.accountId')[];
  /** What `searchValue` of a group holds: its name, or its id. */
  groupSearchValue: 'name' | 'groupId';
  /** `displayName` came with the specification of 2026; older sites lack it everywhere. */
  displayName: boolean;
  /** Where it is the name itself answers may leave it out; nothing documents what is in it where nobody gave one. */
  displayNameShown: 'always' | 'where-other';
  /** What an old site does with one that is sent: it ignores it, or answers 400, by the name of the field or without any. */
  unknownDisplayName: 'ignored' | 'refused' | 'refused-unnamed';
  /** What an unknown route answers: the problem+json of JSDCLOUD-17071, or a web page. */
  unknownRoute: 'problem-json' | 'html';
  /** Icon ids are numbers in the specification, ScriptRunner reports UUIDs. */
  iconIds: 'numeric' | 'uuid';
  /** The content type of images of icons; the documented one is that of a PNG, whatever the image is. */
  iconContentType: string | undefined;
  /**
   * How long `object/aql` and `totalcount` do not find a new object, show a changed one as it was and find a deleted one
   * still; whether search lags on Cloud is not documented.
   */
  searchLagMs: number;
  /** Which counts count objects that roles hide from the login; the open question of the support page on roles. */
  hiddenCountedBy: readonly ObjectCount[];
  /** How a Date reads: ISO 8601 is all that is documented. `mixed`: the objects take turns. */
  dateForm: 'day' | 'midnight' | 'mixed';
  /** How a Date Time reads, likewise: UTC with milliseconds, without them where they are 0, or with an offset of two hours. */
  dateTimeForm: 'utc' | 'seconds' | 'offset' | 'mixed';
  /** How `order by Key` sorts; not documented. */
  keySort: 'numeric' | 'text';
  /** Whether history entries carry `type`: required by the schema, missing in the official example. */
  historyType: boolean;
  /** `GET /usage` needs an administrator: 403 is documented. */
  usage: 'offered' | 'forbidden';
  /** What discovery answers on a site without Assets: an empty list (documented) or 404. */
  discoveryWithoutAssets: 'empty-list' | 'not-found';
  /** No scope exists for undocumented endpoints, so a scoped token may be refused there (401, scope does not match). */
  internalEndpointsForScopedTokens: 'answered' | 'refused';
  /** Scope in which an object type name has to be unique; the message is known, its scope is not. */
  typeNamesUniqueIn: 'parent' | 'schema';
  /** `= ; : ? . "` in names of schemas and types: refused on Data Center, not known for Cloud. */
  reservedNameCharacters: 'accepted' | 'rejected';
  /** Whether a deactivated account may be written as a value; not documented. */
  deactivatedUsers: 'accepted' | 'rejected';
  /** Whether the account may use Jira's issues at all; without it every answer of them is 403. */
  jiraIssues: 'offered' | 'forbidden';
  /** The list of all fields and the contexts of each need the right to administer Jira: 403 is documented. */
  fieldSearch: 'offered' | 'forbidden';
  /** A server-side cap of a page of fields or contexts, whatever `maxResults` asked for. */
  fieldPageSize: number | undefined;
  /** The undocumented configuration of Assets fields. */
  fieldConfigurations: 'offered' | 'not-offered' | 'forbidden';
  /** By which id it is asked for: the context's, as clients of 2026 do, or another, which Salto scraped from a page. */
  fieldConfigurationIds: 'of-context' | 'own';
  /**
   * Whether JQL takes an Assets field as `cf[10100]`, as it takes other custom fields; `unlisted`: it does not, and the names that
   * the field's record lists for JQL say so.
   */
  fieldIdsInJql: 'taken' | 'refused' | 'unlisted';
  /** A server-side cap of a page of issues with fields, below the 100. */
  issuePageSize: number | undefined;
  /** What a token of `/search/jql` stands for: the place behind the last issue, or how many came before. */
  issuePages: 'places' | 'offsets';
  /** How long `/search/jql` shows issues as they were; nothing documents it, and `reconcileIssues` is there because it lags. */
  issueSearchLagMs: number;
  issueBulkfetch: 'offered' | 'not-offered';
  /** What becomes of a deleted object in the fields of issues. */
  issueFieldsOfDeleted: 'dropped' | 'kept';
  /**
   * What becomes of an object that is not there, or that the field's own schema or filter does not allow: a 204, and the field is as
   * it was (a public client), or holds the others of those that were sent; or a 400.
   */
  invalidIssueValues: 'hidden' | 'left-out' | 'refused';
  /** How many objects a write of a field may hold; 20, says one client. A write of more is answered 400. */
  issueObjectsAtOnce: number | undefined;
  /**
   * `notifyUsers=false` takes a right: without it watchers get their mail nevertheless, nothing is stored behind the 204, or it is
   * answered 403. The documentation says both that it is ignored and that it is refused.
   */
  keepingFromWatchers: 'allowed' | 'ignored' | 'nothing-stored' | 'refused';
  /** Whether the objects of a field come in the order in which they were written, or by their ids. */
  issueValueOrder: 'kept' | 'by-id';
  /** Which fields an object in an issue has: the three of Atlassian's article, or one of them. */
  issueValueFields: 'all' | 'objectId' | 'id';
  /** How a field reads that holds nothing, and one that holds one object. */
  emptyIssueValues: 'null' | 'list';
  singleIssueValues: 'list' | 'bare';
}

export const documentedQuirks: Readonly<Quirks> = {
  isLast: 'string',
  hasMoreResults: false,
  totalCap: undefined,
  isLastWrongFrom: undefined,
  maxPageSize: undefined,
  offsetsEndAt: undefined,
  offsetsEnd: 'empty-page',
  objectIdRanges: 'offered',
  retryAfter: true,
  comments: 'offered',
  iconUpload: 'offered',
  attributePosition: 'offered',
  attributePlaces: 'in-list',
  objectLimit: undefined,
  attributeConfigure: 'offered',
  undocumentedDeletes: 'offered',
  deletesInUse: 'carried-out',
  optionsInUse: 'removable',
  deletedReferences: 'silent',
  updatedMoves: 'always',
  timestamp: 'created',
  extendedInfo: 'present',
  bodies: 'documented',
  schemaProperties: 'three',
  referenceValues: 'both',
  groupValues: 'both',
  otherValues: 'refused',
  attributeIds: 'both',
  otherAttributeIds: 'ignored',
  userPageSize: undefined,
  usersSearch: 'offered',
  groupBulk: 'offered',
  attributeType: 'as-documented',
  valueOfNestedKinds: 'missing',
  withoutValueFields: [],
  accountFields: [],
  groupSearchValue: 'name',
  displayName: true,
  displayNameShown: 'always',
  unknownDisplayName: 'ignored',
  unknownRoute: 'problem-json',
  iconIds: 'numeric',
  iconContentType: undefined,
  searchLagMs: 0,
  hiddenCountedBy: ['type', 'schema', 'usage'],
  dateForm: 'day',
  dateTimeForm: 'utc',
  keySort: 'numeric',
  historyType: true,
  usage: 'offered',
  discoveryWithoutAssets: 'empty-list',
  internalEndpointsForScopedTokens: 'answered',
  typeNamesUniqueIn: 'parent',
  reservedNameCharacters: 'accepted',
  deactivatedUsers: 'accepted',
  jiraIssues: 'offered',
  fieldSearch: 'offered',
  fieldPageSize: undefined,
  fieldConfigurations: 'offered',
  fieldConfigurationIds: 'of-context',
  fieldIdsInJql: 'taken',
  issuePageSize: undefined,
  issuePages: 'places',
  issueSearchLagMs: 0,
  issueBulkfetch: 'offered',
  issueFieldsOfDeleted: 'dropped',
  invalidIssueValues: 'hidden',
  issueObjectsAtOnce: undefined,
  keepingFromWatchers: 'allowed',
  issueValueOrder: 'kept',
  issueValueFields: 'all',
  emptyIssueValues: 'null',
  singleIssueValues: 'list',
};
