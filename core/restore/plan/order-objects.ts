/** References between objects as pairs of indexes: object `from[i]` refers to object `to[i]`. */
export interface Edges {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

export interface ObjectOrder {
  /** Per object: the wave in which it can be created. Everything it refers to by an edge that is not deferred is in a lower one. */
  readonly level: Uint32Array;
  /** Per edge: 1 where it lies inside a cycle (or refers to its own object) and can only be written once all members exist. */
  readonly isDeferred: Uint8Array;
}

/**
 * In which order objects can be created so that what they refer to exists already: the longest path over the strongly
 * connected components. The members of one component share a level. The same input always gives the same order.
 * Time and memory grow with objects plus edges; no recursion, since a chain of references may be as long as the site.
 */
export function orderObjects(count: number, edges: Edges): ObjectOrder {
  const graph = adjacency(count, edges);
  const { component, completed } = components(count, graph);
  const level = levels(graph, component, completed);
  const isDeferred = new Uint8Array(edges.from.length);
  for (let edge = 0; edge < isDeferred.length; edge++) {
    isDeferred[edge] = at(component, at(edges.from, edge)) === at(component, at(edges.to, edge)) ? 1 : 0;
  }
  return { level, isDeferred };
}

/** Targets of object `n` are `targets[start[n]]` to `targets[start[n + 1] - 1]`, in the order of the edges. */
interface Graph {
  readonly start: Uint32Array;
  readonly targets: Uint32Array;
}

function adjacency(count: number, { from, to }: Edges): Graph {
  if (from.length !== to.length) throw new RangeError(`${from.length} edges begin and ${to.length} end`);
  const start = new Uint32Array(count + 1);
  for (let edge = 0; edge < from.length; edge++) {
    const source = at(from, edge);
    if (source >= count || at(to, edge) >= count) throw new RangeError(`Edge ${edge} leaves the ${count} objects`);
    start[source + 1] = at(start, source + 1) + 1;
  }
  for (let node = 0; node < count; node++) start[node + 1] = at(start, node + 1) + at(start, node);
  const next = start.slice(0, count);
  const targets = new Uint32Array(from.length);
  for (let edge = 0; edge < from.length; edge++) {
    const position = at(next, at(from, edge));
    targets[position] = at(to, edge);
    next[at(from, edge)] = position + 1;
  }
  return { start, targets };
}

interface Components {
  /** Per object the number of its component. A component has a higher number than all that it refers to. */
  readonly component: Uint32Array;
  /** All objects, component by component in the order of their numbers. */
  readonly completed: Uint32Array;
}

/** Tarjan's algorithm with its two stacks in arrays. */
function components(count: number, { start, targets }: Graph): Components {
  /** When an object was first met, from 1; 0 = not yet. Of a completed object: beyond every other, so it never pulls one down. */
  const met = new Uint32Array(count);
  const lowest = new Uint32Array(count);
  const component = new Uint32Array(count);
  const completed = new Uint32Array(count);
  const nextEdge = start.slice(0, count);
  const path = new Uint32Array(count);
  const open = new Uint32Array(count);
  let clock = 0;
  let pathLength = 0;
  let openLength = 0;
  let completedLength = 0;
  let componentCount = 0;

  const enter = (node: number) => {
    clock++;
    met[node] = clock;
    lowest[node] = clock;
    path[pathLength++] = node;
    open[openLength++] = node;
  };

  const complete = (root: number) => {
    let member: number;
    do {
      member = at(open, --openLength);
      met[member] = isCompleted;
      component[member] = componentCount;
      completed[completedLength++] = member;
    } while (member !== root);
    componentCount++;
  };

  for (let first = 0; first < count; first++) {
    if (at(met, first) !== 0) continue;
    enter(first);
    while (pathLength > 0) {
      const node = at(path, pathLength - 1);
      const position = at(nextEdge, node);
      if (position < at(start, node + 1)) {
        nextEdge[node] = position + 1;
        const target = at(targets, position);
        if (at(met, target) === 0) enter(target);
        else lowest[node] = Math.min(at(lowest, node), at(met, target));
        continue;
      }
      pathLength--;
      if (pathLength > 0) {
        const parent = at(path, pathLength - 1);
        lowest[parent] = Math.min(at(lowest, parent), at(lowest, node));
      }
      if (at(lowest, node) === at(met, node)) complete(node);
    }
  }
  return { component, completed };
}

const isCompleted = 0xffff_ffff;

function levels({ start, targets }: Graph, component: Uint32Array, completed: Uint32Array): Uint32Array {
  const levelOf = new Uint32Array(completed.length);
  for (const node of completed) {
    const own = at(component, node);
    for (let position = at(start, node); position < at(start, node + 1); position++) {
      const other = at(component, at(targets, position));
      if (other !== own) levelOf[own] = Math.max(at(levelOf, own), at(levelOf, other) + 1);
    }
  }
  return component.map((own) => at(levelOf, own));
}

/** The array's number at an index that is within it. */
function at(numbers: Uint32Array, index: number): number {
  return numbers[index] as number;
}
