import { loadDefinition } from '../functions/load-definition.ts';
import type { MachineName } from '../functions/step-list.ts';

/**
 * Where a deployed definition differs from the one in this program, whose tokens (`${PlanBackup}`) stand for addresses. A path,
 * as in `States.Plan backup.TimeoutSeconds`; undefined where they say the same.
 */
export function definitionDifference(machine: MachineName, deployed: string): string | undefined {
  return difference(JSON.parse(loadDefinition(machine)), JSON.parse(deployed), []);
}

function difference(ours: unknown, theirs: unknown, path: readonly string[]): string | undefined {
  const place = path.join('.') || 'the whole';
  if (typeof ours === 'string') return typeof theirs === 'string' && fits(ours, theirs) ? undefined : place;
  if (typeof ours !== 'object' || ours === null) return ours === theirs ? undefined : place;
  if (typeof theirs !== 'object' || theirs === null || Array.isArray(ours) !== Array.isArray(theirs)) return place;
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const found = difference(fieldOf(ours, key), fieldOf(theirs, key), [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fieldOf(record: object, key: string): unknown {
  return (record as Readonly<Record<string, unknown>>)[key];
}

/** A text with something in the place of each token. */
function fits(ours: string, theirs: string): boolean {
  const parts = ours.split(/\$\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 's').test(theirs);
}
