import { isRecord, type Json, textOf } from '../model/json.ts';
import type { LinkedObject } from '../ports/issues-reader.ts';

/**
 * The objects of an Assets field of an issue, in order, each with its `objectId` and all else as the site gave it. Sites give a list, an
 * object alone, or nothing; an object by its `objectId`, or by its global id alone (`<workspace>:88`). Undefined for a value of which some
 * part is neither: what cannot be read must not be taken for nothing.
 */
export function linkedObjects(value: Json | undefined): readonly LinkedObject[] | undefined {
  if (value === undefined || value === null) return [];
  const objects: LinkedObject[] = [];
  for (const entry of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
    const objectId = objectIdOf(entry);
    if (objectId === undefined) return undefined;
    objects.push({ ...(entry as LinkedObject), objectId });
  }
  return objects;
}

/** Whether a field of an issue holds anything, be it readable or not. */
export function holdsSomething(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  return Array.isArray(value) ? value.some(holdsSomething) : true;
}

function objectIdOf(entry: Json): string | undefined {
  if (!isRecord(entry)) return undefined;
  const own = textOf(entry.objectId);
  if (own !== undefined && /^\d+$/.test(own)) return own;
  return own === undefined ? /:(\d+)$/.exec(textOf(entry.id) ?? '')?.[1] : undefined;
}
