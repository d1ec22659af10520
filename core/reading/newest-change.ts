import { isRecord, type Json, type JsonRecord, textOf } from '../model/json.ts';
import { isBy } from './history-entry.ts';

/** Of the newest change of an attribute: by whom, and not before when. Null: that does not matter. */
export interface WantedChange {
  /** An account id. */
  readonly by: string | null;
  /** ISO 8601. */
  readonly since: string | null;
}

/** Numbers of entries that are about no attribute: the object's creation, attachments, avatars (reference, section 2.9). */
const ofNoAttribute: ReadonlySet<string> = new Set(['0', '7', '8', '25', '26', '27']);

/**
 * Whether the newest entry of an object's history about an attribute is the wanted one. What the history does not tell for sure
 * is not: it has no entry about it, or a newer one of which nobody knows what it is about, or no time.
 * @param names the attribute may have been called otherwise before
 */
export function isNewestChange(history: readonly Json[], names: ReadonlySet<string>, wanted: WantedChange): boolean {
  const entries = history.map((entry) => (isRecord(entry) ? entry : {})).toSorted(byAge);
  const [oldest] = entries;
  const newest = entries.findLast((entry) => {
    const name = textOf(entry.affectedAttribute);
    if (name !== undefined && name !== '') return names.has(name);
    const type = textOf(entry.type);
    // Atlassian's own example gives no type: the oldest one is the creation.
    return type === undefined ? entry !== oldest : !ofNoAttribute.has(type);
  });
  const name = newest && textOf(newest.affectedAttribute);
  if (!newest || name === undefined || !names.has(name) || entries.some((entry) => Number.isNaN(timeOf(entry)))) {
    return false;
  }
  return (
    (wanted.by === null || isBy(newest, wanted.by)) &&
    (wanted.since === null || timeOf(newest) >= Date.parse(wanted.since))
  );
}

/** The oldest first. Ids rise, which tells of two in one moment which is the newer. */
function byAge(a: JsonRecord, b: JsonRecord): number {
  const [idA, idB] = [textOf(a.id) ?? '', textOf(b.id) ?? ''];
  return timeOf(a) - timeOf(b) || idA.length - idB.length || (idA < idB ? -1 : idA > idB ? 1 : 0);
}

/** Milliseconds since 1970; not a number where nothing tells it. */
function timeOf({ created }: JsonRecord): number {
  if (typeof created === 'number') return created;
  return Date.parse(textOf(created) ?? '');
}
