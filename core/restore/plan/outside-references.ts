import { idOf, type ObjectId } from '../../model/ids.ts';
import { textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import { typeIdOf } from '../../reading/live-objects.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { OutsideTarget } from '../plan-files.ts';
import { isWritten, type ObjectDecision } from './plan-objects.ts';

const inFlight = 16;

interface OutsideInput {
  readonly scan: StoredObjects;
  readonly decisions: readonly (ObjectDecision | undefined)[];
  readonly sameSite: boolean;
  readonly earlier: EarlierRestores;
}

/**
 * Finds out where references lead to objects that are not restored: of other schemas, left out, or in conflict. On the same
 * site that is the object itself, while it is still there; otherwise the one that an earlier restore has made of it, where
 * there is exactly one. By source id.
 */
export async function findOutside(reader: AssetsReader, input: OutsideInput): Promise<Map<string, OutsideTarget>> {
  const { sameSite, earlier } = input;
  const found = new Map<string, OutsideTarget>();
  await sideBySide(referredOutside(input), inFlight, async ([id, { key, typeId }]) => {
    if (sameSite) {
      const object = await reader.object(id as ObjectId);
      if (object && textOf(object.objectKey) === key && typeIdOf(object) === typeId) {
        found.set(id, { id, key });
        return;
      }
    }
    const there = [];
    for (const { target } of earlier.allMade(id)) {
      const object = await reader.object(target as ObjectId);
      if (object) there.push({ id: idOf<'object'>(object) as string, key: textOf(object.objectKey) ?? '' });
    }
    const [only] = there;
    if (only && there.length === 1) found.set(id, only);
    else found.set(id, { lost: there.length > 1 ? outsideSeveral : sameSite ? outsideGone : outsideElsewhere });
  });
  return found;
}

function referredOutside({ scan, decisions }: OutsideInput): Map<string, { key: string; typeId: string }> {
  const { references, numberOf, keys, shardOf, shards } = scan;
  const wanted = new Map<string, { key: string; typeId: string }>();
  for (const [index, from] of references.from.entries()) {
    const by = decisions[from];
    // What a stopped restore made is held against the backup like what is made now.
    if (!isWritten(by) && !by?.isStrict) continue;
    const to = references.to[index] ?? '';
    const number = numberOf.get(to);
    const decision = number === undefined ? undefined : decisions[number];
    if (decision && (isWritten(decision) || decision.target)) continue;
    const known =
      number === undefined
        ? scan.outside.get(to)
        : { key: keys[number] ?? '', typeId: shards[shardOf[number] ?? -1]?.typeId ?? '' };
    wanted.set(to, known ?? { key: '', typeId: '' });
  }
  return wanted;
}

const outsideSeveral = 'it refers to an object outside this restore of which earlier restores have made several';
const outsideGone = 'it refers to an object outside this restore that is not on the site any more';
const outsideElsewhere = 'it refers to an object outside this restore, which the target does not have';
