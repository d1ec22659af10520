import { idOf, type ObjectTypeId } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';

/** Objects a page: "hundreds", and far from 1,000, where `isLast` was seen to be wrong (JSDCLOUD-16556). */
export const pageSize = 400;
const mostSweeps = 3;

/** Where the reading of a type stands; as JSON it goes from one invocation to the next. */
export interface ReadingPosition {
  readonly sweep: number;
  readonly startAt: number;
  /** The object on which the next page has to begin. */
  readonly last?: string;
  /** Each object read, and the last sweep that saw it. */
  readonly seen: readonly (readonly [id: string, sweep: number])[];
}

/**
 * Reads all objects of one type, each once. There is no snapshot behind the pages, so each begins on the last object of
 * the page before: where another stands there, objects came or went, and the type is read anew. `isProven` says that a
 * sweep was undisturbed and found as many objects as the site counts: only then is an object that was not seen not there.
 * `position` is null when all is read; otherwise `mayGoOn` has said no before a page, and reading goes on from there.
 * @param options.proves false where nothing depends on that, to spare the count
 */
export async function readObjects(
  reader: AssetsReader,
  objectTypeId: ObjectTypeId,
  take: (object: ApiRecord) => void,
  {
    proves = true,
    from = null,
    mayGoOn = () => true,
  }: { proves?: boolean; from?: ReadingPosition | null; mayGoOn?: () => boolean } = {},
): Promise<{ readonly isProven: boolean; readonly position: ReadingPosition | null }> {
  const seen = new Map(from?.seen);
  let { sweep, startAt, last }: Omit<ReadingPosition, 'seen'> = from ?? { sweep: 1, startAt: 0 };
  let found = 0;
  for (const seenIn of seen.values()) if (seenIn === sweep) found += 1;
  while (sweep <= mostSweeps) {
    if (!mayGoOn()) {
      return { isProven: false, position: { sweep, startAt, ...(last !== undefined && { last }), seen: [...seen] } };
    }
    const { objects, isLast } = await reader.objects({ objectTypeId, startAt, maxResults: pageSize });
    const [first] = objects;
    const isShifted = last !== undefined && (first === undefined || idOf(first) !== last);
    if (!isShifted) {
      const before = found;
      for (const object of objects) {
        const id = idOf(object);
        if (!seen.has(id)) take(object);
        if (seen.get(id) !== sweep) found += 1;
        seen.set(id, sweep);
        last = id;
      }
      startAt += objects.length - 1;
      if (isLast !== true && found > before) continue;
      if (!proves) break;
      if (found === (await reader.countObjects({ objectTypeId }))) return { isProven: true, position: null };
    }
    sweep += 1;
    startAt = 0;
    last = undefined;
    found = 0;
  }
  return { isProven: false, position: null };
}
