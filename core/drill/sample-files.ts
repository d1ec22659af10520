import { activityHash, shardOf } from '../backup-format/activity-shards.ts';
import type { Manifest, StoredFile } from '../backup-format/manifest.ts';
import { recordLines } from '../backup-format/record-lines.ts';
import type { ApiRecord } from '../model/json.ts';
import type { BackupSource } from '../reading/backup-source.ts';

/** A file of objects. */
export interface ObjectFile {
  readonly file: StoredFile;
  readonly schema: string;
  readonly type: string;
}

/** Files of objects of a backup, in the manifest's order. */
export function objectFiles(source: BackupSource, { schemas }: Manifest): ObjectFile[] {
  return schemas.flatMap((schema) =>
    schema.objectTypes.flatMap((type) =>
      type.objectsMeta.flatMap((key) => {
        const file = source.file(key);
        return file ? [{ file, schema: schema.id, type: type.id }] : [];
      }),
    ),
  );
}

/** The objects of a file, one after the other; that it is damaged is thrown after the last one. Throws DamagedBackupError. */
export async function* eachObjectOf(
  source: BackupSource,
  { file }: ObjectFile,
  wanted?: ReadonlySet<string>,
): AsyncGenerator<ApiRecord> {
  for await (const lines of recordLines(source.pieces(file))) {
    for (const line of lines) if (!wanted || wanted.has(line.id)) yield line.parse();
  }
}

/** Files that hold history or comments of these objects, by type. */
export async function activityOf(
  source: BackupSource,
  chosen: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<StoredFile[]> {
  const all = new Set([...chosen.values()].flatMap((ids) => [...ids]));
  const files: StoredFile[] = [];
  for await (const file of source.listed()) {
    const place = source.activityOf(file.key);
    if (!place) continue;
    if ('objectId' in place) {
      if (all.has(place.objectId)) files.push(file);
      continue;
    }
    const { type, number, count } = place.shard;
    const isOfSample = [...(chosen.get(type.id) ?? [])].some((id) => shardOf(activityHash(id), count) === number);
    if (isOfSample) files.push(file);
  }
  return files;
}
