import * as v from 'valibot';
import { isOpaqueNumber } from '../../core/lossless-json.ts';
import { isRecord, type JsonRecord } from '../../core/model/json.ts';
import type { IssueRecord } from '../../core/ports/issues-reader.ts';

// What we rely on of Jira's answers. Source: Jira's REST API v3 (reference, section 8); configurations are undocumented (section 1.3).

const text = v.pipe(v.string(), v.nonEmpty());
const jsonRecord = v.custom<JsonRecord>((value) => isRecord(value) && !isOpaqueNumber(value));

/** An entry of either list of fields. Only Assets fields are looked at closer, so that no other one costs the list. */
export const fieldsShape = v.array(jsonRecord);

/** A page of Jira's (`PageBean`). Its `isLast` and `total` are optional in the documentation. */
export const jiraPageShape = v.looseObject({ values: v.array(jsonRecord), isLast: v.optional(v.unknown()) });

/** Ids are texts in every example; a whole number is one as well. `fields` may be missing where an issue holds none of them. */
export const issueShape = v.looseObject({
  id: v.union([text, v.pipe(v.number(), v.safeInteger())]),
  key: text,
  fields: v.nullish(jsonRecord),
});

/** `GET` and `POST /rest/api/3/search/jql`: no total; a token where there is a next page. */
export const issuePageShape = v.looseObject({
  issues: v.array(issueShape),
  nextPageToken: v.nullish(v.string()),
  isLast: v.optional(v.unknown()),
});

/** `POST /rest/api/3/issue/bulkfetch`: issues that are not there, or not to be seen, are left out. */
export const bulkIssuesShape = v.looseObject({ issues: v.array(issueShape) });

/** `GET /rest/servicedesk/cmdb/latest/fieldconfig/{id}`: any of its fields tells it from something else. */
const configurationFields = [
  'objectSchemaId',
  'objectFilterQuery',
  'issueScopeFilterQuery',
  'multiple',
  'attributesLimit',
];
export const fieldConfigurationShape = v.pipe(
  jsonRecord,
  v.check((configuration) => configurationFields.some((name) => Object.hasOwn(configuration, name))),
);

/** An issue with a text for an id, and with `fields` in any case. All else is as the site gave it. */
export function issueRecord(issue: v.InferOutput<typeof issueShape>): IssueRecord {
  return { ...issue, id: String(issue.id), fields: issue.fields ?? {} } as IssueRecord;
}
