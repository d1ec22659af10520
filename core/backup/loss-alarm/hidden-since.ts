import type { Manifest, ManifestSchema } from '../../backup-format/manifest.ts';
import type { HiddenThings } from '../../model/outcome.ts';
import type { JudgedNight } from './compared-schemas.ts';

/** What a night says of what the site counts and does not show: gaps, and notices where a person has accepted it. */
type Told = Pick<Manifest, 'gaps'> & Partial<Pick<Manifest, 'notices'>>;

/** A schema by the keys that it has in the measure and in this night. */
type Schema = Readonly<Record<'before' | 'now', Pick<ManifestSchema, 'key'>>>;

/**
 * How many object types, or objects, of a schema the site counts and does not show to this account, more than in a measure: what was
 * hidden then was not in it either. Of one type, or where the schema as a whole tells it (null), or all.
 */
export function hiddenSince(
  measure: Told,
  night: Pick<JudgedNight, 'gaps'>,
  { before, now }: Schema,
  of: HiddenThings['of'],
  typeId?: string | null,
): number {
  return Math.max(0, hiddenIn(night, now.key, of, typeId) - hiddenIn(measure, before.key, of, typeId));
}

function hiddenIn(
  { gaps, notices = [] }: Told,
  key: string,
  of: HiddenThings['of'],
  typeId: string | null | undefined,
) {
  return [...gaps, ...notices]
    .filter(({ hidden, schemaKey }) => hidden?.of === of && schemaKey === key)
    .filter(({ objectTypeId = null }) => typeId === undefined || objectTypeId === typeId)
    .reduce((sum, { hidden }) => sum + (hidden?.number ?? 0), 0);
}
