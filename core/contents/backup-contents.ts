import { type ImageKind, imageKindOf, imageKinds } from '../backup-format/image-kind.ts';
import { schemaKeys } from '../backup-format/keys.ts';
import type { Manifest, StoredFile } from '../backup-format/manifest.ts';
import { type RecordLine, recordLines } from '../backup-format/record-lines.ts';
import { DamagedBackupError } from '../errors.ts';
import { parseLosslessJson } from '../lossless-json.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { ApiRecord } from '../model/json.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { BackupSource } from '../reading/backup-source.ts';
import { type TypeOwner, typeNamed } from '../reading/named-type.ts';
import { damageIn, damageOfList, namedFile } from './damage.ts';
import { type HeldActivity, heldActivity } from './held-activity.ts';
import { type HeldAttributes, heldAttributes } from './held-attributes.ts';
import type { HeldObject, HeldSchema, HeldType } from './held-object.ts';
import { heldSchemas } from './held-schemas.ts';
import { type FoundPlaces, type ObjectPlace, objectPlaces } from './object-places.ts';

/** Is told a sentence for each file that is passed over. */
export type OnDamage = (sentence: string) => void;

/**
 * What one backup holds, for those who look into it: little of it is read before it is asked for, and no type is ever held whole. Looking
 * goes as far as the backup is whole: what is damaged is told as a sentence beside what could be read, and a method throws
 * DamagedBackupError where nothing is left of what it was asked for. Nothing is shown whose bytes are not what a list says.
 */
export class BackupContents {
  readonly manifest: Manifest;
  readonly schemas: readonly HeldSchema[];
  /** Sentences about lists of files that are damaged or missing: all that is told of the backup may lack what they name. */
  readonly damage: readonly string[];
  readonly #source: BackupSource;
  readonly #types: ReadonlyMap<string, HeldType>;
  readonly #attributes = new Map<string, Promise<HeldAttributes>>();

  private constructor(source: BackupSource, schemas: readonly HeldSchema[]) {
    this.manifest = source.manifest;
    this.schemas = schemas;
    this.damage = source.damagedLists.map(damageOfList);
    this.#source = source;
    this.#types = new Map(this.types.map((type) => [type.id, type]));
  }

  static async open(backups: BackupStore, manifest: Manifest): Promise<BackupContents> {
    const source = await BackupSource.open(backups, manifest, { takesDamagedLists: true, lacking: new Set() });
    return new BackupContents(source, await heldSchemas(source));
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
    const damage = [...this.damage, ...this.schemas.flatMap((schema) => schema.damage ?? [])];
    const id = typeNamed(text, this.types, { hasNo, others, damage });
    return this.#types.get(id) as HeldType;
  }

  /** Of the objects of a type. */
  attributes(type: HeldType): Promise<HeldAttributes> {
    const read = this.#attributes.get(type.id) ?? heldAttributes(this.#source, type);
    this.#attributes.set(type.id, read);
    // A store that could not be reached may be the next time.
    read.catch(() => this.#attributes.delete(type.id));
    return read;
  }

  /** The files of a type's objects, in the order in which they are stored; `damaged` is told of those that no list names. */
  shards({ stored }: HeldType, damaged: OnDamage): readonly StoredFile[] {
    return (stored?.objectsMeta ?? []).flatMap((key) => {
      try {
        return [namedFile(this.#source, key)];
      } catch (error) {
        damaged(damageIn(error));
        return [];
      }
    });
  }

  /** All bytes of one of them, held against its sum; they are the caller's. */
  bytes(file: StoredFile): Promise<Uint8Array> {
    return this.#source.bytes(file);
  }

  /**
   * The objects of a type, some at a time, in the order in which they are stored: each is parsed by whoever needs it. Those of a damaged
   * file are left out, and `damaged` is told.
   */
  async *objects(type: HeldType, damaged: OnDamage): AsyncGenerator<readonly RecordLine[]> {
    for (const file of this.shards(type, damaged)) {
      let bytes: Uint8Array;
      try {
        bytes = await this.bytes(file);
      } catch (error) {
        damaged(damageIn(error));
        continue;
      }
      yield* recordLines([bytes], parseLosslessJson);
    }
  }

  /**
   * An object by its id or its key; undefined where it is not there. The number in a key is the id (reference, section 0), so one that
   * its schema's key of another time gives is found as well. Throws DamagedBackupError where it may stand in what is damaged.
   */
  async object(named: string): Promise<HeldObject | undefined> {
    const [, schemaKey, number = named] = /^(.+)-(\d+)$/.exec(named) ?? [];
    const { places, damagedLists, damagedFiles } = await this.#places(new Set([named, number]));
    for (const id of [named, number]) {
      const found = places.get(id) ?? [];
      // One that went to another schema while it was read stands in both.
      const place = found.find(({ type }) => type.schema.key === schemaKey) ?? found[0];
      if (!place) continue;
      const { type, line } = place;
      return { id, record: await this.#record(id, place), type, line, damage: line ? [] : damagedLists };
    }
    const damage = [...damagedLists, ...damagedFiles];
    if (damage.length === 0) return undefined;
    const { name } = this.manifest;
    throw new DamagedBackupError(`There is no object ${named} in what can be read of ${name}. ${damage.join(' ')}`);
  }

  /** Which of these objects the backup holds, by their ids; null: it may stand in what is damaged, of which `damaged` is told. */
  async present(ids: ReadonlySet<string>, damaged: OnDamage): Promise<ReadonlyMap<string, boolean | null>> {
    const { places, damagedLists, damagedFiles } = await this.#places(ids);
    const damage = [...damagedLists, ...damagedFiles];
    if ([...ids].some((id) => !places.has(id))) for (const sentence of damage) damaged(sentence);
    return new Map([...ids].map((id) => [id, places.has(id) || (damage.length === 0 ? false : null)]));
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

  #places(ids: ReadonlySet<string>): Promise<FoundPlaces> {
    return objectPlaces(this.#source, this.#types, ids);
  }

  async #record(id: string, { type, shard }: ObjectPlace): Promise<ApiRecord> {
    const keys = type.stored?.objectsMeta ?? [];
    for (const key of shard === undefined ? keys : keys.slice(shard, shard + 1)) {
      let record: ApiRecord | undefined;
      for await (const lines of recordLines(this.#source.pieces(namedFile(this.#source, key)), parseLosslessJson))
        record ??= lines.find((line) => line.id === id)?.parse();
      // Not before all of the file was as the lists say.
      if (record) return record;
    }
    throw new DamagedBackupError(
      `Object ${id} stands in the lists of ${this.manifest.name}, and not in its files. Run \`assets-backup verify\`.`,
    );
  }
}
