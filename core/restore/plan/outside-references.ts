import { idOf, type ObjectId } from '../../model/ids.ts';
import { textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { sideBySide } from '../../side-by-side.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { OutsideTarget } from '../plan-files.ts';
import type { Correspondence } from './correspondence.ts';
import { isWritten, type ObjectDecision } from './plan-objects.ts';
import type { TargetReading } from './target-reading.ts';

const inFlight = 16;

interface OutsideInput {
  readonly scan: StoredObjects;
  readonly decisions: readonly (ObjectDecision | undefined)[];
  readonly sameSite: boolean;
  readonly earlier: EarlierRestores;
  readonly correspondence: Correspondence;
  readonly reading: TargetReading;
  /** Key of a schema of the backup that is not restored, by its id. */
  schemaLeftOut(schemaId: string): string | undefined;
}

/**
 * Finds out where references lead to objects that are not restored: of other schemas, left out, or in conflict. On the same
 * site that is the object itself, while it is still there; otherwise the one that an earlier restore has made of it, where
 * there is exactly one. By source id. Only where the answer matters is the site asked.
 */
export async function findOutside(reader: AssetsReader, input: OutsideInput): Promise<Map<string, OutsideTarget>> {
  const { sameSite, earlier } = input;
  const { settled, doubtful } = referredOutside(input);
  const found = new Map<string, OutsideTarget>([...settled].map(([id, target]) => [id, { id: target, key: '' }]));
  await sideBySide(doubtful, inFlight, async (id) => {
    const candidates = [...(sameSite ? [id] : []), ...earlier.allMade(id).map(({ target }) => target)];
    const there = [];
    for (const candidate of candidates) {
      const seen = seenAs(id, candidate, input);
      if (seen) there.push(seen);
      const object = seen ? undefined : await reader.object(candidate as ObjectId);
      if (object) there.push({ id: idOf<'object'>(object) as string, key: textOf(object.objectKey) ?? '' });
      // On the same site the object itself is what is meant.
      if ((seen ?? object) && candidate === id) break;
    }
    const [only] = there;
    if (only && there.length === 1) found.set(id, only);
    else found.set(id, { lost: there.length > 1 ? outsideSeveral : reasonFor(id, input) });
  });
  return found;
}

/** With what is not restored of the chosen objects. */
export function withNotRestored(
  outside: ReadonlyMap<string, OutsideTarget>,
  { scan, decisions }: Pick<OutsideInput, 'scan' | 'decisions'>,
): Map<string, OutsideTarget> {
  const found = new Map(outside);
  for (const [number, decision] of decisions.entries()) {
    const isLost = decision && !isWritten(decision) && !decision.target;
    if (isLost) found.set(scan.ids[number] ?? '', { lost: notRestored(decision.reason) });
  }
  return found;
}

/** Of the schemas that are restored every object was seen, also of those that nobody chose. */
function seenAs(source: string, candidate: string, { scan, correspondence, reading }: OutsideInput) {
  const number = scan.numberOf.get(source);
  const known = correspondence.candidates(number ?? -1).find(({ id }) => id === candidate);
  return known && reading.isThere(candidate)
    ? { id: candidate, key: reading.keyOf(candidate) ?? known.key }
    : undefined;
}

/** What is referred to outside; of what is as the backup has it the objects that it refers to are known. */
function referredOutside({ scan, decisions, correspondence, reading }: OutsideInput) {
  const { references, numberOf } = scan;
  const settled = new Map<string, string>();
  const doubtful = new Set<string>();
  for (const [index, from] of references.from.entries()) {
    const by = decisions[from];
    const to = references.to[index] ?? '';
    const number = numberOf.get(to);
    if (!by || (number !== undefined && decisions[number])) continue;
    if (by.refersBy && !by.refersBy.includes(references.attribute[index] ?? '')) continue;
    const believed = by.target && reading.isEqual(by.target.id) ? correspondence.believed(to) : undefined;
    if (believed === undefined) doubtful.add(to);
    else settled.set(to, believed);
  }
  for (const id of settled.keys()) doubtful.delete(id);
  return { settled, doubtful };
}

function reasonFor(id: string, { scan, sameSite, schemaLeftOut }: OutsideInput): string {
  const number = scan.numberOf.get(id);
  if (number === undefined) return sameSite ? outsideGone : outsideElsewhere;
  const schema = schemaLeftOut(scan.shards[scan.shardOf[number] ?? -1]?.schemaId ?? '');
  return schema === undefined ? outsideLeftOut : `${outsideLeftOut}: restore ${schema} in the same run`;
}

/** Of references to an object of this restore, for what becomes of it. */
export const notRestored = (reason: string) => `the object that it refers to is not restored: ${reason}`;

const outsideSeveral = 'it refers to an object outside this restore of which earlier restores have made several';
const outsideGone = 'it refers to an object outside this backup that is not on the site any more';
const outsideElsewhere = 'it refers to an object outside this backup, which the target does not have';
const outsideLeftOut = 'it refers to an object that the target does not have, and that this restore leaves out';
