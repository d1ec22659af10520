import type { ActivityPlace } from '../backup-format/activity-places.ts';
import { activityHash, shardOf } from '../backup-format/activity-shards.ts';
import { DamagedBackupError } from '../errors.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { linesByObject } from '../reading/stored-activity.ts';
import type { LackingFile } from './lacking-files.ts';

/**
 * What is missing or damaged, with the objects of which files of many held history or comments: the backup's lists of activity say
 * it, where they are whole.
 */
export async function withObjects(source: BackupSource, lacking: readonly LackingFile[]): Promise<LackingFile[]> {
  const shards = new Map<string, Map<string, number>>();
  for (const { key } of lacking) if (source.activityShards.has(key)) shards.set(key, new Map());
  if (shards.size === 0) return [...lacking];
  // A list that is gone may have named a list of activity.
  if (source.damagedLists.length > 0 || !(await addListed(source, shards))) return [...lacking];
  // A file of many objects is there because some have records: where the lists name none, they are not all.
  for (const [key, objects] of shards) if (objects.size === 0) shards.delete(key);
  for (const [key, objects] of shards) await leaveOthers(source, key, objects);
  return lacking.map((file) => {
    const objects = shards.get(file.key);
    return objects ? { ...file, objects: [...objects] } : file;
  });
}

/** False where a list of activity is missing or damaged: then nobody knows all of them. */
async function addListed(source: BackupSource, shards: ReadonlyMap<string, Map<string, number>>): Promise<boolean> {
  try {
    for await (const line of source.activityLines()) {
      for (const [key, objects] of shards) {
        const { kind, shard } = placeOf(source, key);
        if (line.type !== shard.type.id || line[kind].records === 0) continue;
        if (shardOf(activityHash(line.object), shard.count) === shard.number)
          objects.set(line.object, line[kind].records);
      }
    }
    return true;
  } catch (error) {
    if (error instanceof DamagedBackupError) return false;
    throw error;
  }
}

/** Where a shard has several files, its other ones hold some of them; which of those that are gone held which, nobody knows any more. */
async function leaveOthers(source: BackupSource, key: string, objects: Map<string, number>): Promise<void> {
  const { kind, shard } = placeOf(source, key);
  let isFirst = true;
  for (const other of shard.type.activity?.[kind][shard.number] ?? []) {
    const file = source.file(other);
    try {
      if (!file) throw new DamagedBackupError(`${other} is missing.`);
      for (const [object] of linesByObject(await source.bytes(file))) objects.delete(object);
    } catch (error) {
      if (!(error instanceof DamagedBackupError)) throw error;
      if (!isFirst && other === key) objects.clear();
      isFirst = false;
    }
  }
}

function placeOf(source: BackupSource, key: string): Extract<ActivityPlace, { readonly shard: unknown }> {
  const place = source.activityShards.get(key);
  if (!place) throw new Error(`${key} holds no activity of many objects.`);
  return place;
}
