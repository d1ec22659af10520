import type { StoredFile } from '../backup-format/manifest.ts';
import { giveBackIfWhole } from '../give-back.ts';
import type { ApiRecord } from '../model/json.ts';
import type { KeptFiles } from './kept-files.ts';

/** The objects of a backup's files, as far as a restore reads them. */
export class ObjectShards {
  readonly #bytesOf: (file: StoredFile) => Promise<Uint8Array>;
  readonly #kept: KeptFiles;

  /** @param bytesOf reads a file, and holds it against its sum; its bytes are given back */
  constructor(bytesOf: (file: StoredFile) => Promise<Uint8Array>, kept: KeptFiles) {
    this.#bytesOf = bytesOf;
    this.#kept = kept;
  }

  /** Each is parsed when its turn comes, and may be let go then. */
  async objects(file: StoredFile): Promise<Iterable<ApiRecord>> {
    return objectsIn(this.#kept.linesOf(file) ?? (await this.#read(file)));
  }

  /** One file is read ahead of the one that is worked on. */
  async *objectsOfEach(files: readonly StoredFile[]): AsyncGenerator<Iterable<ApiRecord>> {
    const begin = (index: number) => {
      const file = files[index];
      const reading = file && this.objects(file);
      // It is thrown when its turn comes.
      reading?.catch(() => undefined);
      return reading;
    };
    let next = begin(0);
    for (let index = 1; next; index += 1) {
      const objects = await next;
      next = begin(index);
      yield objects;
    }
  }

  async #read(file: StoredFile): Promise<Uint8Array> {
    const bytes = await this.#bytesOf(file);
    const lines = this.#kept.skim(file, bytes);
    giveBackIfWhole(bytes);
    return lines;
  }
}

function* objectsIn(lines: Uint8Array): Generator<ApiRecord> {
  const text = new TextDecoder().decode(lines);
  giveBackIfWhole(lines);
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('\n', at);
    const end = found === -1 ? text.length : found;
    yield JSON.parse(text.slice(at, end)) as ApiRecord;
    at = end + 1;
  }
}
