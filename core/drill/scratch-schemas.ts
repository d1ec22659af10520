import { createHash } from 'node:crypto';
import { type JsonRecord, textOf } from '../model/json.ts';
import type { SchemaChoice } from '../model/restore.ts';

/**
 * The scratch schema of each sampled schema. Keys are short, are nobody's on the site, and look like nobody's: `ZD` with eight letters and
 * digits of a hash. Pure.
 * @param there schemas of the site, as it lists them
 */
export function scratchSchemas(
  drill: string,
  schemas: readonly { readonly id: string; readonly key: string }[],
  there: readonly JsonRecord[],
): SchemaChoice[] {
  const taken = new Set(there.flatMap(({ objectSchemaKey, name }) => [textOf(objectSchemaKey), textOf(name)]));
  return schemas.map(({ id, key }) => {
    let tries = 0;
    let free: string;
    do {
      tries += 1;
      free = keyOf(`${drill} ${id} ${tries}`);
    } while (taken.has(free));
    taken.add(free);
    return { oldObjectSchemaKey: key, newObjectSchemaKey: free, newObjectSchemaName: `Drill ${free} of ${key}` };
  });
}

function keyOf(text: string): string {
  const number = Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 12), 16);
  return `ZD${number.toString(36).toUpperCase().padStart(8, '0').slice(-8)}`;
}
