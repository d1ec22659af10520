import type { StoredFile } from '../backup-format/manifest.ts';
import { recordLines } from '../backup-format/record-lines.ts';
import { DamagedBackupError } from '../errors.ts';
import type { ApiRecord } from '../model/json.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { shardsOf } from './each-object.ts';

/** Characters of records that were come upon and not asked for yet. */
const mostKept = 32 * 1024 * 1024;

/** How far the files of a type are read. */
interface Reading {
  readonly files: readonly StoredFile[];
  next: number;
}

/**
 * Finds records of a backup by their ids, when they are asked for in the order of another backup. Each file is read once where both
 * orders are much alike; where they are not, what has to be let go is read again, and what is held stays as small.
 */
export class RecordFinder {
  readonly #source: BackupSource;
  readonly #isWanted: (id: string) => boolean;
  readonly #mostKept: number;
  readonly #readings = new Map<string, Reading>();
  /** Lines of wanted objects, those that were come upon first at the beginning. */
  readonly #kept = new Map<string, string>();
  #keptLength = 0;

  /** @param isWanted whether an object will be asked for; each is asked for once */
  constructor(source: BackupSource, isWanted: (id: string) => boolean, { keeps = mostKept } = {}) {
    this.#source = source;
    this.#isWanted = isWanted;
    this.#mostKept = keeps;
  }

  /** The records of these objects of a type, by id. Throws DamagedBackupError where one is not there. */
  async find(typeId: string, ids: ReadonlySet<string>): Promise<Map<string, ApiRecord>> {
    const found = new Map<string, ApiRecord>();
    for (const id of ids) {
      const line = this.#kept.get(id);
      if (line === undefined) continue;
      this.#letGo(id, line);
      found.set(id, JSON.parse(line) as ApiRecord);
    }
    const reading = this.#readings.get(typeId) ?? { files: shardsOf(this.#source, typeId), next: 0 };
    this.#readings.set(typeId, reading);
    // Once around at most: from here to the end, and what was let go from the beginning.
    for (let read = 0; found.size < ids.size; read += 1) {
      if (reading.next === reading.files.length) reading.next = 0;
      const file = reading.files[reading.next];
      if (!file || read >= reading.files.length)
        throw notThere(
          typeId,
          [...ids].filter((id) => !found.has(id)),
        );
      reading.next += 1;
      for (const [id, line] of recordLines(await this.#source.bytes(file))) {
        if (ids.has(id)) {
          if (!found.has(id)) found.set(id, JSON.parse(line) as ApiRecord);
        } else if (this.#isWanted(id)) this.#keep(id, line);
      }
    }
    return found;
  }

  #keep(id: string, line: string): void {
    if (this.#kept.has(id)) return;
    // A part of a text keeps all of it in memory.
    this.#kept.set(id, Buffer.from(line).toString());
    this.#keptLength += line.length;
    for (const [first, text] of this.#kept) {
      if (this.#keptLength <= this.#mostKept) return;
      this.#letGo(first, text);
    }
  }

  #letGo(id: string, line: string): void {
    this.#kept.delete(id);
    this.#keptLength -= line.length;
  }
}

function notThere(typeId: string, ids: readonly string[]): DamagedBackupError {
  return new DamagedBackupError(
    `Object ${ids[0]} stands in the lists of the backup, and in none of the files of its object type ${typeId}.`,
  );
}
