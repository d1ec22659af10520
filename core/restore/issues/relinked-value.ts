/** What is known of the objects that a field of an issue held when it was backed up; all ids are the site's. */
export interface ObjectsToday {
  /** Whether the object itself is still there. */
  isAlive(id: string): boolean;
  /** The object that is there in its place by now, if it is gone and one was made. */
  counterpart(id: string): string | undefined;
  /** All that were ever made in its place, also those that are gone again: a site may keep them in the field. */
  standIns(id: string): readonly string[];
}

/**
 * What becomes of a field of an issue. `untouched`: nothing was made in the place of anything that it held. `already`: it holds what
 * was made. `write`: `after` is what it is to hold. `somebody`: it differs from the backup otherwise, which was somebody's work.
 */
export type Relinked =
  | { readonly what: 'untouched' | 'already' | 'somebody' }
  | {
      readonly what: 'write';
      readonly after: readonly string[];
      /** Those of `after` that are not there any more and in whose place nothing was made: the field has them still. */
      readonly gone: readonly string[];
    };

/**
 * What a field is to hold again. It is ours to mend where what it holds today is what it held, but for objects that are gone: of
 * each the field may have nothing any more, or still the object itself (sites differ), or what was made in its place. Then what was
 * made takes the old one's place; order and other values stay as they are today.
 * @param before ids of the objects in the backup, in order
 * @param today ids of the objects in the field now, in order
 */
export function relinkedValue(before: readonly string[], today: readonly string[], objects: ObjectsToday): Relinked {
  const made = before.map((id) => (objects.isAlive(id) ? undefined : objects.counterpart(id)));
  if (made.every((id) => id === undefined)) return { what: 'untouched' };
  const numbers = numbersOf(before, today, objects);
  if (!numbers) return { what: 'somebody' };

  const after: Entry[] = today.map((id, at) => ({ id, of: numbers[at] ?? -1 }));
  for (const [index, counterpart] of made.entries()) {
    if (counterpart === undefined) continue;
    const at = after.findIndex(({ of }) => of === index);
    const other = after.findIndex(({ id }) => id === counterpart);
    // Two of the backup's may be one by now: it stands there once.
    if (other >= 0) {
      if (at >= 0 && at !== other) after.splice(at, 1);
      continue;
    }
    const entry = { id: counterpart, of: index };
    if (at >= 0) after[at] = entry;
    else after.splice(placeFor(index, after), 0, entry);
  }
  const ids = after.map(({ id }) => id);
  if (isSame(ids, today)) return { what: 'already' };
  return { what: 'write', after: ids, gone: goneIn(ids, objects) };
}

/** An object of a field, and which of the backup's it is, or stands for. */
interface Entry {
  readonly id: string;
  readonly of: number;
}

/** Of ids those that are not there any more. */
const goneIn = (ids: readonly string[], { isAlive }: ObjectsToday) => ids.filter((id) => !isAlive(id));

/** Of each of today's the number of the backup's that it is, or stands for; undefined where they do not come out even. */
function numbersOf(before: readonly string[], today: readonly string[], objects: ObjectsToday): number[] | undefined {
  const free = new Set(before.keys());
  const numbers: number[] = [];
  const take = (at: number, fits: (number: number) => boolean) => {
    const number = [...free].find(fits);
    if (number === undefined) return;
    free.delete(number);
    numbers[at] = number;
  };
  for (const [at, id] of today.entries()) take(at, (number) => before[number] === id);
  for (const [at, id] of today.entries()) {
    if (numbers[at] === undefined) take(at, (number) => isStandIn(before[number] ?? '', id, objects));
  }
  const isWhole = today.every((_, at) => numbers[at] !== undefined);
  const isLacking = [...free].some((number) => objects.isAlive(before[number] ?? ''));
  return isWhole && !isLacking ? numbers : undefined;
}

const isStandIn = (old: string, id: string, { isAlive, counterpart, standIns }: ObjectsToday) =>
  !isAlive(old) && (counterpart(old) === id || standIns(old).includes(id));

/** Right after the nearest that stood before it and is there, else first. */
function placeFor(index: number, after: readonly Entry[]): number {
  for (let before = index - 1; before >= 0; before -= 1) {
    const at = after.findIndex(({ of }) => of === before);
    if (at >= 0) return at + 1;
  }
  return 0;
}

const isSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((id, at) => id === other[at]);
