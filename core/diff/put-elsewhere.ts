/**
 * Of things that stand on both sides, those that somebody has put elsewhere: as few as make one order the other, so that what only made
 * way is none of them.
 * @param left ids in their order, @param right the same ids in theirs
 */
export function putElsewhere(left: readonly string[], right: readonly string[]): ReadonlySet<string> {
  const placeOf = new Map(left.map((id, place) => [id, place]));
  /** The id that ends the best run of each length, and for each id the one before it in its run. */
  const ends: string[] = [];
  const before = new Map<string, string | undefined>();
  const place = (id: string | undefined) => placeOf.get(id ?? '') ?? -1;
  for (const id of right) {
    const length = ends.filter((end) => place(end) < place(id)).length;
    before.set(id, ends[length - 1]);
    ends[length] = id;
  }
  const moved = new Set(right);
  for (let id = ends.at(-1); id !== undefined; id = before.get(id)) moved.delete(id);
  return moved;
}
