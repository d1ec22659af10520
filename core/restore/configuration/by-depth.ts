import type { PlannedType } from '../plan-files.ts';

/** Types level by level, from the roots down: what a type inherits has its place before its own attributes get theirs. */
export function byDepth(types: readonly PlannedType[]): PlannedType[][] {
  const levels = Map.groupBy(types, ({ path }) => path.length);
  return [...levels].toSorted(([a], [b]) => a - b).map(([, level]) => level);
}
