import { type ActivityLine, isActivityList } from '../backup-format/activity-list.ts';
import { recordLines } from '../backup-format/record-lines.ts';
import type { DamagedBackupError } from '../errors.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { damageIn, damageOfList, namedFile } from './damage.ts';
import type { HeldType } from './held-object.ts';

/** Where an object stands. */
export interface ObjectPlace {
  readonly type: HeldType;
  /** Undefined where the type has one file, or nobody knows. */
  readonly shard: number | undefined;
  /** Undefined where the backup has no lists of its objects, or none that can be read. */
  readonly line: ActivityLine | undefined;
}

export interface FoundPlaces {
  /** By ids; one that went to another schema while it was read stands in both. */
  readonly places: ReadonlyMap<string, readonly ObjectPlace[]>;
  /** Sentences about lists: what was looked for and is not among them may stand there. */
  readonly damagedLists: readonly string[];
  /** The same about files of objects. */
  readonly damagedFiles: readonly string[];
}

/**
 * Where objects stand: by the lists of the backup where it has them, otherwise, and where a list is damaged, by looking into its files.
 */
export async function objectPlaces(
  source: BackupSource,
  types: ReadonlyMap<string, HeldType>,
  ids: ReadonlySet<string>,
): Promise<FoundPlaces> {
  const places = new Map<string, ObjectPlace[]>();
  const damagedLists = source.damagedLists.map(damageOfList);
  const damagedFiles: string[] = [];
  const found = { places, damagedLists, damagedFiles };
  const add = (id: string, place: ObjectPlace) => places.set(id, [...(places.get(id) ?? []), place]);
  const isListed = source.recordsIn(isActivityList) > 0;
  const passOver = (damage: DamagedBackupError) => damagedLists.push(damage.message);
  for await (const line of source.activityLines(ids, passOver)) {
    const type = types.get(line.type);
    if (type) add(line.object, { type, shard: line.shard, line });
  }
  if (isListed && damagedLists.length === 0) return found;
  const open = new Set([...ids].filter((id) => !places.has(id)));
  for (const type of types.values()) {
    for (const [shard, key] of (type.stored?.objectsMeta ?? []).entries()) {
      if ([...open].every((id) => places.has(id))) return found;
      try {
        for (const id of await standingIn(source, key, open)) add(id, { type, shard, line: undefined });
      } catch (error) {
        damagedFiles.push(damageIn(error));
      }
    }
  }
  return found;
}

/** Not before all of the file was as the lists say. Throws DamagedBackupError. */
async function standingIn(source: BackupSource, key: string, ids: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const lines of recordLines(source.pieces(namedFile(source, key))))
    for (const { id } of lines) if (ids.has(id)) found.push(id);
  return found;
}
