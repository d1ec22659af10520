import { idOf, type ObjectTypeId } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-site.ts';

/** Objects a page: "hundreds", and far from 1,000, where `isLast` was seen to be wrong (JSDCLOUD-16556). */
export const pageSize = 400;
const mostSweeps = 3;

/**
 * Reads all objects of one type, each once. There is no snapshot behind the pages, so each begins on the last object of
 * the page before: where another stands there, objects came or went, and the type is read anew. `isProven` says that a
 * sweep was undisturbed and found as many objects as the site counts: only then is an object that was not seen not there.
 * @param options.proves false where nothing depends on that, to spare the count
 */
export async function readObjects(
  reader: AssetsReader,
  objectTypeId: ObjectTypeId,
  take: (object: ApiRecord) => void,
  { proves = true } = {},
): Promise<{ readonly isProven: boolean }> {
  const seen = new Set<string>();
  for (let sweep = 1; sweep <= mostSweeps; sweep += 1) {
    const found = await sweepOnce(reader, objectTypeId, (object) => {
      if (seen.has(idOf(object))) return;
      seen.add(idOf(object));
      take(object);
    });
    if (found !== undefined && !proves) return { isProven: false };
    if (found !== undefined && found === (await reader.countObjects({ objectTypeId }))) return { isProven: true };
  }
  return { isProven: false };
}

/** Gives the number of objects, or undefined where the pages shifted. */
async function sweepOnce(
  reader: AssetsReader,
  objectTypeId: ObjectTypeId,
  take: (object: ApiRecord) => void,
): Promise<number | undefined> {
  const seen = new Set<string>();
  let last: string | undefined;
  let startAt = 0;
  for (;;) {
    const { objects, isLast } = await reader.objects({ objectTypeId, startAt, maxResults: pageSize });
    const [first] = objects;
    if (last !== undefined && (first === undefined || idOf(first) !== last)) return undefined;
    const before = seen.size;
    for (const object of objects) {
      seen.add(idOf(object));
      take(object);
      last = idOf(object);
    }
    if (isLast === true || seen.size === before) return seen.size;
    startAt += objects.length - 1;
    if (objects.length === 1 && before > 0) return seen.size;
  }
}
