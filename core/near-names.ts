import leven from 'leven';

/** Something that a person may have meant, by any of its names; a text alone is its one name. */
export type Named = string | { readonly shown: string; readonly names: readonly string[] };

const mostSlips = 3;
const mostNamed = 3;

/** ` Did you mean A or B?`: what is nearest to a name that nothing has; nothing where nothing is near. */
export function didYouMean(text: string, things: readonly Named[] | ReadonlySet<Named>): string {
  // One in three letters: of more nothing is left of a short name.
  let near = Math.min(mostSlips, Math.floor((text.length + 1) / 3));
  let shown = new Set<string>();
  for (const thing of things) {
    const { shown: name, names } = typeof thing === 'string' ? { shown: thing, names: [thing] } : thing;
    const slips = Math.min(
      ...names.map((one) => leven(text.toLowerCase(), one.toLowerCase(), { maxDistance: near + 1 })),
    );
    if (slips > near) continue;
    if (slips < near) shown = new Set();
    near = slips;
    shown.add(name);
  }
  // Of a path that is wrong above its end, the end may be right.
  const end = text.slice(text.lastIndexOf('/') + 1);
  if (shown.size === 0 && end !== text) return didYouMean(end, things);
  return shown.size === 0 ? '' : ` Did you mean ${[...shown].slice(0, mostNamed).join(' or ')}?`;
}
