/**
 * What was found of things, each kind by their ids on the source site: in which order a site answered, and gave new ids, is nothing that
 * a report tells, so two restores of one backup tell the same. What was found of one thing stays in its order.
 */
export function inSourceOrder<Found extends { readonly kind?: string; readonly source: string }>(
  found: Iterable<Found>,
): Found[] {
  const ofKinds = Map.groupBy(found, ({ kind }) => kind).values();
  return [...ofKinds].flatMap((ofKind) => ofKind.toSorted((a, b) => byId(a.source, b.source)));
}

/** Ids are numbers as far as anybody has seen, and never reckoned with. */
const byId = (a: string, b: string) => a.length - b.length || (a < b ? -1 : Number(a > b));
