import { displayedText, type ValueSeen } from '../../core/backup-format/object-values.ts';
import type { HeldActivity } from '../../core/contents/held-activity.ts';
import type { HeldObject, HeldValues } from '../../core/contents/held-object.ts';
import { counted } from '../../core/counted.ts';
import type { ObjectLife } from '../../core/find/object-life.ts';
import { harmless, harmlessLines } from '../../core/harmless.ts';
import { type JsonRecord, textOf } from '../../core/model/json.ts';
import { readableMoment } from '../../core/readable.ts';
import { kind } from '../../core/reading/attribute-kinds.ts';
import { activityText, authorOf, historyEntry, oldestFirst } from '../../core/reading/history-entry.ts';
import { readableHtml } from '../../core/reading/html-text.ts';
import { fullPath } from '../../core/reading/named-type.ts';
import { paragraphs } from './section.ts';

/** An object as it stands in a backup, with what is shown of it. */
export interface ShownObject {
  readonly backup: string;
  readonly object: HeldObject;
  readonly values: readonly HeldValues[];
  /** Whether the objects that it refers to are in the backup too, by their ids; null: nobody can tell. */
  readonly present: ReadonlyMap<string, boolean | null>;
  readonly comments: HeldActivity;
  readonly history: HeldActivity;
  /** Where it was asked for; null: nobody can look through these backups. */
  readonly life: ObjectLife | null | undefined;
}

/** References as `label (KEY)`. */
export function valueText(value: ValueSeen): string {
  const text = displayedText(value);
  return value.type === kind.reference && value.key !== undefined && value.key !== text
    ? `${text} (${value.key})`
    : text;
}

export function objectReport(shown: ShownObject): string {
  const { backup, object, values, present, comments, history, life } = shown;
  const { record, type } = object;
  const isOutside = (value: ValueSeen) =>
    value.type === kind.reference && value.id !== undefined && present.get(value.id) === false;
  // Those of the site stand above.
  const own = values.filter(({ attribute }) => !attribute.isSystem);
  const rows = own.map(
    ({ attribute, values }): Row => [
      attribute.name,
      values.map((value) => `${valueText(value)}${isOutside(value) ? '  [not in this backup]' : ''}`),
    ],
  );
  return paragraphs([
    `${harmless(textOf(record.objectKey) ?? object.id)}  ${harmless(textOf(record.label) ?? '')}`,
    rowsText([
      ['Backup', [backup]],
      ['Type', [`${fullPath(type)} (id ${type.id})`]],
      ['Id', [object.id]],
      ['Created', [textOf(record.created) ?? '']],
      ['Updated', [textOf(record.updated) ?? '']],
    ]),
    rowsText(rows.map(([name, texts]) => [name, texts.length === 0 ? ['-'] : texts])),
    activityParagraph('comment', comments, (records) => records.map(commentText)),
    activityParagraph('history entry', history, (records) =>
      life === undefined ? [] : oldestFirst(records).map(historyText),
    ),
    life === undefined ? '' : lifeText(life),
  ]);
}

/** The same for programs. */
export function objectDocument({ backup, object, values, present, comments, history, life }: ShownObject): object {
  const { record, type } = object;
  const told = ({ readAt, why }: HeldActivity, records: readonly object[] | null) => ({ readAt, why, records });
  return {
    backup,
    id: object.id,
    key: textOf(record.objectKey) ?? null,
    label: textOf(record.label) ?? null,
    schema: { id: type.schema.id, key: type.schema.key, name: type.schema.name },
    objectType: { id: type.id, name: type.name, path: type.path },
    created: record.created ?? null,
    updated: record.updated ?? null,
    attributes: values.map(({ attribute, values }) => ({
      ...{ id: attribute.id, name: attribute.name },
      values: values.map((value) => ({
        text: displayedText(value),
        ...(value.type === kind.reference && {
          ...{ objectId: value.id ?? null, objectKey: value.key ?? null },
          isInBackup: value.id === undefined ? false : (present.get(value.id) ?? null),
        }),
        ...(value.type === kind.user && { accountId: value.id ?? null }),
      })),
    })),
    comments: told(
      comments,
      comments.records?.map((comment) => ({
        author: authorOf(comment) ?? null,
        ...timeOf(comment),
        text: textOfComment(comment),
      })) ?? null,
    ),
    history:
      life === undefined
        ? { readAt: history.readAt, why: history.why, entries: history.records?.length ?? null }
        : told(history, history.records && oldestFirst(history.records).map(historyFields)),
    ...(life !== undefined && { life: life && { changes: life.changes, silent: life.silent } }),
  };
}

function historyFields(entry: JsonRecord): object {
  const { author = null, at = null, what, before = null, after = null } = historyEntry(entry);
  return { author, at, what, before, after };
}

type Row = readonly [name: string, lines: readonly string[]];

/** Labels with their values one below the other; a text of several lines keeps them. */
function rowsText(rows: readonly Row[]): string {
  const names = rows.map(([name]) => harmless(name));
  const width = Math.min(widestName, Math.max(0, ...names.map((name) => name.length)));
  const indent = ' '.repeat(width + 4);
  return rows
    .flatMap(([, texts], index) =>
      texts
        .flatMap(linesOf)
        .map((line, at) => `${at === 0 ? `  ${(names[index] ?? '').padEnd(width)}  ` : indent}${line}`),
    )
    .join('\n');
}

const widestName = 32;

const linesOf = (text: string) => harmlessLines(text.replaceAll(/\r\n?/g, '\n')).split('\n');

/** How many there are, why there are no more or none, and those that are shown. */
function activityParagraph(
  one: 'comment' | 'history entry',
  { records, readAt, why }: HeldActivity,
  shown: (records: readonly JsonRecord[]) => readonly string[],
): string {
  const many = one === 'comment' ? 'comments' : 'history entries';
  // A warning says why.
  if (records === null) return `Whether it has ${many} cannot be told: that is damaged.`;
  const read = readAt === null ? '' : `, as of ${readableMoment(readAt)}`;
  return [`${counted(records.length, one, many)}${read}.${why === null ? '' : ` ${why}`}`, ...shown(records)].join(
    '\n',
  );
}

const timeOf = (record: JsonRecord) => ({ at: activityText(record.created) ?? null });
const textOfComment = ({ comment, commentOutput }: JsonRecord) =>
  readableHtml(activityText(comment) ?? activityText(commentOutput) ?? '');

function commentText(comment: JsonRecord): string {
  const who = `${timeOf(comment).at ?? 'unknown time'}  ${authorOf(comment) ?? 'unknown author'}`;
  return [`  ${harmless(who)}`, ...linesOf(textOfComment(comment)).map((line) => `    ${line}`)].join('\n');
}

function historyText(entry: JsonRecord): string {
  const { at = 'unknown time', author = 'unknown person', what, before, after } = historyEntry(entry);
  const values = before === undefined && after === undefined ? '' : `: ${before ?? '(none)'} → ${after ?? '(none)'}`;
  return `  ${harmless(`${at}  ${author}  ${what}${values}`)}`;
}

function lifeText(life: ObjectLife | null): string {
  if (life === null)
    return 'Backups of the original scripts are not looked through for what became of it: copy this one first.';
  const events = life.changes.map(
    ({ kind, after, by }): Row =>
      after === null ? ['first seen', [`in ${by}`]] : [kind, [`between ${after} and ${by}`]],
  );
  const silences = life.silent.map(({ backup, why }) => `  - ${backup}: ${harmless(why)}`);
  return [
    events.length === 0 ? 'No backup shows what became of it.' : `Across the backups:\n${rowsText(events)}`,
    ...(silences.length === 0 ? [] : ['These say nothing of it, or not all:', ...silences]),
  ].join('\n');
}
