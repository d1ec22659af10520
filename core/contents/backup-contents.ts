import { saysOf } from '../backup/shard-writer.ts';
import { type ActivityLine, isActivityList } from '../backup-format/activity-list.ts';
import { type ImageKind, imageKindOf, imageKinds } from '../backup-format/image-kind.ts';
import { schemaKeys } from '../backup-format/keys.ts';
import type { Manifest, ManifestObjectType, ManifestSchema, StoredFile } from '../backup-format/manifest.ts';
import { type RecordLine, recordLines } from '../backup-format/record-lines.ts';
import { DamagedBackupError } from '../errors.ts';
import { parseLosslessJson } from '../lossless-json.ts';
import type { ActivityKind } from '../model/activity.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, isRecord, textOf } from '../model/json.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { BackupSource } from '../reading/backup-source.ts';
import { type TypeOwner, typeNamed } from '../reading/named-type.ts';
import { inOrder } from '../reading/stored-configuration.ts';
import { type TypeInTree, typeTree } from '../reading/type-tree.ts';
import { type HeldActivity, heldActivity } from './held-activity.ts';
import type { HeldAttribute, HeldObject, HeldSchema, HeldType } from './held-object.ts';

interface Place {
  readonly type: HeldType;
  /** Undefined where the type has one file, or nobody knows. */
  readonly shard: number | undefined;
  readonly line: ActivityLine | undefined;
}

/**
 * What one backup holds, for those who look into it: little of it is read before it is asked for, and no type is ever held whole. Every
 * method throws DamagedBackupError where a file is not what the manifest's lists say. Of a schema whose list of types is so, that is told
 * with it, and the others are there.
 */
export class BackupContents {
  readonly manifest: Manifest;
  readonly schemas: readonly HeldSchema[];
  readonly #source: BackupSource;
  readonly #types: ReadonlyMap<string, HeldType>;
  readonly #attributes = new Map<string, Promise<readonly HeldAttribute[]>>();

  private constructor(source: BackupSource, schemas: readonly HeldSchema[]) {
    this.manifest = source.manifest;
    this.schemas = schemas;
    this.#source = source;
    this.#types = new Map(this.types.map((type) => [type.id, type]));
  }

  static async open(backups: BackupStore, manifest: Manifest): Promise<BackupContents> {
    const source = await BackupSource.open(backups, manifest);
    const schemas: HeldSchema[] = [];
    for (const schema of manifest.schemas) {
      const { records, damage } = await listedTypes(source, schema);
      schemas.push(heldSchema(schema, records, damage));
    }
    return new BackupContents(source, schemas);
  }

  get types(): HeldType[] {
    return this.schemas.flatMap(({ types }) => types);
  }

  type(id: string): HeldType | undefined {
    return this.#types.get(id);
  }

  /**
   * The type that a person means by `text` (`typeNamed`), where it may also be one of `others`. Throws WrongInputError, and
   * DamagedBackupError where a list of types cannot be read that may name it.
   */
  typeNamed(text: string, { hasNo, others = [] }: Pick<TypeOwner, 'hasNo' | 'others'>): HeldType {
    const damage = this.schemas.flatMap((schema) => schema.damage ?? []);
    const id = typeNamed(text, this.types, { hasNo, others, damage });
    return this.#types.get(id) as HeldType;
  }

  /** Of the objects of a type, inherited ones too, in the order of the site; none where the backup does not have its list. */
  attributes({ id, stored }: HeldType): Promise<readonly HeldAttribute[]> {
    const read = this.#attributes.get(id) ?? this.#readAttributes(stored);
    this.#attributes.set(id, read);
    return read;
  }

  /** The files of a type's objects, in the order in which they are stored. */
  shards({ stored }: HeldType): readonly StoredFile[] {
    return (stored?.objectsMeta ?? []).map((key) => this.#file(key));
  }

  /** All bytes of one of them, held against its sum; they are the caller's. */
  bytes(file: StoredFile): Promise<Uint8Array> {
    return this.#source.bytes(file);
  }

  /** The objects of a type, some at a time, in the order in which they are stored: each is parsed by whoever needs it. */
  async *objects({ stored }: HeldType): AsyncGenerator<readonly RecordLine[]> {
    for (const key of stored?.objectsMeta ?? [])
      yield* recordLines([await this.#source.bytes(this.#file(key))], parseLosslessJson);
  }

  /**
   * An object by its id or its key; undefined where it is not there. The number in a key is the id (reference, section 0), so one that
   * its schema's key of another time gives is found as well.
   */
  async object(named: string): Promise<HeldObject | undefined> {
    const [, schemaKey, number = named] = /^(.+)-(\d+)$/.exec(named) ?? [];
    const places = await this.#places(new Set([named, number]));
    for (const id of [named, number]) {
      const found = places.get(id) ?? [];
      // One that went to another schema while it was read stands in both.
      const place = found.find(({ type }) => type.schema.key === schemaKey) ?? found[0];
      if (place) return { id, record: await this.#record(id, place), type: place.type, line: place.line };
    }
    return undefined;
  }

  /** Which of these objects the backup holds, by their ids. */
  async present(ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    return new Set((await this.#places(ids)).keys());
  }

  /** An object's history, or its comments, as the site gave them. */
  activity(kind: ActivityKind, object: Pick<HeldObject, 'id' | 'type' | 'line'>): Promise<HeldActivity> {
    return heldActivity(this.#source, kind, object);
  }

  /** The image of an icon of a schema's types; undefined where the backup does not have it. */
  async icon(
    { folder }: Pick<HeldSchema, 'folder'>,
    id: string,
  ): Promise<{ bytes: Uint8Array; kind: ImageKind } | undefined> {
    const keys = schemaKeys(this.manifest.name, folder);
    const file = imageKinds.map((kind) => this.#source.file(keys.icon(id, kind))).find((one) => one !== undefined);
    if (!file) return undefined;
    const bytes = await this.#source.bytes(file);
    return { bytes, kind: imageKindOf(bytes) };
  }

  async #readAttributes(stored: ManifestObjectType | undefined): Promise<readonly HeldAttribute[]> {
    const file = stored?.attributes ? this.#file(stored.attributes) : undefined;
    const records = file ? await this.#source.json<ApiRecord[]>(file) : [];
    return inOrder(records).map((record) => ({ id: idOf(record), ...saysOf(record) }));
  }

  /** Where objects stand: by the lists of the backup where it has them, otherwise by looking into its files. */
  async #places(ids: ReadonlySet<string>): Promise<Map<string, Place[]>> {
    const places = new Map<string, Place[]>();
    const add = (id: string, place: Place) => places.set(id, [...(places.get(id) ?? []), place]);
    if (this.#source.recordsIn(isActivityList) > 0) {
      for await (const line of this.#source.activityLines(ids)) {
        const type = this.#types.get(line.type);
        if (type) add(line.object, { type, shard: line.shard, line });
      }
      return places;
    }
    for (const type of this.#types.values()) {
      for (const [shard, key] of (type.stored?.objectsMeta ?? []).entries()) {
        for await (const lines of recordLines(this.#source.pieces(this.#file(key)))) {
          for (const { id } of lines) if (ids.has(id)) add(id, { type, shard, line: undefined });
        }
        if (places.size === ids.size) return places;
      }
    }
    return places;
  }

  async #record(id: string, { type, shard }: Place): Promise<ApiRecord> {
    const keys = type.stored?.objectsMeta ?? [];
    for (const key of shard === undefined ? keys : keys.slice(shard, shard + 1)) {
      let record: ApiRecord | undefined;
      for await (const lines of recordLines(this.#source.pieces(this.#file(key)), parseLosslessJson))
        record ??= lines.find((line) => line.id === id)?.parse();
      // Not before all of the file was as the lists say.
      if (record) return record;
    }
    throw new DamagedBackupError(
      `Object ${id} stands in the lists of ${this.manifest.name}, and not in its files. Run \`assets-backup verify\`.`,
    );
  }

  #file(key: string): StoredFile {
    const file = this.#source.file(key);
    if (file) return file;
    throw new DamagedBackupError(`${key} is named by the manifest, and by no list of files.`);
  }
}

interface ListedTypes {
  readonly records: readonly ApiRecord[];
  readonly damage: string | null;
}

/** Looking goes on without it: the manifest names the types as well, and their objects stand in other files. */
async function listedTypes(source: BackupSource, { key, folder }: ManifestSchema): Promise<ListedTypes> {
  try {
    const list = schemaKeys(source.manifest.name, folder).config('objecttypes');
    return { records: (await source.configuration<ApiRecord[]>(list)) ?? [], damage: null };
  } catch (error) {
    if (!(error instanceof DamagedBackupError)) throw error;
    return {
      records: [],
      damage: `Of the object types of ${key} only what the manifest tells is known, and not which is below which. ${error.message}`,
    };
  }
}

/** What is told of types by their list, where the backup has it, and of their objects by the manifest. */
function heldSchema(
  { objectTypes, id, key, name, folder }: ManifestSchema,
  records: readonly ApiRecord[],
  damage: string | null,
): HeldSchema {
  const schema = { id, key, name, folder, damage };
  const stored = new Map(objectTypes.map((type) => [type.id, type]));
  const listed = new Set(records.map((record) => idOf(record) as string));
  const unlisted = objectTypes.filter((type) => !listed.has(type.id)).map((type) => ({ id: type.id, name: type.name }));
  const heldType = ({ id, record, parentId, path }: TypeInTree): HeldType => ({
    ...{ id, parentId, schema },
    name: textOf(record.name) ?? '',
    path: path.join('/'),
    depth: path.length - 1,
    iconId: isRecord(record.icon) ? textOf(record.icon.id) : undefined,
    objects: stored.get(id)?.stored ?? 0,
    stored: stored.get(id),
  });
  return { ...schema, types: typeTree([...records, ...unlisted]).map(heldType) };
}
