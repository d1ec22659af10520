import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Edges, orderObjects } from '../../../../core/restore/plan/order-objects.ts';

type Pair = readonly [from: number, to: number];

const edgesOf = (pairs: readonly Pair[]): Edges => ({
  from: Uint32Array.from(pairs, ([from]) => from),
  to: Uint32Array.from(pairs, ([, to]) => to),
});

const graphs = fc.integer({ min: 1, max: 24 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 50 }),
  }),
);

/** Which objects can be reached from which, by the simplest means there is. */
function reachable(count: number, pairs: readonly Pair[]): boolean[][] {
  const reach = Array.from({ length: count }, () => new Array<boolean>(count).fill(false));
  for (const [from, to] of pairs) (reach[from] as boolean[])[to] = true;
  for (let via = 0; via < count; via++) {
    for (const row of reach) {
      if (row[via]) for (let to = 0; to < count; to++) row[to] ||= reach[via]?.[to] === true;
    }
  }
  return reach;
}

/** Longest path of edges that are not deferred, members of a component counted as one, by repeated relaxing. */
function slowLevels(count: number, pairs: readonly Pair[], reach: boolean[][]): number[] {
  const together = (a: number, b: number) => a === b || (reach[a]?.[b] === true && reach[b]?.[a] === true);
  const level = new Array<number>(count).fill(0);
  for (let round = 0; round <= count; round++) {
    for (const [from, to] of pairs) {
      if (together(from, to)) continue;
      for (let member = 0; member < count; member++) {
        if (together(member, from)) level[member] = Math.max(level[member] ?? 0, (level[to] ?? 0) + 1);
      }
    }
  }
  return level;
}

describe('order of objects', () => {
  it('is the longest path over components, and defers exactly the edges inside one', async () => {
    await fc.assert(
      fc.property(graphs, ({ count, pairs }) => {
        const { level, isDeferred } = orderObjects(count, edgesOf(pairs));
        const reach = reachable(count, pairs);
        expect([...isDeferred]).toEqual(pairs.map(([from, to]) => (from === to || reach[to]?.[from] ? 1 : 0)));
        expect([...level]).toEqual(slowLevels(count, pairs, reach));
        pairs.forEach(([from, to], edge) => {
          if (isDeferred[edge] === 0) expect(level[to]).toBeLessThan(level[from] as number);
          else expect(level[to]).toBe(level[from]);
        });
      }),
      { numRuns: 400 },
    );
  });

  it('of a chain, a cycle with a tail, a self reference and a double edge', () => {
    const order = orderObjects(
      6,
      edgesOf([
        [0, 1],
        [1, 2],
        [2, 1],
        [2, 3],
        [2, 3],
        [4, 4],
      ]),
    );
    expect([...order.level]).toEqual([2, 1, 1, 0, 0, 0]);
    expect([...order.isDeferred]).toEqual([0, 1, 1, 0, 0, 1]);
  });

  it('holds for a chain and a ring of 500,000', () => {
    const count = 500_000;
    const from = Uint32Array.from({ length: count - 1 }, (_, index) => index);
    const to = from.map((index) => index + 1);
    const chain = orderObjects(count, { from, to });
    expect([chain.level[0], chain.level[count - 1]]).toEqual([count - 1, 0]);
    const ring = orderObjects(count, {
      from: Uint32Array.from({ length: count }, (_, index) => index),
      to: Uint32Array.from({ length: count }, (_, index) => (index + 1) % count),
    });
    expect([ring.level.some((level) => level > 0), ring.isDeferred.every((is) => is === 1)]).toEqual([false, true]);
  });

  it('holds for 500,000 objects with 2,000,000 references', () => {
    const count = 500_000;
    let seed = 1;
    const next = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed % count;
    };
    const from = new Uint32Array(2_000_000).map(next);
    const to = new Uint32Array(2_000_000).map(next);
    const { level, isDeferred } = orderObjects(count, { from, to });
    let broken = 0;
    for (let edge = 0; edge < from.length; edge++) {
      const [source, target] = [level[from[edge] as number] as number, level[to[edge] as number] as number];
      if (isDeferred[edge] === 1 ? source !== target : source <= target) broken++;
    }
    expect(broken).toBe(0);
  });

  it('of nothing is nothing, and an edge to nowhere is refused', () => {
    expect(orderObjects(0, edgesOf([])).level).toHaveLength(0);
    expect(() => orderObjects(2, edgesOf([[0, 2]]))).toThrow(RangeError);
    expect(() => orderObjects(2, { from: new Uint32Array(1), to: new Uint32Array(2) })).toThrow(RangeError);
  });
});
