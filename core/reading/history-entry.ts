import { isRecord, type Json, type JsonRecord, textOf } from '../model/json.ts';

/**
 * The account that has made an entry of an object's history. Undefined where the site does not say it, as of an account that is gone:
 * `name` may be what people are called, which tells nobody from another.
 */
export function accountOf({ actor }: JsonRecord): string | undefined {
  return isRecord(actor) ? textOf(actor.key) || textOf(actor.accountId) || undefined : textOf(actor) || undefined;
}

/** Whether an entry is by this account. The specification has its id in `key`, other answers in `accountId` or `name`. */
export function isBy(entry: JsonRecord, accountId: string): boolean {
  const user = isRecord(entry.actor) ? entry.actor : {};
  return [accountOf(entry), user.accountId, user.name].includes(accountId);
}

/** The account that has created the object; undefined where its history does not say it. */
export function creatorIn(history: readonly Json[]): string | undefined {
  const creation = history.find((entry): entry is JsonRecord => isRecord(entry) && isCreation(entry));
  return creation && accountOf(creation);
}

/** Official examples leave the type out; a creation names no attribute and no value. */
function isCreation({ type, affectedAttribute, oldValue, newValue }: JsonRecord): boolean {
  const isEmpty = (value: Json | undefined) => value === undefined || value === null || value === '';
  return isEmpty(type) ? [affectedAttribute, oldValue, newValue].every(isEmpty) : textOf(type) === '0';
}

/** What an entry tells people. */
export interface HistoryEntry {
  readonly author: string | undefined;
  readonly at: string | undefined;
  /** What was done, and to which attribute: `changed value of Owner`. */
  readonly what: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export function historyEntry(entry: JsonRecord): HistoryEntry {
  const [before, after] = [activityText(entry.oldValue), activityText(entry.newValue)];
  const attribute = activityText(entry.affectedAttribute);
  const type = activityText(entry.type);
  const change = type === undefined ? deducedChange(attribute, before, after) : changes.get(type);
  const of = attribute === undefined ? '' : ` of ${attribute}`;
  const what = `${change ?? `change of type ${type}`}${of}`;
  return { author: authorOf(entry), at: activityText(entry.created), what, before, after };
}

/** `type` of a history entry in words (reference, section 2.9: known from the original scripts only, with gaps). */
const changes: ReadonlyMap<string, string> = new Map([
  ['0', 'created'],
  ['1', 'added value'],
  ['2', 'changed value'],
  ['3', 'deleted value'],
  ['4', 'added reference'],
  ['5', 'changed reference'],
  ['6', 'deleted reference'],
  ['7', 'added attachment'],
  ['8', 'deleted attachment'],
  ['9', 'added user'],
  ['10', 'changed user'],
  ['11', 'deleted user'],
  ['15', 'added group'],
  ['16', 'changed group'],
  ['17', 'deleted group'],
  ['25', 'added avatar'],
  ['26', 'changed avatar'],
  ['27', 'deleted avatar'],
]);

/** The official example leaves `type` out, and gives the entry of the creation no attribute and no values. */
function deducedChange(attribute: string | undefined, before: string | undefined, after: string | undefined): string {
  if (before === undefined && after === undefined) return attribute === undefined ? 'created' : 'changed';
  if (before === undefined) return 'added';
  return after === undefined ? 'deleted' : 'changed';
}

/** Who has made an entry, or a comment, as people are called. */
export function authorOf({ actor }: JsonRecord): string | undefined {
  return isRecord(actor) ? (activityText(actor.displayName) ?? activityText(actor.name)) : undefined;
}

/** Any value as text; undefined where there is none. The API writes "no value" as an empty text too (official example). */
export function activityText(value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Which way round the API lists depends on a setting of Jira (reference, section 1.1), so entries are sorted by time. Those
 * of one time keep the order of the list, turned where the list runs backwards; those without one stay by their neighbours.
 */
export function oldestFirst(entries: readonly JsonRecord[]): JsonRecord[] {
  const records = entries.map((entry) => (isRecord(entry) ? entry : {}));
  const times = records.map(timeOf).filter((time) => !Number.isNaN(time));
  const isOldestFirst = (times[0] ?? 0) < (times.at(-1) ?? 0);
  let last = -8.64e15;
  return (isOldestFirst ? records : records.toReversed())
    .map((entry) => {
      const time = timeOf(entry);
      if (!Number.isNaN(time)) last = time;
      return { entry, time: last };
    })
    .sort((one, other) => one.time - other.time)
    .map(({ entry }) => entry);
}

function timeOf({ created }: JsonRecord): number {
  return typeof created === 'number' ? created : Date.parse(activityText(created) ?? '');
}
