import type { StoredFile } from '../backup-format/manifest.ts';
import { skimmerOf } from '../backup-format/skim-records.ts';
import { giveBackIfWhole } from '../give-back.ts';
import type { ApiRecord } from '../model/json.ts';
import { fieldsOfValue } from './value.ts';

/** All that a restore reads of an object: which one it is, its type's name, and its values. */
const skim = skimmerOf({
  id: true,
  label: true,
  objectKey: true,
  objectType: { id: true, name: true },
  attributes: { objectTypeAttributeId: true, objectAttributeValues: fieldsOfValue },
});

/** Bytes that are kept of what was read. A plan goes over all objects three times and more, and they are about 700 bytes each. */
const mostKept = 64 * 1024 * 1024;

/**
 * The objects of a backup's files, as far as a restore reads them. The first files stay in memory in that form, as bytes; each pass
 * goes over them from the first to the last, so to keep the last ones instead would be to keep none.
 */
export class ObjectShards {
  readonly #bytesOf: (file: StoredFile) => Promise<Uint8Array>;
  readonly #kept = new Map<string, Uint8Array>();
  #room: number;

  /** @param bytesOf reads a file, and holds it against its sum; its bytes are given back */
  constructor(bytesOf: (file: StoredFile) => Promise<Uint8Array>, room = mostKept) {
    this.#bytesOf = bytesOf;
    this.#room = room;
  }

  /** Each is parsed when its turn comes, and may be let go then. */
  async objects(file: StoredFile): Promise<Iterable<ApiRecord>> {
    return objectsIn(this.#kept.get(file.key) ?? (await this.#read(file)));
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
    const skimmed = skim(bytes);
    giveBackIfWhole(bytes);
    if (!this.#kept.has(file.key) && skimmed.length <= this.#room) {
      this.#room -= skimmed.length;
      this.#kept.set(file.key, skimmed);
    }
    return skimmed;
  }
}

function* objectsIn(lines: Uint8Array): Generator<ApiRecord> {
  const text = new TextDecoder().decode(lines);
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('\n', at);
    const end = found === -1 ? text.length : found;
    yield JSON.parse(text.slice(at, end)) as ApiRecord;
    at = end + 1;
  }
}
