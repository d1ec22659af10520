import { orderObjects } from './order-objects.ts';

/** An object to be made cannot be made without so many values of a reference attribute. */
export interface NeededReference {
  /** Number of the object. */
  readonly object: number;
  /** The target's id of the attribute. */
  readonly attribute: string;
  /** How many values it needs that are to be made: what it has of others is taken off. */
  readonly least: number;
  /** Numbers of the objects that its values lead to, and that are to be made. */
  readonly made: readonly number[];
}

/**
 * In which round each object can be made, when an object waits for as many of its needed references as it cannot be made without.
 * Who needs none is in round 0, and has no entry; who can never be made, since it is in a circle of such references or needs an
 * object that is, has none either, and what it lacks stands in `blocked`.
 */
export function roundsOf(needs: readonly NeededReference[]): {
  readonly rounds: ReadonlyMap<number, number>;
  readonly blocked: readonly NeededReference[];
} {
  const ofObject = Map.groupBy(needs, ({ object }) => object);
  const left = new Map(needs.map((need) => [need, need.least]));
  const waiting = new Map<number, NeededReference[]>();
  for (const need of needs) {
    for (const number of need.made) {
      if (!ofObject.has(number)) left.set(need, (left.get(need) ?? 0) - 1);
      else waiting.set(number, [...(waiting.get(number) ?? []), need]);
    }
  }
  const isMet = (need: NeededReference) => (left.get(need) ?? 0) <= 0;
  const rounds = new Map<number, number>();
  let ready = [...ofObject].filter(([, own]) => own.every(isMet)).map(([number]) => number);
  for (let round = 1; ready.length > 0; round += 1) {
    for (const number of ready) rounds.set(number, round);
    const next = new Set<number>();
    for (const need of ready.flatMap((number) => waiting.get(number) ?? [])) {
      left.set(need, (left.get(need) ?? 0) - 1);
      if (!rounds.has(need.object) && ofObject.get(need.object)?.every(isMet)) next.add(need.object);
    }
    ready = [...next];
  }
  return { rounds, blocked: needs.filter((need) => !rounds.has(need.object) && !isMet(need)) };
}

/** Of what blocks objects that which lies inside a circle. */
export function needsInCircles(blocked: readonly NeededReference[]): Set<NeededReference> {
  const edges = blocked.flatMap((need) => need.made.map((to) => ({ need, to })));
  const numbers = new Map<number, number>();
  const compact = (number: number) => {
    const known = numbers.get(number) ?? numbers.size;
    numbers.set(number, known);
    return known;
  };
  const from = Uint32Array.from(edges, ({ need }) => compact(need.object));
  const to = Uint32Array.from(edges, (edge) => compact(edge.to));
  const { isDeferred } = orderObjects(numbers.size, { from, to });
  return new Set(edges.flatMap(({ need }, index) => (isDeferred[index] === 1 ? [need] : [])));
}
