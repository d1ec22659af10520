import type { ActivityPlace } from '../backup-format/activity-places.ts';
import { objectOfLine, recordsOfLine, withoutComma } from '../backup-format/activity-records.ts';
import { type StoredFile, sha256 } from '../backup-format/manifest.ts';
import { arrayFile } from '../backup-format/record-files.ts';
import { DamagedBackupError } from '../errors.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { JsonRecord } from '../model/json.ts';
import { sideBySide } from '../side-by-side.ts';
import type { BackupSource } from './backup-source.ts';

/**
 * The history, or the comments, of one object: `key` is the file that holds it. Bytes, SHA-256 and records are always those that it has,
 * or would have, in a file of its own, so that nothing depends on how a backup lays it out.
 */
export interface StoredRecords extends StoredFile {
  /** SHA-256 of a file that holds other objects' too. */
  readonly shardSha256?: string;
}

export interface ActivityOfObject {
  readonly objectId: string;
  readonly kind: ActivityKind;
  readonly stored: StoredRecords;
  /** What lies in the same files has the same; 0 of what has a file of its own. */
  readonly place: number;
}

/** Files of many objects read at once. */
const shardsAtOnce = 4;

/**
 * Histories and comments of a backup, object by object, those of files of their own first. Files of many objects are read for it, each
 * once; the others are not. Throws DamagedBackupError.
 * @param isWanted which files are looked at
 */
export async function eachStoredActivity(
  source: BackupSource,
  isWanted: (file: StoredFile, place: ActivityPlace) => boolean,
  onActivity: (activity: ActivityOfObject) => void,
): Promise<void> {
  const shards: { readonly file: StoredFile; readonly kind: ActivityKind; readonly place: number }[] = [];
  for await (const file of source.listed()) {
    const place = source.activityOf(file.key);
    if (!place || !isWanted(file, place)) continue;
    if ('shard' in place) shards.push({ file, kind: place.kind, place: place.shard.place });
    else onActivity({ objectId: place.objectId, kind: place.kind, stored: file, place: 0 });
  }
  await sideBySide(shards, shardsAtOnce, async ({ file, kind, place }) => {
    for (const [objectId, line] of linesByObject(await source.bytes(file))) {
      const records = recordsOfLine(line);
      const own = arrayFile(records);
      const stored = { key: file.key, bytes: own.length, sha256: sha256(own), records: records.length };
      onActivity({ objectId, kind, stored: { ...stored, shardSha256: file.sha256 }, place });
    }
  });
}

/** The lines of a file of many objects, by the objects' ids. */
export function* linesByObject(bytes: Uint8Array): Generator<readonly [objectId: string, line: string]> {
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const objectId = objectOfLine(line);
    if (objectId !== undefined) yield [objectId, withoutComma(line)];
  }
}

/** Bytes of files of many objects that are kept. */
const mostKept = 64 * 1024 * 1024;

/**
 * Reads what a backup holds of one object after the other. Of files of many objects those that were asked for last are kept: whoever asks
 * for objects of one place one after the other reads each file once.
 */
export class ActivityReader {
  readonly #source: BackupSource;
  /** The lines of each file, by the ids of the objects. The one that was asked for last stands at the end. */
  readonly #kept = new Map<string, Promise<ReadonlyMap<string, string>>>();
  /** Of those that are read. */
  readonly #bytes = new Map<string, number>();

  constructor(source: BackupSource) {
    this.#source = source;
  }

  /** Throws DamagedBackupError. */
  async records(objectId: string, stored: StoredRecords): Promise<JsonRecord[]> {
    if (stored.shardSha256 === undefined) return this.#source.json<JsonRecord[]>(stored);
    const lines = await this.#linesOf({ ...stored, sha256: stored.shardSha256 });
    const line = lines.get(objectId);
    if (line === undefined) throw new DamagedBackupError(`${stored.key} holds nothing of object ${objectId} any more.`);
    return recordsOfLine(line).map((record) => JSON.parse(record) as JsonRecord);
  }

  #linesOf(file: StoredFile): Promise<ReadonlyMap<string, string>> {
    const kept = this.#kept.get(file.key) ?? this.#read(file);
    this.#kept.delete(file.key);
    this.#kept.set(file.key, kept);
    return kept;
  }

  async #read(file: StoredFile): Promise<ReadonlyMap<string, string>> {
    const bytes = await this.#source.bytes(file);
    this.#bytes.set(file.key, bytes.length);
    let sum = this.#bytes.values().reduce((one, other) => one + other, 0);
    for (const key of [...this.#kept.keys()]) {
      const size = key === file.key ? undefined : this.#bytes.get(key);
      if (sum <= mostKept || size === undefined) continue;
      this.#kept.delete(key);
      this.#bytes.delete(key);
      sum -= size;
    }
    return new Map(linesByObject(bytes));
  }
}
