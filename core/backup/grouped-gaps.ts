import { counted, readableCount } from '../counted.ts';
import type { CarriedOver, Gap } from '../model/outcome.ts';

/** Error of a gap that nobody has asked for any more, because so much of its kind had failed in a row. */
export const notAskedFor = 'NotAskedFor';
/** Error of a gap that the time did not suffice for. */
export const catchingUp = 'CatchingUp';

/** As many gaps of one kind, schema and error stand by themselves; of more a person reads the first, and how many there are. */
const mostSingle = 20;
const idsNamed = 10;

/**
 * The same gaps, with those of many objects' activity as one: a list of a million would fit neither in memory nor in a manifest.
 * Groups that are grouped again make the groups of all.
 */
export function groupedGaps(gaps: readonly Gap[]): Gap[] {
  const groups = new Map<string, Gap[]>();
  for (const gap of gaps) {
    const isOfObjects = gap.objectId !== undefined || gap.objects !== undefined;
    const isActivity = gap.kind === 'history' || gap.kind === 'comments';
    // What belongs to no group is one.
    const place = isOfObjects && isActivity ? [gap.kind, gap.schemaKey, gap.error] : [groups.size];
    const group = groups.get(JSON.stringify(place));
    if (group) group.push(gap);
    else groups.set(JSON.stringify(place), [gap]);
  }
  return [...groups.values()].flatMap((group) => (isOne(group) ? [asOne(group)] : group));
}

const isOne = (group: readonly Gap[]) =>
  group.length > mostSingle || (group.length > 1 && group.some(({ objects }) => objects !== undefined));

function asOne(group: readonly Gap[]): Gap {
  const [{ kind, error, reason, schemaKey }] = group as [Gap];
  const ids = group.flatMap(({ objectId, objectIds = [] }) => objectId ?? objectIds);
  const objects = group.reduce((sum, gap) => sum + (gap.objects ?? 1), 0);
  const place = gapOfObjects(kind, objects, ids, error);
  const carried = group.flatMap((gap) => gap.carried ?? []);
  const kept = carried.reduce((sum, one) => sum + one.objects, 0);
  const oldest = carried.map((one) => one.oldest).sort()[0];
  return {
    ...sayingCarried(place, oldest === undefined ? undefined : { objects: kept, oldest }),
    error,
    reason,
    ...(schemaKey !== undefined && { schemaKey }),
  };
}

/** The place of a gap that stands for so many objects, of which some are named. */
export function gapOfObjects(
  kind: Gap['kind'],
  objects: number,
  ids: readonly string[],
  error?: string,
): Pick<Gap, 'kind' | 'what' | 'objects' | 'objectIds'> {
  const objectIds = ids.slice(0, idsNamed);
  const named = objectIds.length < objects ? `the first: ${objectIds.join(', ')}` : objectIds.join(', ');
  const what = `${kind} of ${counted(objects, 'object')} (${named})`;
  const why = error === notAskedFor ? ', not asked for any more' : error === catchingUp ? ', catching up' : '';
  return { kind, what: what + why, objects, objectIds };
}

/** @param kept by object, when the older copy was read that is kept of it; undefined where there is none */
export function carriedOf(kept: readonly (string | undefined)[]): CarriedOver | undefined {
  const dates = kept.filter((date) => date !== undefined).sort();
  return dates[0] === undefined ? undefined : { objects: dates.length, oldest: dates[0] };
}

/** The place of a gap, saying of how many of its objects an older copy is kept, and of when. */
export function sayingCarried<Place extends Pick<Gap, 'what' | 'objects' | 'objectId'>>(
  place: Place,
  carried: CarriedOver | undefined,
): Place & Pick<Gap, 'carried'> {
  if (!carried) return place;
  const day = carried.oldest.slice(0, 10);
  const kept =
    place.objectId !== undefined
      ? `an older copy is kept, of ${day}`
      : `of ${readableCount(carried.objects)} an older copy is kept, the oldest of ${day}`;
  return { ...place, what: `${place.what}; ${kept}`, carried };
}
