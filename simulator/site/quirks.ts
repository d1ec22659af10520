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
  /** Whether a 429 carries `Retry-After` (JSDCLOUD-11605 asked for it; resolution Fixed, headers not documented). */
  retryAfter: boolean;
  /** The undocumented comment endpoints: answered, or unknown routes (404 problem+json). */
  comments: 'offered' | 'not-offered';
  /** Whether `objectTypeAttributeId` as a string is accepted on writes, or silently ignored (ScriptRunner saw the latter). */
  stringAttributeIds: 'accepted' | 'ignored';
  /** `type` of an attribute: official examples omit it in the schema-wide list and in create and update answers only. */
  attributeType: 'as-documented' | 'always' | 'never';
  /** Whether user, group, status and reference values have a `value` besides their nested thing. */
  valueOfNestedKinds: 'missing' | 'present';
  /** `displayName` came with the specification of 2026; older sites lack it everywhere. */
  displayName: boolean;
  /** What an unknown route answers: the problem+json of JSDCLOUD-17071, or a web page. */
  unknownRoute: 'problem-json' | 'html';
  /** Icon ids are numbers in the specification, ScriptRunner reports UUIDs. */
  iconIds: 'numeric' | 'uuid';
  /** How long `object/aql` and `totalcount` do not find a new object; whether search lags on Cloud is not documented. */
  searchLagMs: number;
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
}

export const documentedQuirks: Readonly<Quirks> = {
  isLast: 'string',
  hasMoreResults: false,
  totalCap: undefined,
  isLastWrongFrom: undefined,
  maxPageSize: undefined,
  retryAfter: true,
  comments: 'offered',
  stringAttributeIds: 'accepted',
  attributeType: 'as-documented',
  valueOfNestedKinds: 'missing',
  displayName: true,
  unknownRoute: 'problem-json',
  iconIds: 'numeric',
  searchLagMs: 0,
  keySort: 'numeric',
  historyType: true,
  usage: 'offered',
  discoveryWithoutAssets: 'empty-list',
  internalEndpointsForScopedTokens: 'answered',
  typeNamesUniqueIn: 'parent',
  reservedNameCharacters: 'accepted',
  deactivatedUsers: 'accepted',
};
