import type { ActivityPlace } from '../backup-format/activity-places.ts';
import { schemaKeys, schemaListKey } from '../backup-format/keys.ts';
import type { ManifestSchema } from '../backup-format/manifest.ts';
import type { BackupSource } from '../reading/backup-source.ts';

/** A file of the backup that a restore needs and that is missing or damaged, or a list of files that is. */
export interface LackingFile {
  readonly key: string;
  /** What is wrong with it: goes on after the key, with a full stop. */
  readonly problem: string;
  /** Its records by its list; of objects that no list names, by the manifest; of a list, the lines that cannot be read. */
  readonly records: number;
  /** Of a file of many objects' activity: those of which it held any, with how many records; undefined where nothing tells them. */
  readonly objects?: readonly (readonly [id: string, records: number])[];
  /** Of a schema that is not restored: only which of its objects refer to what is restored is not known. */
  readonly isReferrer?: true;
}

/**
 * Damaged lists, and what the manifest says that there is and no list names.
 * @param isAsked which activity is restored
 */
export function unlistedFiles(
  source: BackupSource,
  schemas: readonly ManifestSchema[],
  isAsked: (place: ActivityPlace) => boolean,
): LackingFile[] {
  const lists = source.damagedLists.map(({ key, problem, unreadable }) => ({
    key,
    problem: `${problem}.`,
    records: unreadable,
  }));
  const problem = 'is named by none of the lists that can be read.';
  const files = schemas.flatMap((schema) => {
    const config = schemaKeys(source.manifest.name, schema.folder).config('objecttypes');
    const attributes = schema.objectTypes.flatMap((type) => type.attributes ?? []);
    const needed = schema.objectTypes.length > 0 ? [config, ...attributes] : [];
    return [
      ...needed.filter((key) => !source.file(key)).map((key) => ({ key, problem, records: 1 })),
      ...schema.objectTypes.flatMap(({ objectsMeta, stored }) => {
        const listed = objectsMeta.reduce((sum, key) => sum + (source.file(key)?.records ?? 0), 0);
        // How the rest is spread over several files nobody knows any more, so it all stands with the first.
        return objectsMeta
          .filter((key) => !source.file(key))
          .map((key, index) => ({ key, problem, records: index === 0 ? stored - listed : 0 }));
      }),
    ];
  });
  const activity = [...source.activityShards].flatMap(([key, place]) => {
    const isLacking = schemas.some(({ id }) => id === place.shard.schema.id) && isAsked(place) && !source.file(key);
    return isLacking ? [{ key, problem, records: 1 }] : [];
  });
  return [...lists, ...files, ...activity];
}

/** Whether enough of a schema is there to make it: what it is, and which types it has. */
export function isUsable(source: BackupSource, { folder }: ManifestSchema): boolean {
  const { name } = source.manifest;
  const keys = schemaKeys(name, folder);
  const isKnown = source.file(keys.config('objectschema')) ?? source.file(schemaListKey(name));
  return source.file(keys.config('objecttypes')) !== undefined && isKnown !== undefined;
}

/** The schemas that can be restored, each with those of its files of objects that are whole. */
export function usableSchemas(source: BackupSource, schemas: readonly ManifestSchema[]): ManifestSchema[] {
  return schemas
    .filter((schema) => isUsable(source, schema))
    .map((schema) => ({
      ...schema,
      objectTypes: schema.objectTypes.map((type) => ({
        ...type,
        objectsMeta: type.objectsMeta.filter((key) => source.file(key)),
      })),
    }));
}
