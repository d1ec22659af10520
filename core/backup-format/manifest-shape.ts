import { fields, listOf, mapOf, maybe, nullOr, number, oneOf, type Shape, text, truth } from '../work-store/shape.ts';

const count: Shape = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? undefined : `${at} is no count`;

const moment: Shape = (value, at) =>
  typeof value === 'string' && Number.isFinite(Date.parse(value)) ? undefined : `${at} is no time`;

const base = fields({ backup: nullOr(text), passedOver: listOf(fields({ backup: text, reason: text })) });
const file = fields({ key: text, bytes: count, sha256: text, records: count });
const place = { schemaKey: maybe(text), objectTypeId: maybe(text), objectId: maybe(text) };
const keysByShard = listOf(listOf(text));
const carried = maybe(fields({ objects: count, oldest: moment }));
const activityCounts = fields({ read: count, carried: count, missing: count, oldest: nullOr(moment) });
const measure = oneOf('last', 'week', 'month');
const objectType = fields({
  ...{ id: text, name: text, expected: nullOr(count), stored: count },
  ...{ objectsMeta: listOf(text), objects: listOf(text), attributes: nullOr(text) },
  activity: nullOr(fields({ count, history: keysByShard, comments: keysByShard })),
  ...{ avatars: nullOr(count), attachments: nullOr(count) },
});

/**
 * What every reader of a manifest goes by; a seal says only that nobody has changed it. What a later version adds is no fault.
 */
export const manifestShape = fields({
  name: text,
  status: oneOf('complete', 'complete-with-gaps', 'partial'),
  site: fields({ siteName: text, workspaceId: text }),
  startedAt: moment,
  finishedAt: moment,
  writtenBy: text,
  options: fields({
    objectSchemaKeys: nullOr(listOf(text)),
    full: truth,
    activity: maybe(truth),
    activityMaxAgeDays: count,
    activityFiles: oneOf('object', 'type'),
    issueLinks: truth,
  }),
  schemas: listOf(fields({ id: text, key: text, name: text, folder: text, objectTypes: listOf(objectType), base })),
  activity: fields({ history: activityCounts, comments: activityCounts }),
  counts: fields({
    ...{ schemas: count, objectTypes: count, attributes: count, objects: count, attributeValues: count, icons: count },
    ...{ historyEntries: count, comments: count, historyRead: count, commentsRead: count, files: count, bytes: count },
  }),
  issueLinks: nullOr(
    listOf(fields({ id: text, name: text, issues: nullOr(count), links: count, files: listOf(text) })),
  ),
  references: fields({ inside: count, outside: count }),
  requests: mapOf(count),
  waits: maybe(listOf(fields({ at: moment, seconds: number, endpoint: text }))),
  budget: maybe(fields({ total: number, byClass: mapOf(number) })),
  notOffered: listOf(fields({ what: text, reason: text })),
  gaps: listOf(fields({ kind: text, what: text, error: text, reason: text, carried, ...place })),
  notices: listOf(
    fields({ kind: text, message: text, ...place, schemaId: maybe(text), objectIds: maybe(listOf(text)) }),
  ),
  measured: listOf(fields({ measure, against: nullOr(text), before: count, now: count })),
  suspicions: listOf(
    fields({
      ...{ kind: text, measure, against: text, before: count, now: count, message: text },
      ...{ schemaId: maybe(text), schemaKey: maybe(text), objectTypeId: maybe(text), attributeId: maybe(text) },
      objectSchemaKeys: maybe(listOf(text)),
      isOfPart: maybe(truth),
      threshold: maybe(fields({ percent: number, atLeast: count })),
    }),
  ),
  originalScripts: maybe(
    fields({
      ...{ files: count, bytes: count, fingerprint: text, isZip: truth },
      objects: fields({ both: count, raw: count, displayed: count }),
    }),
  ),
  fileLists: listOf(file),
});
