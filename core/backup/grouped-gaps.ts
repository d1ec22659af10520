import { counted } from '../counted.ts';
import type { Gap } from '../model/outcome.ts';

/** Error of a gap that nobody has asked for any more, because so much of its kind had failed in a row. */
export const notAskedFor = 'NotAskedFor';

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
  return {
    ...gapOfObjects(
      kind,
      group.reduce((sum, { objects = 1 }) => sum + objects, 0),
      ids,
      error === notAskedFor,
    ),
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
  isNotAskedFor: boolean,
): Pick<Gap, 'kind' | 'what' | 'objects' | 'objectIds'> {
  const objectIds = ids.slice(0, idsNamed);
  const named = objectIds.length < objects ? `the first: ${objectIds.join(', ')}` : objectIds.join(', ');
  const what = `${kind} of ${counted(objects, 'object')} (${named})`;
  return { kind, what: isNotAskedFor ? `${what}, not asked for any more` : what, objects, objectIds };
}
