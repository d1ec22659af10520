import { idOf } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import type { StoredSchema } from '../../reading/stored-configuration.ts';
import type { OwnConfiguration } from '../id-map/configuration-journal.ts';

export interface FoundSchema {
  /** The target's key and name: today's where the schema is there, otherwise those that it is to get. */
  readonly key: string;
  readonly name: string;
  /** Undefined where the target has none. */
  readonly record: ApiRecord | undefined;
  /** The very schema that was backed up. */
  readonly isInPlace: boolean;
  /** Made by an earlier restore. */
  readonly isOwn: boolean;
  /** Other key and name that it had: in the backup, or when it was made. */
  readonly before: { readonly key: string; readonly name: string };
}

/**
 * Which schema of the target a schema of the backup is: on the same site the one of its id, then the one that an earlier
 * restore made, whatever either is called by now; then the one of the key. Another key in the input asks for a copy.
 */
export function findSchema(
  source: StoredSchema,
  schemas: readonly ApiRecord[],
  { choices, own, sameSite }: { choices: RestoreChoices; own: OwnConfiguration; sameSite: boolean },
): FoundSchema {
  const choice = choices.schemas?.find(({ oldObjectSchemaKey }) => oldObjectSchemaKey === source.key);
  const key = choice?.newObjectSchemaKey ?? source.key;
  const name = choice?.newObjectSchemaName ?? source.name;
  const named = schemas.find(({ objectSchemaKey }) => objectSchemaKey === key);
  const itself = sameSite ? schemas.find((schema) => idOf(schema) === source.id) : undefined;
  const inPlace = key === source.key || named === itself ? itself : undefined;
  const made = inPlace ? undefined : own.schemaMadeFrom(source.id, key, schemas);
  const record = inPlace ?? made ?? named;
  return {
    key: textOf(record?.objectSchemaKey) ?? key,
    name: textOf(record?.name) ?? name,
    record,
    isInPlace: inPlace !== undefined,
    isOwn: made !== undefined,
    before: inPlace ? { key: source.key, name: source.name } : { key, name },
  };
}

/** A schema that nobody chose, as it is on the target: the very one, or the newest that an earlier restore has made of it. */
export function findReferrer(
  { id }: StoredSchema,
  schemas: readonly ApiRecord[],
  { own, sameSite }: { own: OwnConfiguration; sameSite: boolean },
): ApiRecord | undefined {
  const ids = [...(sameSite ? [id] : []), ...own.schemaIdsOf(id).toReversed()];
  return ids
    .map((candidate) => schemas.find((schema) => idOf(schema) === candidate))
    .find((schema) => schema !== undefined);
}
