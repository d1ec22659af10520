import { createHash } from 'node:crypto';
import { type ActivityLine, type PassOver, readActivityLines } from '../backup-format/activity-list.ts';
import { type ActivityPlace, ActivityPlaces } from '../backup-format/activity-places.ts';
import { type ListedAttribute, readListedAttributes } from '../backup-format/attribute-list.ts';
import { firstName, schemaListKey } from '../backup-format/keys.ts';
import { type FileList, readFileList } from '../backup-format/list-files.ts';
import { type Manifest, movedKey, type StoredFile, sha256 } from '../backup-format/manifest.ts';
import { DamagedBackupError, MissingKeyError } from '../errors.ts';
import type { ApiRecord } from '../model/json.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { KeptFiles } from './kept-files.ts';
import { ObjectShards } from './object-shards.ts';

/** A list of files that is missing or damaged, and how many of its lines cannot be read. */
export interface DamagedList {
  readonly key: string;
  readonly problem: string;
  readonly unreadable: number;
}

export interface SourceOptions {
  /** Whether a damaged list is read as far as it goes, and not refused. */
  readonly takesDamagedLists: boolean;
  /** Files that are known to be missing or damaged: they count as not there. */
  readonly lacking: ReadonlySet<string>;
  /** Of its files, by the steps before. @default nothing */
  readonly kept?: KeptFiles | null;
}

const whole: SourceOptions = { takesDamagedLists: false, lacking: new Set() };

/**
 * A backup as a restore reads it: every file by the manifest's lists, and none whose bytes are not what the list says.
 * Throws DamagedBackupError.
 */
export class BackupSource {
  readonly manifest: Manifest;
  readonly damagedLists: DamagedList[] = [];
  readonly #backups: BackupStore;
  readonly #options: SourceOptions;
  readonly #activity: ActivityPlaces;
  readonly #shards: ObjectShards;
  /** All files but those of one object's activity, of which there may be a million, by the first name that each could have got. */
  readonly #files = new Map<string, StoredFile>();

  private constructor(backups: BackupStore, manifest: Manifest, options: SourceOptions) {
    this.#backups = backups;
    this.#options = options;
    this.#activity = new ActivityPlaces(manifest);
    this.#shards = new ObjectShards((file) => this.bytes(file), options.kept ?? new KeptFiles());
    this.manifest = manifest;
  }

  static async open(backups: BackupStore, manifest: Manifest, options: SourceOptions = whole): Promise<BackupSource> {
    const source = new BackupSource(backups, manifest, options);
    for (const list of manifest.fileLists) {
      const { files, problem } = await source.#read(list);
      for (const file of files) {
        const place = source.activityOf(file.key);
        const isOfOneObject = place !== undefined && !('shard' in place);
        if (source.#isThere(file) && !isOfOneObject) source.#files.set(firstName(file.key), file);
      }
      const unreadable = Math.max(0, list.records - files.length);
      if (problem !== undefined) source.damagedLists.push({ key: list.key, problem, unreadable });
    }
    return source;
  }

  /** Every file that the manifest's lists name, in their order; of some of their lines alone, where `mayBe` is given. */
  async *listed(mayBe?: (line: string) => boolean): AsyncGenerator<StoredFile> {
    for (const list of this.manifest.fileLists) {
      for (const file of (await this.#read(list, mayBe)).files) if (this.#isThere(file)) yield file;
    }
  }

  #isThere({ key }: StoredFile): boolean {
    return !this.#options.lacking.has(key);
  }

  async #read(list: StoredFile, mayBe?: (line: string) => boolean): Promise<FileList> {
    const read = await readFileList(this.#backups, this.manifest, list, mayBe);
    if (read.problem !== undefined && !this.#options.takesDamagedLists) {
      throw new DamagedBackupError(`${list.key} ${read.problem}. Restore another backup, or ${whatIsWhole}.`);
    }
    return read;
  }

  /** What activity a file of this backup holds; undefined for every other file. */
  activityOf(key: string): ActivityPlace | undefined {
    return this.#activity.of(key);
  }

  /** Keys of the files that hold the activity of many objects, as the manifest names them. */
  get activityShards(): ActivityPlaces['shards'] {
    return this.#activity.shards;
  }

  /** The file of a key, by whichever name it has got; undefined where the backup does not have it. */
  file(key: string): StoredFile | undefined {
    return this.#files.get(firstName(key));
  }

  /** How many records there are in all files of which the key is wanted; of those of one object's activity none is. */
  recordsIn(isWanted: (key: string) => boolean): number {
    return this.#files.values().reduce((sum, { key, records }) => sum + (isWanted(key) ? records : 0), 0);
  }

  /** When history and comments of each object were read, or of some. Throws DamagedBackupError where a list of these is missing or damaged. */
  activityLines(of?: ReadonlySet<string>, passOver?: PassOver): AsyncGenerator<ActivityLine> {
    return readActivityLines(this.#backups, this.manifest, [...this.#files.values()], of, passOver);
  }

  /** Attributes of each type, which its own list has too. Throws DamagedBackupError likewise. */
  attributeLines(passOver?: PassOver): AsyncGenerator<ListedAttribute> {
    return readListedAttributes(this.#backups, this.manifest, [...this.#files.values()], passOver);
  }

  /** An earlier restore may have named the file while the backup's folder had its first name. */
  async bytes(named: StoredFile): Promise<Uint8Array> {
    const file = { ...named, key: movedKey(named.key, this.manifest) ?? named.key };
    const bytes = await this.#backups.read(file.key).catch((error: unknown) => {
      if (error instanceof MissingKeyError) throw damagedSince(file.key, error.problem, error);
      throw error;
    });
    if (sha256(bytes) !== file.sha256) throw damagedSince(file.key, otherBytes);
    return bytes;
  }

  /**
   * The same in pieces, for a file that is better not held whole. That they are not what the list says is known, and thrown, after the
   * last one: so nothing may go by them before.
   */
  async *pieces(named: StoredFile): AsyncGenerator<Uint8Array> {
    const key = movedKey(named.key, this.manifest) ?? named.key;
    const hash = createHash('sha256');
    const pieces = this.#backups.stream(key)[Symbol.asyncIterator]();
    try {
      // One ahead of what is worked on.
      for (let next = pieces.next(); ; ) {
        const { value, done } = await next;
        if (done) break;
        next = pieces.next();
        next.catch(() => undefined);
        hash.update(value);
        yield value;
      }
    } catch (error) {
      if (error instanceof MissingKeyError) throw damagedSince(key, error.problem, error);
      throw error;
    } finally {
      await pieces.return?.();
    }
    if (hash.digest('hex') !== named.sha256) throw damagedSince(key, otherBytes);
  }

  /** What an earlier step has kept of it is let go. */
  async json<T>(file: StoredFile): Promise<T> {
    const bytes = this.#options.kept?.take(file) ?? (await this.bytes(file));
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  }

  /** The objects of a shard, with nothing but what a restore reads of them. Throws DamagedBackupError. */
  objects(file: StoredFile): Promise<Iterable<ApiRecord>> {
    return this.#shards.objects(file);
  }

  /** The same of one file after the other. Throws DamagedBackupError. */
  objectsOfEach(files: readonly StoredFile[]): AsyncGenerator<Iterable<ApiRecord>> {
    return this.#shards.objectsOfEach(files);
  }

  /** The contents of a file of configuration; undefined where the backup does not have it. */
  async configuration<T>(key: string): Promise<T | undefined> {
    const file = this.file(key);
    return file && this.json<T>(file);
  }

  /** All schemas that the account could see, with what only the list tells of them. */
  async schemaList(): Promise<ApiRecord[]> {
    return (await this.configuration<ApiRecord[]>(schemaListKey(this.manifest.name))) ?? [];
  }
}

/** What may be done with a backup that is damaged or partial, at the end of a sentence. */
export const whatIsWhole =
  'what is whole of this one (--what-is-whole, or "whatIsWhole": true in an input file), with the rest as losses';

const otherBytes = "is damaged: its SHA-256 is not the manifest's";

function damagedSince(key: string, problem: string, cause?: unknown): DamagedBackupError {
  return new DamagedBackupError(`${key} ${problem}. Run \`assets-backup verify\`, and restore another backup.`, {
    cause,
  });
}
