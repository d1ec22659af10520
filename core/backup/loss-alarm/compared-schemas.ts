import type { Manifest, ManifestObjectType, ManifestSchema } from '../../backup-format/manifest.ts';
import { type Gap, isEssential } from '../../model/outcome.ts';
import type { Absence } from './absent-schemas.ts';

/** What is known of a night when it is held against a measure. */
export interface JudgedNight {
  readonly schemas: readonly ManifestSchema[];
  /** Keys that it was asked for; null: every schema. */
  readonly objectSchemaKeys: readonly string[] | null;
  /** All of them, also what a person has accepted not to see. */
  readonly gaps: readonly Gap[];
  /** What became of the schemas of a measure that it has not; by id. */
  readonly absences: ReadonlyMap<string, Absence>;
}

/** A schema of a measure, and what of it is known in this night. */
export type ComparedSchema =
  | { readonly before: ManifestSchema; readonly absence: Absence }
  | {
      readonly before: ManifestSchema;
      readonly now: ManifestSchema;
      readonly types: readonly ComparedType[];
      /** Of this night, those whose objects are all known; new ones too. */
      readonly knownTypes: readonly ManifestObjectType[];
    };

export interface ComparedType {
  readonly before: ManifestObjectType;
  /** Null where the site does not list it any more. */
  readonly now: ManifestObjectType | null;
}

/** Of a measure the schemas that this night was to be made of: by id, since a key may change. */
export function schemasInScope(
  { schemas }: Pick<Manifest, 'schemas'>,
  night: Pick<JudgedNight, 'schemas' | 'objectSchemaKeys'>,
): ManifestSchema[] {
  return schemas.filter(
    ({ id, key }) =>
      night.objectSchemaKeys === null ||
      night.objectSchemaKeys.includes(key) ||
      night.schemas.some((schema) => schema.id === id),
  );
}

/**
 * The schemas of a measure, each with what this night has of it. What could not be read is not among them: that is a gap, and what is
 * not known is not gone.
 */
export function comparedSchemas(measure: Pick<Manifest, 'schemas'>, night: JudgedNight): ComparedSchema[] {
  return schemasInScope(measure, night).flatMap((before): ComparedSchema[] => {
    const now = night.schemas.find(({ id }) => id === before.id);
    if (!now) return [{ before, absence: night.absences.get(before.id) ?? { state: 'unknown' } }];
    const unread = unreadIn(now, night.gaps);
    if (unread === 'all') return [];
    const types = before.objectTypes
      .filter(({ id }) => !unread.has(id))
      .map((type) => ({ before: type, now: now.objectTypes.find(({ id }) => id === type.id) ?? null }));
    return [{ before, now, types, knownTypes: now.objectTypes.filter(({ id }) => !unread.has(id)) }];
  });
}

/** Ids of the types of which not all could be read. */
function unreadIn({ key }: ManifestSchema, gaps: readonly Gap[]): ReadonlySet<string> | 'all' {
  const unread = gaps.filter(({ kind, schemaKey }) => isEssential(kind) && schemaKey === key);
  if (unread.some(({ objectTypeId }) => objectTypeId === undefined)) return 'all';
  return new Set(unread.map(({ objectTypeId = '' }) => objectTypeId));
}
