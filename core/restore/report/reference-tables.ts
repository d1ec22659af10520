import { csvText } from '../../csv.ts';
import type { Difference, Loss } from '../../model/restore.ts';
import { type ChangedAttribute, itsType } from '../values/changed-values.ts';
import type { LinkedReference } from '../values/linked-counts.ts';

/** The keys that objects of the backup have on the target. */
export interface KeysNow {
  readonly bySource: ReadonlyMap<string, string>;
  /** By their old keys. */
  readonly byKey: ReadonlyMap<string, string>;
}

/** What the comparison has found to be otherwise than it was planned. */
interface Fallen {
  readonly losses: readonly Loss[];
  readonly changed: readonly ChangedAttribute[];
  readonly differences: readonly Difference[];
}

/** Of an object that somebody has moved nothing was written. */
const attributeOf = ({ attribute }: ChangedAttribute) => (attribute === itsType ? undefined : attribute);

/** Of the attributes that were to be set back those that are whole. */
export function standingOverwrites(planned: readonly ChangedAttribute[], found: Fallen): ChangedAttribute[] {
  const nameOf = (source: string, attribute?: string) => JSON.stringify([source, attribute]);
  const fallen = new Set([
    ...found.losses.map(({ source, attribute }) => nameOf(source, attribute)),
    ...found.changed.map((one) => nameOf(one.source, attributeOf(one))),
    ...found.differences.map(({ source }) => nameOf(source)),
  ]);
  return planned.filter(
    ({ source, attribute }) => ![nameOf(source), nameOf(source, attribute)].some((name) => fallen.has(name)),
  );
}

/** Of the references that were to be linked again those that stand. */
export function standingLinks(planned: readonly LinkedReference[], found: Fallen): LinkedReference[] {
  const nameOf = (source: string, attribute?: string, key?: string) => JSON.stringify([source, attribute, key]);
  const fallen = new Set([
    ...found.losses.map(({ source, attribute, refersTo }) => nameOf(source, attribute, refersTo?.key)),
    ...found.changed.map((one) => nameOf(one.source, attributeOf(one))),
    ...found.differences.map(({ source }) => nameOf(source)),
  ]);
  return planned.filter(
    ({ source, attribute, refersTo }) =>
      ![nameOf(source), nameOf(source, attribute), nameOf(source, attribute, refersTo)].some((name) =>
        fallen.has(name),
      ),
  );
}

const columns = ['object', 'object now', 'attribute', 'refers to', 'refers to now'];

/** What was linked again: the object and what it refers to, both by their old and their new keys. */
export function linkTable(links: readonly LinkedReference[], { bySource, byKey }: KeysNow): string {
  const rows = links.map(({ source, where, attribute, refersTo = '', now }) => [
    ...[where, bySource.get(source) ?? '', attribute],
    ...[refersTo, now ?? byKey.get(refersTo) ?? ''],
  ]);
  return csvText([columns, ...rows]);
}

/** What is left to be linked by hand, in the same columns, and why. */
export function handTable(losses: readonly Loss[], { bySource }: KeysNow): string {
  const rows = losses.map(({ source, where, attribute = '', refersTo, reason }) => [
    ...[where, bySource.get(source) ?? '', attribute],
    ...[refersTo?.key ?? '', refersTo?.now ?? '', reason],
  ]);
  return csvText([[...columns, 'reason'], ...rows]);
}
