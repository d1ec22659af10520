import { createHash } from 'node:crypto';
import {
  activityLine,
  objectOfLine,
  recordsOfFile,
  recordsOfLine,
  withoutComma,
} from '../../backup-format/activity-records.ts';
import { isActivityFileOf } from '../../backup-format/keys.ts';
import { type StoredFile, sha256 } from '../../backup-format/manifest.ts';
import { lines } from '../../backup-format/record-files.ts';
import { counted } from '../../counted.ts';
import { ChangedFileError, MissingKeyError } from '../../errors.ts';
import type { ActivityKind } from '../../model/activity.ts';
import type { Notice } from '../../model/outcome.ts';
import type { BackupStore } from '../../ports/backup-store.ts';
import { storeCopy } from '../store-file.ts';
import type { ActivityObject } from './activity-layout.ts';

/** Bytes of files of many objects that are held, because objects that come next lie in them too. */
const mostHeld = 64 * 1024 * 1024;
const namedFiles = 5;

/** The line of each object in a file; undefined where the file is not as it was written. */
type Lines = ReadonlyMap<string, string> | undefined;

/**
 * What the base has of a batch's objects, as it lies there: copied as it is, or made into the form of tonight's layout. A file counts
 * only with the bytes that the base's list names; one that is missing or has others is told, and what it held is for the site.
 */
export class CarryOver {
  readonly #backups: BackupStore;
  readonly #files: readonly StoredFile[];
  readonly #damaged = new Set<StoredFile>();
  /** The ones used last, the newest at the end. */
  readonly #held = new Map<StoredFile, Promise<Lines>>();

  /** @param files those of the bases, by the places at which a plan names them */
  constructor(backups: BackupStore, files: readonly StoredFile[]) {
    this.#backups = backups;
    this.#files = files;
  }

  /** The base's file of just this object; undefined where it lies with others, or nowhere. */
  fileOfItsOwn(kind: ActivityKind, object: ActivityObject): StoredFile | undefined {
    return this.#filesOf(kind, object).find(({ key }) => isActivityFileOf(key, kind, object.id));
  }

  /** Stores a file of the base under a new key. Undefined where it is not there any more as it was written. */
  async copy(file: StoredFile, key: string, strays: string[]): Promise<StoredFile | undefined> {
    return this.#unlessDamaged(file, () => storeCopy(this.#backups, file, key, strays));
  }

  /** The files that hold all that the base has of a unit's objects, where they hold nothing else: then a copy says it all. */
  wholeFiles(kind: ActivityKind, { unit }: ActivityObject): readonly StoredFile[] | undefined {
    if (!unit.isUnchanged[kind] || unit.objects.some((object) => object[kind].isRead)) return undefined;
    const places = new Set(unit.objects.flatMap((object) => object[kind].files));
    const files = [...places].sort((a, b) => a - b).flatMap((place) => this.#files[place] ?? []);
    const isOfOne = files.some(({ key }) => unit.objects.some(({ id }) => isActivityFileOf(key, kind, id)));
    const inFiles = files.reduce((sum, { records }) => sum + records, 0);
    const withRecords = unit.objects.filter((object) => (object[kind].base?.records ?? 0) > 0).length;
    return isOfOne || inFiles !== withRecords ? undefined : files;
  }

  /** An object's line as a file of many objects has it. Undefined where the base has it no more. */
  async line(kind: ActivityKind, object: ActivityObject): Promise<string | undefined> {
    const own = this.fileOfItsOwn(kind, object);
    if (own) {
      const records = await this.#recordsIn(own);
      return records && activityLine(kind, object.id, records);
    }
    for (const file of this.#filesOf(kind, object)) {
      const line = (await this.#linesOf(file))?.get(object.id);
      if (line !== undefined) return line;
    }
    return undefined;
  }

  /** An object's records, each as JSON. Undefined where the base has them no more. */
  async records(kind: ActivityKind, object: ActivityObject): Promise<readonly string[] | undefined> {
    const own = this.fileOfItsOwn(kind, object);
    if (own) return this.#recordsIn(own);
    const line = await this.line(kind, object);
    return line === undefined ? undefined : recordsOfLine(line);
  }

  notices(): Notice[] {
    if (this.#damaged.size === 0) return [];
    const keys = [...this.#damaged].map(({ key }) => key);
    const more = keys.length > namedFiles ? `, and ${keys.length - namedFiles} more` : '';
    const [were, they] =
      keys.length === 1 ? ['file of an earlier backup was', 'it'] : ['files of earlier backups were', 'they'];
    const names = keys.slice(0, namedFiles).join(', ') + more;
    const message = `${counted(keys.length, were, were)} to be carried over, but ${they === 'it' ? 'is' : 'are'} missing or not as ${they} ${they === 'it' ? 'was' : 'were'} written: ${names}. What ${they} held was asked of the site again; where it did not give it, a gap says so. Check that backup (verify).`;
    return [{ kind: 'carried-file-damaged', message }];
  }

  #filesOf(kind: ActivityKind, { planned }: ActivityObject): StoredFile[] {
    return planned[kind].files.flatMap((place) => this.#files[place] ?? []);
  }

  #recordsIn(file: StoredFile): Promise<string[] | undefined> {
    return this.#unlessDamaged(file, async () => {
      const bytes = await this.#backups.read(file.key, file.bytes);
      if (sha256(bytes) !== file.sha256) throw changed(file);
      return recordsOfFile(new TextDecoder().decode(bytes));
    });
  }

  #linesOf(file: StoredFile): Promise<Lines> {
    const there = this.#held.get(file) ?? this.#unlessDamaged(file, () => this.#readLines(file));
    this.#held.delete(file);
    this.#held.set(file, there);
    let bytes = [...this.#held.keys()].reduce((sum, held) => sum + held.bytes, 0);
    for (const oldest of this.#held.keys()) {
      if (bytes <= mostHeld || oldest === file) break;
      this.#held.delete(oldest);
      bytes -= oldest.bytes;
    }
    return there;
  }

  /** Read as a stream: its lines count once its last byte is there, and all of them are those that were written. */
  async #readLines(file: StoredFile): Promise<ReadonlyMap<string, string>> {
    const sum = createHash('sha256');
    const pieces = async function* (backups: BackupStore) {
      for await (const piece of backups.stream(file.key)) {
        sum.update(piece);
        yield piece;
      }
    };
    const found = new Map<string, string>();
    try {
      for await (const line of lines(pieces(this.#backups))) {
        const id = objectOfLine(line);
        if (id !== undefined) found.set(id, withoutComma(line));
      }
    } catch (error) {
      // Bytes that are no text any more.
      throw error instanceof TypeError ? changed(file) : error;
    }
    if (sum.digest('hex') !== file.sha256) throw changed(file);
    return found;
  }

  async #unlessDamaged<T>(file: StoredFile, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#damaged.has(file)) return undefined;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ChangedFileError || error instanceof MissingKeyError)) throw error;
      this.#damaged.add(file);
      return undefined;
    }
  }
}

const changed = ({ key }: StoredFile) => new ChangedFileError(`${key} has not the bytes with which it was written.`);
