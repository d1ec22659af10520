import { safeName } from './safe-name.ts';

/** Every key of a backup is made here. Readers take keys from the manifest and rebuild none. */

/** `2026-11-23_02-00-00`, in UTC, from the execution's start time (ISO 8601). */
export function backupName(startedAt: string): string {
  return new Date(startedAt).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
}

export function isBackupName(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2}$/.test(text);
}

/** The last segment of a path: a local backup is a folder, and a shell completes it with its path and a slash. */
export function backupNameIn(path: string): string {
  return path.split(/[/\\]/).findLast((segment) => segment !== '') ?? '';
}

export const manifestKey = (backup: string) => `${backup}/manifest.json`;
export const fileListKey = (backup: string, number: number) => `${backup}/manifest/files-${padded(number)}.jsonl`;
export const outsideReferencesKey = (backup: string, number: number) =>
  `${backup}/manifest/references-outside-${padded(number)}.jsonl`;
export const schemaListKey = (backup: string) => `${backup}/config/objectschemas.json`;

/** Folders of a backup that are not a schema's. */
const taken = ['config', 'manifest', 'manifest.json'];

/**
 * A folder for each schema: its key, made safe. Where two would be the same on a disk that ignores case, or a key is
 * the name of a folder of the backup's own, the id is added.
 */
export function schemaFolders(schemas: readonly { id: string; key: string }[]): Map<string, string> {
  const names = schemas.map(({ key }) => safeName(key).toLowerCase());
  return new Map(
    schemas.map(({ id, key }, index) => {
      const name = names[index] ?? '';
      const isUnique = names.indexOf(name) === names.lastIndexOf(name) && !taken.includes(name);
      return [id, isUnique ? safeName(key) : `${safeName(key)}_${safeName(id)}`];
    }),
  );
}

/** Keys of one schema's files. `folder` comes from `schemaFolders`. */
export function schemaKeys(backup: string, folder: string) {
  const root = `${backup}/${folder}`;
  const typeFile = (type: { id: string; name: string }) => `${safeName(type.name)}_${safeName(type.id)}`;
  return {
    config: (file: SchemaConfigFile) => `${root}/config/${file}.json`,
    icon: (id: string) => `${root}/config/icons/${safeName(id)}.png`,
    attributes: (type: { id: string; name: string }) => `${root}/config/attributes/${typeFile(type)}.json`,
    /** `shard` counts from 1; undefined for a type that fits in one file. */
    objects: (type: { id: string; name: string }, shard?: number) =>
      `${root}/objects/${typeFile(type)}${suffix(shard)}.json`,
    objectsMeta: (type: { id: string; name: string }, shard?: number) =>
      `${root}/objectsmeta/${typeFile(type)}${suffix(shard)}.json`,
    comments: (objectId: string) => `${root}/objects/comments/${safeName(objectId)}.json`,
    history: (objectId: string) => `${root}/objects/history/${safeName(objectId)}.json`,
  };
}

export const schemaConfigFiles = [
  'objectschema',
  'objectschema_properties',
  'objecttypes',
  'global_referencetypes',
  'global_statustypes',
  'referencetypes',
  'statustypes',
  'icons',
] as const;
export type SchemaConfigFile = (typeof schemaConfigFiles)[number];

const padded = (number: number) => String(number).padStart(5, '0');
const suffix = (shard: number | undefined) => (shard === undefined ? '' : `.${padded(shard)}`);
