import type { ActivityKind } from '../model/activity.ts';
import type { ImageKind } from './image-kind.ts';
import { safeName } from './safe-name.ts';

/** Every key of a backup is made here. Readers take keys from the manifest and rebuild none. */

/** `2026-11-23_02-00-00`, in UTC, from the execution's start time (ISO 8601). */
export function backupName(startedAt: string): string {
  return new Date(startedAt).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
}

export function isBackupName(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2}$/.test(text);
}

/** Whether a folder of this name may be a backup: one of ours, or one that somebody has renamed. */
export function mayNameBackup(text: string): boolean {
  return /^[^./\\\p{Cc}][^/\\\p{Cc}]*$/u.test(text) && text.isWellFormed();
}

/** The last segment of a path: a local backup is a folder, and a shell completes it with its path and a slash. */
export function backupNameIn(path: string): string {
  return path.split(/[/\\]/).findLast((segment) => segment !== '') ?? '';
}

/** Whether a key lies in a folder, by its own words. */
export function isBelow(key: string, folder: string): boolean {
  return key.startsWith(`${folder}/`) && !key.split('/').some((segment) => ['', '.', '..'].includes(segment));
}

export const manifestKey = (backup: string) => `${backup}/manifest.json`;
export const fileListKey = (backup: string, number: number) => `${backup}/manifest/files-${padded(number)}.jsonl`;
export const outsideReferencesKey = (backup: string, number: number) =>
  `${backup}/manifest/references-outside-${padded(number)}.jsonl`;
export const activityListKey = (backup: string, number: number) =>
  `${backup}/manifest/activity-${padded(number)}.jsonl`;
export const attributeListKey = (backup: string, number: number) =>
  `${backup}/manifest/attributes-${padded(number)}.jsonl`;
export const schemaListKey = (backup: string) => `${backup}/config/objectschemas.json`;
/** The Assets fields of Jira's issues. They lie beside the list of schemas: a folder in the root might be a schema's, of the key ISSUES. */
export const issueFieldsKey = (backup: string) => `${backup}/config/issues/fields.json`;
/** Issues in which a field holds objects. `shard` counts from 1; undefined for a field whose issues fit in one file. */
export const issueLinksKey = (backup: string, fieldId: string, shard?: number) =>
  `${backup}/config/issues/${safeName(fieldId)}${suffix(shard)}.json`;

/** Whether a file tells of issues: of their fields, or of those in which one holds objects. */
export function isOfIssues(key: string): boolean {
  return /^[^/]+\/config\/issues\//.test(key);
}

/** Folders of a backup that are not a schema's. */
const ownFolders = ['config', 'manifest', 'manifest.json'];

/**
 * A folder for each schema: its key, made safe. Where two would be the same on a disk that ignores case, or a key is the name
 * of a folder of the backup's own, the id is added, and a number where a key of another schema is just that.
 */
export function schemaFolders(schemas: readonly { id: string; key: string }[]): Map<string, string> {
  const plain = schemas.map(({ id, key }) => ({ id, name: safeName(key) }));
  const wanted = new Map<string, number>();
  for (const { name } of plain) wanted.set(folded(name), (wanted.get(folded(name)) ?? 0) + 1);
  const isPlain = ({ name }: { name: string }) => wanted.get(folded(name)) === 1 && !ownFolders.includes(folded(name));
  const folders = new Map(plain.filter(isPlain).map(({ id, name }) => [id, name]));
  const taken = new Set([...ownFolders, ...[...folders.values()].map(folded)]);
  for (const { id, name } of plain.filter((schema) => !isPlain(schema))) {
    const own = `${name}_${safeName(id)}`;
    let folder = own;
    for (let number = 2; taken.has(folded(folder)); number += 1) folder = `${own}_${number}`;
    taken.add(folded(folder));
    folders.set(id, folder);
  }
  return folders;
}

/** Two names that fold alike may be one on some disk. Upper case first: some disks compare by that, and `ſ` is an `S` there. */
const folded = (name: string) => name.toUpperCase().toLowerCase().normalize('NFC');

/** Keys of one schema's files. `folder` comes from `schemaFolders`. */
export function schemaKeys(backup: string, folder: string) {
  const root = `${backup}/${folder}`;
  const typeFile = (type: { id: string; name: string }) => `${safeName(type.name)}_${safeName(type.id)}`;
  return {
    config: (file: SchemaConfigFile) => `${root}/config/${file}.json`,
    icon: (id: string, kind: ImageKind) => `${root}/config/icons/${safeName(id)}.${kind}`,
    attributes: (type: { id: string; name: string }) => `${root}/config/attributes/${typeFile(type)}.json`,
    /** `shard` counts from 1; undefined for a type that fits in one file. */
    objects: (type: { id: string; name: string }, shard?: number) =>
      `${root}/objects/${typeFile(type)}${suffix(shard)}.json`,
    objectsMeta: (type: { id: string; name: string }, shard?: number) =>
      `${root}/objectsmeta/${typeFile(type)}${suffix(shard)}.json`,
    /** Of many objects of a type; `shard` from 1 and undefined for the only one, `part` from 2 where one file was too small. */
    activityShard: (kind: ActivityKind, type: { id: string; name: string }, shard?: number, part = 1) =>
      `${root}/objects/${kind}/${typeFile(type)}${suffix(shard)}${part === 1 ? '' : `.part-${part}`}.json`,
    comments: (objectId: string) => `${root}/objects/comments/${safeName(objectId)}.json`,
    history: (objectId: string) => `${root}/objects/history/${safeName(objectId)}.json`,
  };
}

/** Whether a file of activity is the one of just this object; the names of all others end with the id of a type. */
export function isActivityFileOf(key: string, kind: ActivityKind, objectId: string): boolean {
  return firstName(key).endsWith(`/objects/${kind}/${safeName(objectId)}.json`);
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

/**
 * Where a file lies under that name which the run has not written, it takes the next: `Laptop_23.try-2.json`, `.try-3`, ...
 * @param number from 1, which is the name itself
 */
export function nextName(key: string, number: number): string {
  return number === 1 ? key : key.replace(ending, `.try-${number}$&`);
}

/** The key as `schemaKeys` and the functions above give it, whichever of its names a file has got. */
export function firstName(key: string): string {
  return key.replace(/\.try-\d+(\.[a-z]+)$/, '$1');
}

const ending = /\.[a-z]+$/;
const padded = (number: number) => String(number).padStart(5, '0');
const suffix = (shard: number | undefined) => (shard === undefined ? '' : `.${padded(shard)}`);
