import { type ActivityLine, isActivityList } from '../backup-format/activity-list.ts';
import type { StoredFile } from '../backup-format/manifest.ts';
import { objectDigest, valuesAsListed } from '../comparison/object-values.ts';
import { DamagedBackupError } from '../errors.ts';
import { type ActivityKind, activityKinds } from '../model/activity.ts';
import { idOf } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import type { SideType } from './side.ts';

/** What a backup says of an object without its values. */
export interface ObjectSummary {
  readonly id: string;
  readonly type: SideType;
  /** Of its values; undefined where nothing tells which of them count. */
  readonly digest: string | undefined;
}

export type ActivityCountsOf = { readonly [Kind in ActivityKind]?: number };

interface ObjectSinks {
  onObject(object: ObjectSummary): void;
  /** Of an object that was given before, what is known of its comments and history. */
  onCounts(id: string, counts: ActivityCountsOf): void;
}

/**
 * Every object of a backup, by the lists of the manifest, which say all of it; what earlier versions left out of them is made of the
 * objects themselves. Throws DamagedBackupError.
 * @param types of this side, by id
 */
export async function eachSummary(
  source: BackupSource,
  types: ReadonlyMap<string, SideType>,
  { onObject, onCounts }: ObjectSinks,
): Promise<void> {
  const isListed = await sayValues(source);
  if (!isListed) await eachStored(source, types, onObject);
  for await (const line of source.activityLines()) {
    const type = types.get(line.type);
    if (!type) continue;
    // Without the list of its attributes nothing was known of its values then either.
    if (isListed) onObject({ id: line.object, type, digest: type.attributes && line.values });
    const counts = countsIn(line);
    if (Object.keys(counts).length > 0) onCounts(line.object, counts);
  }
}

/** What a night knows itself: not what it carried over because it could not read it. */
export function countsIn(line: ActivityLine): ActivityCountsOf {
  const known = activityKinds.flatMap((kind) => {
    const { read, records, missed } = line[kind];
    return read === null || missed !== undefined ? [] : [[kind, records] as const];
  });
  return Object.fromEntries(known);
}

/** The files in which the objects of a type stand. Throws DamagedBackupError where the lists lack one. */
export function shardsOf(source: BackupSource, typeId: string): StoredFile[] {
  const stored = source.manifest.schemas.flatMap(({ objectTypes }) => objectTypes).find(({ id }) => id === typeId);
  return (stored?.objectsMeta ?? []).map((key) => {
    const file = source.file(key);
    if (!file) throw new DamagedBackupError(`${key} is named by the manifest and stands in no list of files.`);
    return file;
  });
}

/** Whether there is a line for each object, with the digest of its values. */
async function sayValues(source: BackupSource): Promise<boolean> {
  const { counts } = source.manifest;
  if (source.recordsIn(isActivityList) !== counts.objects) return false;
  for await (const { values } of source.activityLines()) return values !== undefined;
  return counts.objects === 0;
}

async function eachStored(
  source: BackupSource,
  types: ReadonlyMap<string, SideType>,
  onObject: ObjectSinks['onObject'],
): Promise<void> {
  for (const type of types.values()) {
    for (const file of shardsOf(source, type.id)) {
      for (const object of await source.json<ApiRecord[]>(file)) {
        const digest = type.attributes && objectDigest(valuesAsListed(object, type.attributes));
        onObject({ id: idOf(object), type, digest });
      }
    }
  }
}
