import { isOfOneRead } from '../errors.ts';
import type { ObjectId, ObjectSchemaId } from '../model/ids.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';

/** Beyond it ids are no numbers that can be compared. */
const highestId = 2 ** 50;

/**
 * The id of an object that the site counts in a schema and no page has shown: found by counts of ranges of ids, some forty of
 * them. Undefined where the site takes no ranges, or its counts do not lead to one. Whoever knows it can ask for the object
 * itself: what a role hides is not there, what a page has left out is.
 * @param known ids of what pages have shown
 */
export async function unshownObject(
  reader: AssetsReader,
  objectSchemaId: ObjectSchemaId,
  known: Iterable<string>,
): Promise<ObjectId | undefined> {
  const ids = [...known].map(Number).sort((a, b) => a - b);
  if (!ids.every(Number.isSafeInteger)) return undefined;
  const hasUnshown = async (from: number, to: number) => {
    const shown = ids.filter((id) => id >= from && id <= to).length;
    return (await reader.countObjects({ objectSchemaId, ids: { from, to } })) > shown;
  };
  try {
    let [from, to] = [0, ids.at(-1) ?? 1];
    while (!(await hasUnshown(from, to))) {
      [from, to] = [to + 1, to * 2 + 1_000];
      if (to > highestId) return undefined;
    }
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (await hasUnshown(from, middle)) to = middle;
      else from = middle + 1;
    }
    return String(from) as ObjectId;
  } catch (error) {
    if (!isOfOneRead(error)) throw error;
    return undefined;
  }
}
