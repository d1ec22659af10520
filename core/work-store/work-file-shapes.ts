import { suspicionKinds } from '../model/loss-alarm.ts';
import {
  anything,
  byField,
  fields,
  listOf,
  mapOf,
  maybe,
  nullOr,
  number,
  oneOf,
  onlyFields,
  type Shape,
  text,
  truth,
  tuple,
} from './shape.ts';

const file = fields({ key: text, bytes: number, sha256: text, records: number });
const files = listOf(file);
const gaps = listOf(fields({ kind: text, reason: text }));
const records = listOf(fields({}));
const loss = fields({ kind: text, source: text, where: text, attribute: maybe(text), values: number, reason: text });
const losses = listOf(loss);
const holder = fields({ executionId: text, process: maybe(fields({ host: text, pid: number })) });
const lock = fields({
  ...{ state: oneOf('held', 'released'), holder, kind: oneOf('backup', 'restore'), since: text },
  passedOver: maybe(text),
});
const schema = fields({ id: text, key: text, name: text, folder: text });
const unfinished = fields({ stored: files, isCopied: truth, lines: listOf(text) });
const stepRecord = { files, counts: mapOf(number), gaps, notices: records };
const sweep = fields({ position: fields({ sweep: number, startAt: number }), seen: listOf(tuple(text, number)) });
const made = { schema: text, type: text };
const remarks = { pending: maybe(listOf(text)), losses: maybe(losses) };
const commentState = oneOf('open', 'done', 'lost', 'unknown');
const comparedCounts = { objectsCompared: number, valuesCompared: number };
const verification = fields({ ...comparedCounts, differences: records });
const left = fields({ digest: text, reason: text });
const action = oneOf('create', 'reuse', 'update', 'skip', 'conflict', 'delete', 'set-back');
const result = fields({ restore: text, backup: text, outcome: text, hash: text, message: text, where: text });
const sameObject = fields({ schema: text, target: text, key: text });
const relaxation = fields({ where: text, type: text, id: text, before: fields({}), meanwhile: fields({}) });
const imageFile = fields({ key: text, sha256: text, keptAt: number });
const untouched = fields({
  ...{ source: text, target: text, type: text, key: text },
  ...{ refersTo: listOf(text), inbound: number, digest: text },
});
const overwrittenAttribute = fields({
  ...{ id: text, name: text, now: text, before: text },
  ...{ refersTo: listOf(text), goesByItself: truth },
});
const overwritten = fields({
  ...{ id: text, type: text, key: text },
  ...{ attributes: listOf(overwrittenAttribute), stillRefersTo: listOf(text) },
});
const madeThing = fields({ kind: text, id: text, where: text });
const undoVerified = fields({ compared: number, differences: records, stays: losses });
const writtenField = fields({
  ...{ issue: text, key: text, field: text, name: text },
  ...{ before: listOf(text), after: listOf(text), gone: listOf(text), state: oneOf('open', 'done', 'refused') },
});
const planned = listOf(fields({ source: text, where: text, action }));

/**
 * What each file of the work store has to hold, by its key: a star stands for the part of a key that differs. Of journals and
 * locks it is all that is read, since other runs go by them; of what the steps of one run leave for each other, enough to tell
 * one kind from another. What an old version wrote passes as well.
 */
const rows: readonly (readonly [pattern: string, shape: Shape])[] = [
  ['locks/*.json', lock],
  ['backup-locks/*.json', lock],
  ['finished/*/*.json', fields({ executionId: text })],
  ['copied/journals/*.json', fields({ carried: mapOf(listOf(text)) })],
  ['copied/*/*.json', fields({ from: text, by: text, at: text })],
  [
    'readers/*/*.json',
    fields({ holder, what: oneOf('restore', 'copy'), state: oneOf('reading', 'ended'), until: text }),
  ],
  [
    'pruning/*.json',
    fields({
      ...{ holder, state: oneOf('deleting', 'deleted', 'withdrawn'), at: text, until: text },
      ...{ files: number, bytes: number },
    }),
  ],
  [
    'drills/runs/*.json',
    fields({
      ...{ drill: text, backup: text, executionId: text, startedAt: text, workspaceId: text, siteName: text },
      scratch: oneOf('open', 'removed'),
      ended: nullOr(fields({ at: text, outcome: oneOf('passed', 'differences-found', 'failed'), message: text })),
    }),
  ],
  // Inside a drill's folder, where its other files are called as a restore's.
  ['sample.json', fields({ schemas: records, objects: listOf(tuple(text, text)), attributes: records })],
  ['comments/part-*.json', fields({ compared: number, notOffered: number, differences: records })],
  ['result.json', fields({ drill: text, backup: text, outcome: text, message: text, where: text })],
  ['schedules/*.json', fields({ holder, backup: text })],
  [
    'accepted/*.json',
    fields({
      accepted: listOf(
        fields({
          ...{ kind: text, schemaKey: text, objectTypeId: nullOr(text), of: oneOf('objects', 'object-types') },
          ...{ number, because: text, by: text, at: text, backup: text },
        }),
      ),
      losses: maybe(
        listOf(
          fields({
            ...{
              kind: oneOf(...suspicionKinds),
              schemaId: maybe(text),
              objectTypeId: maybe(text),
              attributeId: maybe(text),
              objectSchemaKeys: maybe(listOf(text)),
              isOfPart: maybe(truth),
            },
            ...{ number, because: text, by: text, at: text, backup: text },
          }),
        ),
      ),
    }),
  ],
  [
    'reports/*/changes.json',
    fields({ previous: text, counts: fields({ added: number, removed: number, changed: number }) }),
  ],
  ['operations/watched-since.json', fields({ since: text })],
  ['operations/drills-watched.json', fields({ since: text, until: text })],

  [
    'journals/*/*/configuration/*.json',
    fields({
      restore: text,
      intents: listOf(
        fields({
          kind: oneOf('schema', 'object-type', 'attribute'),
          source: text,
          schemaKey: text,
          name: maybe(text),
        }),
      ),
      schemas: mapOf(text),
      schemaKeys: listOf(text),
      finishedKeys: listOf(text),
      losses,
      files: maybe(listOf(text)),
      same: maybe(mapOf(sameObject)),
      relaxed: maybe(listOf(relaxation)),
    }),
  ],
  [
    'journals/*/*/objects/*.json',
    fields({
      restore: text,
      entries: mapOf(
        byField('state', {
          open: fields({ ...made, digest: text, label: text, ...remarks }),
          created: fields({ ...made, target: text, key: text, ...remarks }),
          found: fields({ ...made, target: text, key: text, pending: maybe(mapOf(text)) }),
          ambiguous: fields({ ...made, candidates: listOf(text) }),
          refused: fields({ ...made, losses }),
        }),
      ),
    }),
  ],
  [
    'journals/*/*/links/*.json',
    fields({
      restore: text,
      done: listOf(text),
      images: maybe(listOf(imageFile)),
      left: maybe(mapOf(mapOf(text))),
      losses: maybe(mapOf(losses)),
    }),
  ],
  ['journals/*/*/comments/*.json', fields({ restore: text, objects: mapOf(mapOf(commentState)) })],
  [
    'journals/*/*/left/*.json',
    fields({
      restore: text,
      number,
      of: number,
      endedAt: number,
      scope: nullOr(listOf(text)),
      objects: mapOf(mapOf(nullOr(left))),
      given: mapOf(mapOf(listOf(text))),
    }),
  ],

  ['journals/*/*/issues/*.json', fields({ restore: text, entries: mapOf(writtenField) })],
  ['restores/*/relink.json', fields({ relink: text, dryRun: truth })],
  ['restores/*/relink/plan.json', fields({ batches: number, issues: number, firstJournal: number })],
  [
    'restores/*/relink/batch-*.json',
    fields({
      fields: listOf(fields({ issue: text, key: text, field: text, name: text, before: listOf(text) })),
    }),
  ],
  [
    'restores/*/relink/done-*.json',
    fields({
      fields: listOf(
        fields({
          ...{ issue: text, key: text, field: text, name: text, notRestored: number, notLinked: number },
          outcome: oneOf('linked', 'already', 'other', 'lost'),
        }),
      ),
    }),
  ],

  ['plans/*/*.jsonl', tuple(text, text, text, nullOr(text), text, text, text)],
  ['restores/*/choices.json', fields({ backup: text, processObjects: truth, dryRun: truth })],
  ['restores/*/undo.json', fields({ undo: text, dryRun: truth })],
  ['restores/*/relaxed.json', fields({ attributes: listOf(fields({ where: text, id: text })), putBack: truth })],
  ['restores/*/plan.json', fields({ restore: text, backup: text, hash: text, itemFiles: listOf(text) })],
  ['restores/*/plan-outcome.json', fields({ next: nullOr(number), go: truth, result: nullOr(result) })],
  ['restores/*/plan/items-*.jsonl', fields({ kind: text, source: text, action, where: text })],
  ['restores/*/same.json', mapOf(nullOr(sameObject))],
  [
    'restores/*/people.json',
    fields({
      mapped: listOf(tuple(text, nullOr(text))),
      accounts: nullOr(listOf(text)),
      groups: nullOr(listOf(tuple(text, text))),
    }),
  ],
  [
    'restores/*/configuration-plan.json',
    fields({
      schemas: planned,
      statusTypes: planned,
      referenceTypes: planned,
      icons: planned,
      types: planned,
      attributes: planned,
    }),
  ],
  [
    'restores/*/configuration.json',
    fields({
      schemas: mapOf(text),
      statusTypes: mapOf(text),
      referenceTypes: mapOf(text),
      icons: mapOf(text),
      types: mapOf(fields({ target: text, schema: text })),
      attributes: mapOf(text),
      settled: mapOf(truth),
      isComplete: truth,
    }),
  ],
  ['restores/*/target/part-*.json', fields({ start: nullOr(fields({})), types: records })],
  ['restores/*/differing/*/*.jsonl', tuple(number, fields({}))],
  ['before-images/*/*.jsonl', fields({ id: text, objectKey: text, attributes: records, sent: mapOf(text) })],
  ['restores/*/plan/links-*.jsonl', fields({ source: text, where: text, attribute: text })],
  ['restores/*/plan/changed-*.jsonl', fields({ source: text, where: text, attribute: text })],
  ['restores/*/changed.jsonl', fields({ source: text, where: text, attribute: text })],
  ['restores/*/plan/overwritten-*.jsonl', fields({ source: text, where: text, attribute: text })],
  ['restores/*/overwritten.jsonl', fields({ source: text, where: text, attribute: text })],
  ['restores/*/plan/came-later-*.jsonl', fields({ target: text, key: text, type: text })],
  ['restores/*/histories/part-*.jsonl', tuple(text, listOf(text))],
  ['restores/*/before/*.json', listOf(text)],
  [
    'restores/*/object-plan.json',
    fields({
      shards: listOf(fields({ file, schemaId: text, typeId: text })),
      twice: mapOf(number),
      batches: number,
      reusedParts: number,
      commentBatches: number,
      outside: mapOf(fields({})),
    }),
  ],
  ['restores/*/reused/part-*.json', listOf(fields({ source: text, target: text, key: text }))],
  [
    'restores/*/batches/objects-*.json',
    fields({
      groups: listOf(fields({ shard: number, objects: listOf(tuple(text, number)) })),
      pending: nullOr(mapOf(anything)),
    }),
  ],
  [
    'restores/*/batches/comments-*.json',
    fields({ objects: listOf(fields({ source: text, key: text, known: mapOf(anything) })) }),
  ],
  ['restores/*/comments.json', fields({ batch: number, at: number, notOffered: nullOr(text), areLeft: truth })],
  ['restores/*/lacking.json', listOf(fields({ key: text, problem: text, records: number }))],
  ['restores/*/losses/*.json', losses],
  ['restores/*/requests/*.waits.json', fields({ longest: records })],
  ['restores/*/requests/*.json', mapOf(number)],
  ['restores/*/verification.json', verification],
  ['restores/*/verified/part-*.json', fields({})],
  ['restores/*/result.json', result],

  [
    'diffs/*/site.json',
    fields({
      configuration: fields({ schemas: records }),
      existing: listOf(tuple(text, fields({}))),
      hidden: fields({}),
    }),
  ],
  ['diffs/*/expected/part-*.json', fields({ objects: listOf(number), ids: listOf(text), digests: listOf(text) })],
  ['diffs/*/progress/*.json', fields({ phase: text, at: number, sight: text, files: listOf(text) })],
  ['diffs/*/differing/*/*.jsonl', tuple(number, fields({}))],
  ['diffs/*/lines/*.jsonl', fields({ kind: text, change: oneOf('added', 'removed', 'changed'), id: text })],

  ['restores/*/undo.json', fields({ undo: text, dryRun: truth, approve: nullOr(text) })],
  [
    'restores/*/undo/looked-*.json',
    fields({
      ...{ untouched: listOf(untouched), overwritten: listOf(overwritten), stays: losses, gone: listOf(text) },
      ...{ issues: maybe(listOf(writtenField)), ours: maybe(listOf(tuple(text, text))) },
    }),
  ],
  [
    'restores/*/undo/plan.json',
    fields({ batches: number, looked: number, things: listOf(madeThing), relaxed: listOf(relaxation) }),
  ],
  [
    'restores/*/undo/batch-*.json',
    fields({
      ...{ overwritten: listOf(overwritten), deletes: listOf(untouched), issues: maybe(listOf(writtenField)) },
    }),
  ],
  [
    'restores/*/undo/done-*.json',
    fields({
      setBack: listOf(overwritten),
      goesByItself: listOf(overwritten),
      deleted: listOf(untouched),
      issues: maybe(listOf(writtenField)),
      stays: losses,
    }),
  ],
  ['restores/*/undo/configuration.json', fields({ stays: losses })],
  ['restores/*/undo/verified-*.json', undoVerified],
  ['restores/*/undo/verification.json', undoVerified],
  ['restores/*/plan/losses-*.jsonl', fields({ kind: text, source: text, where: text, reason: text })],
  ['undone/*/*.json', fields({ undo: text, objects: listOf(text), images: listOf(imageFile) })],
  [
    'undone/*.json',
    fields({
      restore: text,
      undo: text,
      at: text,
      deleted: number,
      setBack: number,
      stays: number,
      differences: number,
    }),
  ],

  ['backups/*/owner.json', holder],
  [
    'backups/*/plan.json',
    fields({
      ...{ run: fields({ executionId: text }), options: fields({}), schemas: listOf(schema) },
      ...{ files, gaps, notices: maybe(records) },
    }),
  ],
  [
    'backups/*/global-configuration.json',
    onlyFields({ referenceTypes: listOf(text), statusTypes: listOf(text), icons: listOf(text) }),
  ],
  ['backups/*/schema-batches.json', listOf(fields({ schema }))],
  [
    'backups/*/configuration/*.json',
    fields({
      ...{ ...stepRecord, notOffered: records, objectTypes: maybe(records) },
      attributes: maybe(listOf(tuple(text, listOf(tuple(text, text))))),
    }),
  ],
  ['backups/*/object-batches.json', listOf(fields({ number, types: records }))],
  [
    'backups/*/objects/*.sweep.json',
    fields({ sweep, shards: fields({ files, indexes: listOf(text) }), gaps: maybe(gaps) }),
  ],
  [
    'backups/*/objects/*.index-*.json',
    fields({
      ...{ ids: listOf(text), digests: listOf(text), values: maybe(listOf(text)) },
      ...{ references: listOf(tuple(text, text, text)), inside: number },
      leftOut: maybe(fields({ avatars: nullOr(number), attachments: nullOr(number) })),
    }),
  ],
  [
    'backups/*/objects/*.json',
    fields({ ...stepRecord, typeId: text, expected: nullOr(number), stored: number, indexes: listOf(text) }),
  ],
  [
    'backups/*/reconciled/*.listing.json',
    fields({
      ended: number,
      sweep: nullOr(sweep),
      countedBefore: nullOr(number),
      shortfall: nullOr(number),
      typeOf: listOf(tuple(text, text)),
    }),
  ],
  ['backups/*/reconciled/*.json', fields({ gaps, notices: records })],
  [
    'backups/*/issues/fields.json',
    fields({
      fields: nullOr(listOf(fields({ id: text, name: text, record: fields({}) }))),
      ...{ withoutContexts: nullOr(text), refused: nullOr(text), gaps },
    }),
  ],
  [
    'backups/*/issues/field-*.progress.json',
    fields({
      ...{ configurations: nullOr(records), configurationsRefused: nullOr(text), gaps },
      pages: fields({ next: nullOr(text), pass: number, seen: listOf(tuple(text, number)) }),
      stored: fields({ files, strays: listOf(text), links: number }),
    }),
  ],
  [
    'backups/*/issues/field-*.json',
    fields({
      ...{ issues: nullOr(number), links: number, files, refused: nullOr(text), gaps, notices: records },
      ...{ configurations: nullOr(records), configurationsRefused: nullOr(text) },
    }),
  ],
  [
    'backups/*/issues/record.json',
    fields({
      ...{ ...stepRecord, notOffered: records },
      fields: nullOr(
        listOf(fields({ id: text, name: text, issues: nullOr(number), links: number, files: listOf(text) })),
      ),
    }),
  ],
  [
    'backups/*/activity-plan.json',
    fields({
      objects: number,
      batches: number,
      notOffered: records,
      gaps,
      bases: mapOf(fields({ backup: nullOr(text) })),
    }),
  ],
  ['backups/*/activity-batches.json', listOf(fields({ number, key: text, kinds: listOf(text), until: text }))],
  ['backups/*/activity/given-up.json', mapOf(number)],
  [
    'backups/*/activity/*.from-*.json',
    fields({ ...stepRecord, from: number, to: number, objects: records, shards: records }),
  ],
  [
    'backups/*/activity/*.unfinished-*.json',
    fields({ done: number, objects: records, gaps, files: fields({ history: unfinished, comments: unfinished }) }),
  ],
  [
    'backups/*/activity/*.json',
    fields({ units: listOf(fields({ schema, type: fields({ id: text, name: text }), objects: records })), files }),
  ],
  ['backups/*/requests/*.waits.json', fields({ longest: records })],
  ['backups/*/requests/*.json', mapOf(number)],
  ['backups/*/failures/*.json', fields({ kind: text, id: text, error: text, reason: text })],
];

const shapes = rows.map(([pattern, shape]) => {
  return { pattern: new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`), shape };
});

/** The shape of a file of the work store; undefined where it has no row. The first row that fits counts. */
export function shapeOfFile(key: string): Shape | undefined {
  return shapes.find(({ pattern }) => pattern.test(key))?.shape;
}
