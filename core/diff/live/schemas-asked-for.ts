import type { Manifest } from '../../backup-format/manifest.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { DiffFilters } from '../diff-lines.ts';

/** Ids of the schemas of the site whose inside is read: those of either side that are asked for, but for what a backup of some was not made of. */
export function schemasAskedFor(
  { schemas: ofBackup, options }: Manifest,
  schemas: readonly ApiRecord[],
  { schemas: keys }: DiffFilters,
): ReadonlySet<string> {
  const left = new Map(ofBackup.map(({ id, key }) => [id, key]));
  const asked = schemas.filter(({ id, objectSchemaKey }) => {
    const before = left.get(String(id));
    if (before === undefined && options.objectSchemaKeys !== null) return false;
    return (
      keys === undefined || [before, textOf(objectSchemaKey)].some((key) => key !== undefined && keys.includes(key))
    );
  });
  return new Set(asked.map(({ id }) => String(id)));
}
