import type { schemaKeys } from '../backup-format/keys.ts';
import { type LeftOut, leftOutOf, leftOutTogether } from '../backup-format/left-out.ts';
import type { StoredFile } from '../backup-format/manifest.ts';
import {
  type AttributeSays,
  countValues,
  type ObjectReference,
  readableObject,
  referencesOf,
} from '../backup-format/object-values.ts';
import { recordDigest } from '../backup-format/record-digest.ts';
import { arrayFileOfBytes, objectFile } from '../backup-format/record-files.ts';
import { IdRows } from '../comparison/id-rows.ts';
import { objectDigest, valuesAsListed } from '../comparison/object-values.ts';
import { giveBack } from '../give-back.ts';
import { idOf, mentionedId } from '../model/ids.ts';
import { type ApiRecord, isRecord, recordsOf, textOf } from '../model/json.ts';
import type { BesidesObject } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { isSelect, kindOfAttribute, optionsIn } from '../reading/attribute-kinds.ts';
import { isSystem } from '../reading/stored-configuration.ts';
import { idsIn } from '../reading/value.ts';
import { writeJson } from '../work-store/json-file.ts';
import { storeFile } from './store-file.ts';
import { type ShardIndex, type TypeToExport, workKeys } from './work-files.ts';

/** A shard is held in memory until it is stored: small enough for several at once in a small function. */
export const mostBytes = 4 * 1024 * 1024;
export const mostObjects = 5_000;

/** What has been stored of one type; survives an invocation that runs out of time. */
export interface StoredShards {
  readonly files: StoredFile[];
  readonly objectsMeta: string[];
  readonly objects: string[];
  readonly indexes: string[];
  /** Files that lay where shards were to be stored. */
  readonly strays: string[];
  /** Names of selects that objects have values of which they do not offer. */
  readonly notOffered?: string[];
  /** Attributes that objects have and the type's own list lacks. */
  readonly unlisted?: string[];
  values: number;
}

/** What is stored of an object: a fraction of what its record takes in memory. */
export interface Entry {
  readonly id: string;
  /** Whether it says that it is of another type. */
  readonly isForeign: boolean;
  /** The record as UTF-8: half of what a text takes in memory, and not the collector's to move. */
  readonly meta: Uint8Array;
  readonly readable: string;
  readonly digest: string;
  /** Digest of the values alone. */
  readonly valuesDigest: string;
  readonly values: number;
  readonly references: readonly ObjectReference[];
  readonly leftOut: LeftOut;
  /** Attributes that it has and the type's own list lacks. */
  readonly unlisted: readonly string[];
  /** Names of selects that do not offer values which it has. */
  readonly notOffered: readonly string[];
}

/** What an attribute's own record says of it. */
export function saysOf(attribute: ApiRecord): AttributeSays {
  const kind = kindOfAttribute(attribute, undefined);
  const options = kind && isSelect(kind) && new Set(optionsIn(textOf(attribute.options) ?? ''));
  const name = textOf(attribute.name) ?? '';
  return { name, kind, ...(options && { options }), ...(isSystem(attribute) && { isSystem: true }) };
}

const encoder = new TextEncoder();

type ShardServices = Pick<Services, 'backups' | 'work' | 'reporter'>;

/** Writes the objects of one type, each once, into shards. */
export class ShardWriter {
  readonly shards: StoredShards;
  /** Objects in stored shards. */
  readonly #stored = new IdRows();
  /** The least number that a shard may get. */
  #next: number;
  readonly #waiting = new Map<string, Entry>();
  #waitingBytes = 0;
  readonly #services: ShardServices;
  readonly #backup: string;
  readonly #keys: ReturnType<typeof schemaKeys>;
  readonly #type: TypeToExport;
  readonly #attributes: Map<string, AttributeSays>;
  readonly #listed: ReadonlySet<string>;
  /** Attributes that objects have and the type's own list lacks. */
  readonly unlisted: Set<string>;
  /** Names of selects of which objects have values that they do not offer any more. */
  readonly notOffered: Set<string>;

  constructor(
    services: ShardServices,
    place: {
      backup: string;
      keys: ReturnType<typeof schemaKeys>;
      type: TypeToExport;
      attributes: Map<string, AttributeSays>;
    },
    earlier: { shards: StoredShards; stored: Iterable<string>; next?: number } = {
      shards: { files: [], objectsMeta: [], objects: [], indexes: [], strays: [], values: 0 },
      stored: [],
    },
  ) {
    this.#services = services;
    this.#backup = place.backup;
    this.#keys = place.keys;
    this.#type = place.type;
    this.#attributes = place.attributes;
    this.#listed = new Set(place.attributes.keys());
    this.shards = earlier.shards;
    this.notOffered = new Set(earlier.shards.notOffered);
    this.unlisted = new Set(earlier.shards.unlisted);
    for (const id of earlier.stored) this.#stored.add(id);
    this.#next = earlier.next ?? 1;
  }

  get objectCount(): number {
    return this.#stored.count + this.#waiting.size;
  }

  /** Makes of an object what `take` takes. */
  entryOf(object: ApiRecord, { attributes, received }: BesidesObject): Entry {
    for (const attribute of attributes) {
      const attributeId = idOf(attribute);
      if (!this.#attributes.has(attributeId)) this.#attributes.set(attributeId, saysOf(attribute));
    }
    const { objectType } = object;
    return {
      id: idOf(object),
      isForeign: isRecord(objectType) && mentionedId(objectType, 'id') !== this.#type.id,
      meta: received ?? encoder.encode(JSON.stringify(object)),
      readable: JSON.stringify(readableObject(object, this.#attributes)),
      digest: recordDigest(object, this.#attributes),
      valuesDigest: objectDigest(valuesAsListed(object, this.#attributes)),
      values: countValues(object),
      references: referencesOf(object),
      leftOut: leftOutOf(object),
      ...this.#oddities(object),
    };
  }

  /** Takes an object. One that waits is replaced by the newer reading; one that is stored stays as it was read first. */
  take(entry: Entry): void {
    const { id, meta, unlisted, notOffered } = entry;
    if (this.#stored.rowOf(id) !== undefined) return;
    for (const attributeId of unlisted) this.unlisted.add(attributeId);
    for (const name of notOffered) this.notOffered.add(name);
    this.#waitingBytes -= this.#waiting.get(id)?.meta.length ?? 0;
    this.#waiting.set(id, entry);
    this.#waitingBytes += meta.length;
  }

  #oddities(object: ApiRecord): Pick<Entry, 'unlisted' | 'notOffered'> {
    const unlisted: string[] = [];
    const notOffered: string[] = [];
    for (const attribute of recordsOf(object.attributes)) {
      const attributeId = textOf(attribute.objectTypeAttributeId);
      if (attributeId !== undefined && !this.#listed.has(attributeId)) unlisted.push(attributeId);
      const { name, kind, options } = this.#attributes.get(attributeId ?? '') ?? {};
      if (options && kind && idsIn(attribute, kind).some((text) => !options.has(text.trim()))) {
        notOffered.push(name ?? '');
      }
    }
    return { unlisted, notOffered };
  }

  /** Forgets an object that is no longer on the site; false where it is stored already. */
  drop(id: string): boolean {
    this.#waitingBytes -= this.#waiting.get(id)?.meta.length ?? 0;
    return this.#waiting.delete(id);
  }

  isFull(): boolean {
    return this.#waiting.size >= mostObjects || this.#waitingBytes >= mostBytes;
  }

  /** Stores what waits as a shard. `isWhole`: where it is the type's only one, its name needs no number. */
  async flush(isWhole = false): Promise<void> {
    const number = Math.max(this.shards.objects.length + 1, this.#next);
    const isOnly = isWhole && number === 1;
    if (this.#waiting.size === 0 && !isOnly) return;
    this.#next = number + 1;
    const { work, reporter } = this.#services;
    const shard = isOnly ? undefined : number;
    const entries = [...this.#waiting];
    const meta = await this.#store(
      this.#keys.objectsMeta(this.#type, shard),
      arrayFileOfBytes(entries.map(([, entry]) => entry.meta)),
      entries.length,
    );
    const readable = await this.#store(
      this.#keys.objects(this.#type, shard),
      objectFile(entries.map(([id, entry]) => [id, entry.readable])),
      entries.length,
    );
    const ids = entries.map(([id]) => id);
    const inShard = new Set(ids);
    const references = entries.flatMap(([, entry]) => entry.references);
    const index: ShardIndex = {
      ids,
      digests: entries.map(([, entry]) => entry.digest),
      values: entries.map(([, entry]) => entry.valuesDigest),
      references: references
        .filter(({ to }) => !inShard.has(to))
        .map(({ from, attributeId, to }) => [from, attributeId, to]),
      inside: references.filter(({ to }) => inShard.has(to)).length,
      leftOut: leftOutTogether(entries.map(([, entry]) => entry.leftOut)),
    };
    const indexKey = workKeys(this.#backup).shardIndex(this.#type.id, number);
    await writeJson(work, indexKey, index);

    this.shards.files.push(meta, readable);
    this.shards.objectsMeta.push(meta.key);
    this.shards.objects.push(readable.key);
    this.shards.indexes.push(indexKey);
    this.shards.values += entries.reduce((sum, [, entry]) => sum + entry.values, 0);
    for (const id of ids) {
      this.drop(id);
      this.#stored.add(id);
    }
    // Of all at last: those of a page lie in one buffer, and how much waits is counted by their lengths.
    for (const [, { meta }] of entries) giveBack(meta);
    reporter.advanced('objects', ids.length);
  }

  async #store(key: string, bytes: Uint8Array, records: number): Promise<StoredFile> {
    const file = await storeFile(this.#services.backups, key, bytes, records, this.shards.strays);
    giveBack(bytes);
    return file;
  }
}
