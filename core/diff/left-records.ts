import type { StoredFile } from '../backup-format/manifest.ts';
import { type RecordLine, recordLines } from '../backup-format/record-lines.ts';
import { DamagedBackupError } from '../errors.ts';
import type { ApiRecord } from '../model/json.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { shardsOf } from './each-summary.ts';

/** What an object of the left is: its values will be asked for once, or the right does not have it. */
type Fate = 'asked-for' | 'gone' | undefined;

export interface KeptRecords {
  /** Objects that were come upon and not asked for yet; 4,000 of 8 KB are 32 MB. */
  readonly askedFor: number;
  /** Of objects that are gone little is kept. */
  readonly gone: number;
}

const mostKept: KeptRecords = { askedFor: 4_000, gone: 50_000 };

/** How far the files of a type are read. */
interface Reading {
  readonly files: readonly StoredFile[];
  next: number;
  /** How many have been read at least once. */
  seen: number;
}

/**
 * Records of the left, which are asked for in the order of the right. Each file is read once where both orders are much alike; where they
 * are not, what has to be let go is read again, and what is held stays as small. On the way it notes what is gone.
 */
export class LeftRecords {
  readonly #source: BackupSource;
  readonly #fateOf: (id: string, typeId: string) => Fate;
  readonly #mostKept: KeptRecords;
  readonly #readings = new Map<string, Reading>();
  /** Those that were come upon first at the beginning. */
  readonly #kept = new Map<string, ApiRecord>();
  readonly #gone = new Map<string, ApiRecord[]>();
  #goneKept = 0;

  constructor(source: BackupSource, fateOf: (id: string, typeId: string) => Fate, keeps = mostKept) {
    this.#source = source;
    this.#fateOf = fateOf;
    this.#mostKept = keeps;
  }

  /** The records of these objects of a type, by id. Throws DamagedBackupError where one is not there. */
  async find(typeId: string, ids: ReadonlySet<string>): Promise<Map<string, ApiRecord>> {
    const found = new Map<string, ApiRecord>();
    for (const id of ids) {
      const record = this.#kept.get(id);
      if (record && this.#kept.delete(id)) found.set(id, record);
    }
    const reading = this.#readingOf(typeId);
    // Once around at most: from here to the end, and what was let go from the beginning.
    for (let read = 0; found.size < ids.size; read += 1) {
      if (reading.next === reading.files.length) reading.next = 0;
      if (read >= reading.files.length)
        throw notThere(
          typeId,
          [...ids].filter((id) => !found.has(id)),
        );
      for await (const lines of this.#nextFile(typeId, reading)) {
        for (const line of lines) {
          if (!ids.has(line.id)) this.#keep(line);
          else if (!found.has(line.id)) found.set(line.id, line.parse());
        }
      }
    }
    return found;
  }

  /** Of all objects of a type that are gone as much as a line says of them. Throws DamagedBackupError. */
  async *gone(typeId: string): AsyncGenerator<ApiRecord> {
    const reading = this.#readingOf(typeId);
    const kept = this.#gone.get(typeId) ?? [];
    this.#gone.delete(typeId);
    yield* kept;
    const isComplete = this.#goneKept < this.#mostKept.gone;
    const skips = isComplete ? 0 : kept.length;
    let at = 0;
    for (const file of reading.files.slice(isComplete ? reading.seen : 0)) {
      const found: ApiRecord[] = [];
      for await (const lines of recordLines(this.#source.pieces(file))) {
        for (const line of lines) {
          if (this.#fateOf(line.id, typeId) !== 'gone') continue;
          at += 1;
          if (at > skips) found.push(line.parse());
        }
      }
      // Not before all of the file was as the lists say.
      yield* found;
    }
  }

  #readingOf(typeId: string): Reading {
    const reading = this.#readings.get(typeId) ?? { files: shardsOf(this.#source, typeId), next: 0, seen: 0 };
    this.#readings.set(typeId, reading);
    return reading;
  }

  /** The lines of the next file whose objects will be asked for; of those that are gone it takes a note, the first time. */
  async *#nextFile(typeId: string, reading: Reading): AsyncGenerator<readonly RecordLine[]> {
    const file = reading.files[reading.next];
    const isFirstTime = reading.next >= reading.seen;
    reading.next += 1;
    reading.seen = Math.max(reading.seen, reading.next);
    for await (const lines of file ? recordLines(this.#source.pieces(file)) : []) {
      yield lines.filter((line) => {
        const fate = this.#fateOf(line.id, typeId);
        if (fate === 'gone' && isFirstTime) this.#note(typeId, line);
        return fate === 'asked-for';
      });
    }
  }

  #keep({ id, parse }: RecordLine): void {
    if (this.#kept.has(id)) return;
    this.#kept.set(id, parse());
    const [first] = this.#kept.keys();
    if (this.#kept.size > this.#mostKept.askedFor && first !== undefined) this.#kept.delete(first);
  }

  #note(typeId: string, line: RecordLine): void {
    if (this.#goneKept >= this.#mostKept.gone) return;
    this.#goneKept += 1;
    const { id, objectKey = null, label = null } = line.parse();
    const gone = this.#gone.get(typeId) ?? [];
    gone.push({ id, objectKey, label });
    this.#gone.set(typeId, gone);
  }
}

function notThere(typeId: string, ids: readonly string[]): DamagedBackupError {
  return new DamagedBackupError(
    `Object ${ids[0]} stands in the lists of the backup, and in none of the files of its object type ${typeId}.`,
  );
}
