import { readableCount } from '../../counted.ts';
import { idOf, typeIdOf } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import { fullPath } from '../../reading/named-type.ts';
import { ObjectComparison } from '../object-line.ts';
import type { SideType } from '../side.ts';
import type { LiveComparison } from './live-comparison.ts';
import type { UnprovenAbsence } from './live-progress.ts';

/** Keys that a sentence names of what is not proven. */
const namedKeys = 5;

/** Reads the backup's objects again that are not alike, and tells of each what is other. True at the end. */
export async function tellDiffering(comparison: LiveComparison): Promise<boolean> {
  const { input, lines, differing, progress } = comparison;
  const objectLines = new ObjectComparison(input.chosen);
  const left = await comparison.left();
  for (const [shard, { file, typeId }] of comparison.shards.entries()) {
    if (shard < progress.at) continue;
    progress.at = shard;
    if (!input.deadline.mayBegin()) return false;
    const leftType = typeOfId(comparison.leftTypes, typeId);
    const rightType = comparison.rightTypes.get(typeId) ?? leftType;
    const place = { schema: rightType.schema.key, type: rightType.path };
    const isAskedFor = comparison.isAskedFor(typeId);
    const seen = Map.groupBy(await left.ofShard(shard), ([id]) => left.expected.seen(id) ?? 'unseen');
    if (isAskedFor) lines.same(place, seen.get('equal')?.length ?? 0);
    const wanted = [...(seen.get('differs') ?? []), ...(isAskedFor ? (seen.get('unseen') ?? []) : [])];
    if (wanted.length === 0) continue;
    const stored = new Map((await input.source.json<ApiRecord[]>(file)).map((object) => [String(object.id), object]));
    const there = await differing.ofShard(shard);
    for (const [id, number] of wanted) {
      const before = { object: stored.get(id) ?? unread(id), type: leftType };
      const object = there.get(number);
      if (left.expected.seen(id) === 'unseen') {
        await tellAbsence(comparison, objectLines, before);
        continue;
      }
      const after = object && { object, type: typeOfId(comparison.rightTypes, typeIdOf(object) ?? typeId) };
      const isTold = await tell(comparison, objectLines, before, after ?? unread(id));
      if (!isTold && isAskedFor) lines.same(place, 1);
    }
  }
  return true;
}

/** Tells of an object that the site does not show: it is gone, or nobody knows. */
export async function tellAbsence(
  comparison: LiveComparison,
  objectLines: ObjectComparison,
  { object, type }: Placed,
): Promise<void> {
  const why = comparison.doubtOf(type);
  if (why === undefined) await tell(comparison, objectLines, { object, type }, undefined);
  else addUnproven(comparison.progress, { where: fullPath(type), why }, textOf(object.objectKey) ?? idOf(object));
}

/** Tells of the objects that the site has and the backup has not. True at the end. */
export async function tellAdded(comparison: LiveComparison): Promise<boolean> {
  const { input, differing, progress } = comparison;
  const objectLines = new ObjectComparison(input.chosen);
  const files = [...progress.unplaced, ...differing.unplacedFiles];
  for (const [at, file] of files.entries()) {
    if (at < progress.at) continue;
    progress.at = at;
    if (!input.deadline.mayBegin()) return false;
    for (const object of await differing.unplacedIn(file)) {
      const type = typeOfId(comparison.rightTypes, typeIdOf(object) ?? '');
      const why = input.left.absences.ofObject(idOf(object)) ?? input.left.absences.ofObjects(type);
      if (why === undefined) await tell(comparison, objectLines, undefined, { object, type });
      else addUnproven(progress, { where: fullPath(type), why }, textOf(object.objectKey) ?? idOf(object));
    }
  }
  return true;
}

/** What the absences of objects come to that are not known. */
export function unprovenSentences(unproven: readonly UnprovenAbsence[]): string[] {
  return unproven.map(({ where, why, objects, keys }) => {
    const more = objects > keys.length ? ` and ${readableCount(objects - keys.length)} more` : '';
    return `Not compared, as ${why}: ${keys.join(', ')}${more} of ${where}.`;
  });
}

type Placed = { readonly object: ApiRecord; readonly type: SideType };

async function tell(
  { lines }: LiveComparison,
  objectLines: ObjectComparison,
  left: Placed | undefined,
  right: Placed | undefined,
): Promise<boolean> {
  const line = objectLines.line(left, right);
  if (line) await lines.add(line);
  return line !== undefined;
}

function addUnproven(
  progress: LiveComparison['progress'],
  { where, why }: Pick<UnprovenAbsence, 'where' | 'why'>,
  key: string,
): void {
  const isSame = (one: UnprovenAbsence) => one.where === where && one.why === why;
  const known = progress.unproven.find(isSame) ?? { where, why, objects: 0, keys: [] };
  const keys = known.keys.length < namedKeys ? [...known.keys, key] : known.keys;
  const others = progress.unproven.filter((one) => !isSame(one));
  progress.unproven = [...others, { ...known, objects: known.objects + 1, keys }];
}

/** One that was made after the site's configuration was read has no name that we know. */
export function typeOfId(types: ReadonlyMap<string, SideType>, id: string): SideType {
  return (
    types.get(id) ?? {
      ...{ id, name: id, path: id, parentId: undefined, schema: { id: '', key: '' } },
      ...{ record: undefined, attributes: undefined },
    }
  );
}

function unread(id: string): never {
  throw new Error(`What was put away of object ${id} is not there any more.`);
}
