import {
  type ActivityLine,
  type ActivityState,
  eachFile,
  isActivityList,
  readActivityLines,
} from '../../backup-format/activity-list.ts';
import { ActivityPlaces } from '../../backup-format/activity-places.ts';
import { activityHash, shardOf } from '../../backup-format/activity-shards.ts';
import type { Manifest, ManifestObjectType, StoredFile } from '../../backup-format/manifest.ts';
import type { ActivityKind } from '../../model/activity.ts';
import type { BackupStore } from '../../ports/backup-store.ts';
import { PackedFiles } from './packed-files.ts';

/** What a base has of an object. There may be a million of them: dates are one text for all, and files are numbers. */
export interface BaseObject extends Readonly<Record<ActivityKind, BaseState>> {
  readonly typeId: string;
  readonly digest: string;
}

export interface BaseState {
  readonly read: string | null;
  readonly records: number;
  readonly missed: ActivityState['missed'];
  /** Number of its own file; undefined where it has none, or lies with others of its type. */
  readonly file: number | undefined;
}

/** The activity of a backup upon which a night builds, of some of its schemas, with the files in which it lies. */
export class BaseActivity {
  readonly manifest: Manifest;
  readonly #objects = new Map<string, BaseObject>();
  readonly #types: ReadonlyMap<string, ManifestObjectType>;
  /** Of objects that have files of their own. */
  readonly #packed = new PackedFiles();
  /** Of many objects each, by key. */
  readonly #byKey = new Map<string, StoredFile>();
  /** Dates and ids of types. */
  readonly #texts = new Map<string, string>();
  /** By type: how many objects each shard has. */
  readonly #inShard = new Map<string, number[]>();

  private constructor(manifest: Manifest, schemaIds: ReadonlySet<string>) {
    this.manifest = manifest;
    const schemas = manifest.schemas.filter(({ id }) => schemaIds.has(id));
    this.#types = new Map(schemas.flatMap(({ objectTypes }) => objectTypes.map((type) => [type.id, type])));
  }

  /** Throws DamagedBackupError where a list is missing or damaged. */
  static async open(backups: BackupStore, manifest: Manifest, schemaIds: ReadonlySet<string>): Promise<BaseActivity> {
    const base = new BaseActivity(manifest, schemaIds);
    const lists: StoredFile[] = [];
    const numbers = { history: new Map<string, number>(), comments: new Map<string, number>() };
    const places = new ActivityPlaces(manifest);
    for await (const file of eachFile(backups, manifest)) {
      const place = places.of(file.key);
      if (isActivityList(file.key)) lists.push(file);
      else if (place && 'shard' in place) base.#byKey.set(file.key, file);
      else if (place) numbers[place.kind].set(place.objectId, base.#packed.add(file));
    }
    for await (const line of readActivityLines(backups, manifest, lists)) base.#add(line, numbers);
    return base;
  }

  object(id: string): BaseObject | undefined {
    return this.#objects.get(id);
  }

  /** How many shards a type has; undefined where its objects have files of their own, or it was not there. */
  shards(typeId: string): number | undefined {
    return this.#types.get(typeId)?.activity?.count;
  }

  /** How many objects a shard of a type has, from 0. */
  objectsIn(typeId: string, shard: number): number {
    return this.#inShard.get(typeId)?.[shard] ?? 0;
  }

  /** Whether the lists name the files in which a kind of an object's activity lies. */
  hasFiles(kind: ActivityKind, object: BaseObject, hash: number): boolean {
    if (object[kind].file !== undefined) return true;
    const keys = this.#keysOf(kind, object.typeId, hash);
    return keys.length > 0 && keys.every((key) => this.#byKey.has(key));
  }

  /** Those files: of an object that has records, one of them has it. */
  filesOf(kind: ActivityKind, object: BaseObject, hash: number): StoredFile[] {
    const { file } = object[kind];
    if (file !== undefined) return [this.#packed.at(file)];
    return this.#keysOf(kind, object.typeId, hash).flatMap((key) => this.#byKey.get(key) ?? []);
  }

  #keysOf(kind: ActivityKind, typeId: string, hash: number): readonly string[] {
    const activity = this.#types.get(typeId)?.activity;
    return activity?.[kind][shardOf(hash, activity.count)] ?? [];
  }

  #add(
    { object, type, digest, history, comments }: ActivityLine,
    numbers: Record<ActivityKind, Map<string, number>>,
  ): void {
    if (!this.#types.has(type)) return;
    const state = ({ read, records, missed }: ActivityState, kind: ActivityKind): BaseState => ({
      read: read === null ? null : this.#once(read),
      records,
      missed,
      file: records === 0 ? undefined : numbers[kind].get(object),
    });
    const typeId = this.#once(type);
    this.#objects.set(object, {
      typeId,
      digest,
      history: state(history, 'history'),
      comments: state(comments, 'comments'),
    });
    const shards = this.shards(type);
    if (shards === undefined) return;
    const shard = shardOf(activityHash(object), shards);
    const counts = this.#inShard.get(typeId) ?? [];
    this.#inShard.set(typeId, counts);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }

  /** Each line was read as a text of its own. */
  #once(text: string): string {
    const there = this.#texts.get(text);
    if (there !== undefined) return there;
    this.#texts.set(text, text);
    return text;
  }
}
