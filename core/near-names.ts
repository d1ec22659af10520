/** Something that a person may have meant, by any of its names; a text alone is its one name. */
export type Named = string | { readonly shown: string; readonly names: readonly string[] };

const mostSlips = 3;
const mostNamed = 3;

/** ` Did you mean A or B?`: what is nearest to a name that nothing has; nothing where nothing is near. */
export function didYouMean(text: string, things: Iterable<Named>): string {
  // One in three letters: of more nothing is left of a short name.
  let near = Math.min(mostSlips, Math.floor((text.length + 1) / 3));
  let shown = new Set<string>();
  for (const thing of things) {
    const { shown: name, names } = typeof thing === 'string' ? { shown: thing, names: [thing] } : thing;
    const slips = Math.min(...names.map((one) => slipsBetween(text.toLowerCase(), one.toLowerCase(), near)));
    if (slips > near) continue;
    if (slips < near) shown = new Set();
    near = slips;
    shown.add(name);
  }
  return shown.size === 0 ? '' : ` Did you mean ${[...shown].slice(0, mostNamed).join(' or ')}?`;
}

/** Letters that are left out, added, mistaken, or in the place of their neighbour; of more than `most` only that there are more. */
function slipsBetween(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let [twoAbove, above]: number[][] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= one.length; row += 1) {
    const here = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const isSame = one[row - 1] === other[at - 1];
      const isSwapped = row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      here.push(
        Math.min(
          cell(above, at) + 1,
          cell(here, at - 1) + 1,
          cell(above, at - 1) + (isSame ? 0 : 1),
          isSwapped ? cell(twoAbove, at - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [twoAbove, above] = [above, here];
  }
  return cell(above, other.length);
}

const cell = (row: readonly number[] | undefined, at: number) => row?.[at] ?? Number.POSITIVE_INFINITY;
