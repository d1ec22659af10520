import { idOf, type ObjectId, type ObjectTypeId } from '../model/ids.ts';
import { type ApiRecord, isRecord, textOf } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { LiveType } from './live-configuration.ts';
import { comparableValues, kindsOf, objectDigest } from './object-digest.ts';
import type { SweepProgress } from './page-sweep.ts';
import { readObjects } from './read-objects.ts';

/** An object of the target, as a plan sees it. */
export interface LiveObject {
  readonly id: string;
  readonly key: string;
  readonly typeId: string;
  /** Of its values: tells whether anybody has changed it since. */
  readonly digest: string;
}

interface ReadObject extends LiveObject {
  /** Its values of unique attributes, where it has any. */
  readonly unique?: readonly (readonly [attribute: string, text: string])[];
}

/** What one invocation has read of a type; as JSON it goes on to the next. */
export interface ReadOfType {
  readonly typeId: string;
  readonly objects: readonly ReadObject[];
  /** Whether an undisturbed sweep agreed with the site's count. */
  readonly isProven: boolean;
  /** Where to go on; null when the type is read. */
  readonly position: SweepProgress | null;
}

/** The objects of the target's existing types, found by id and by the value of a unique attribute. */
export class LiveObjects {
  readonly #reader: AssetsReader;
  readonly #byId = new Map<string, LiveObject>();
  readonly #byType = new Map<string, string[]>();
  readonly #byUnique = new Map<string, string[]>();
  readonly #positions = new Map<string, SweepProgress | null>();
  readonly #proven = new Set<string>();

  constructor(reader: AssetsReader) {
    this.#reader = reader;
  }

  /** Reads a type, or what is left of it, and gives what was read now. */
  async readType({ id: typeId, allAttributes }: LiveType, mayGoOn: () => boolean): Promise<ReadOfType> {
    const kinds = kindsOf(allAttributes);
    const uniqueIds: string[] = allAttributes
      .filter(({ uniqueAttribute }) => uniqueAttribute === true)
      .map((record) => idOf(record));
    const objects: ReadObject[] = [];
    const take = (object: ApiRecord) => {
      const values = comparableValues(object, kinds);
      const unique = uniqueIds.flatMap((attribute) =>
        (values.get(attribute) ?? []).map((text) => [attribute, text] as const),
      );
      objects.push({
        id: idOf(object),
        key: textOf(object.objectKey) ?? '',
        typeId: typeIdOf(object) ?? typeId,
        digest: objectDigest(values),
        ...(unique.length > 0 && { unique }),
      });
    };
    const from = this.#positions.get(typeId) ?? null;
    const ended = await readObjects(this.#reader, typeId as ObjectTypeId, take, { from, mayGoOn });
    const read = { typeId, objects, ...ended };
    this.add(read);
    return read;
  }

  /** Takes in what was read, in the order in which it was. */
  add({ typeId, objects, isProven, position }: ReadOfType): void {
    const ids = this.#byType.get(typeId) ?? [];
    for (const object of objects) {
      ids.push(object.id);
      this.#byId.set(object.id, object);
      for (const value of object.unique ?? []) {
        const place = JSON.stringify(value);
        this.#byUnique.set(place, [...(this.#byUnique.get(place) ?? []), object.id]);
      }
    }
    this.#byType.set(typeId, ids);
    this.#positions.set(typeId, position);
    if (isProven) this.#proven.add(typeId);
  }

  isRead(typeId: string): boolean {
    return this.#positions.get(typeId) === null;
  }

  idsOf(typeId: string): readonly string[] {
    return this.#byType.get(typeId) ?? [];
  }

  /** Objects that have this value of a unique attribute. */
  withUnique(attributeId: string, text: string): readonly string[] {
    return this.#byUnique.get(JSON.stringify([attributeId, text])) ?? [];
  }

  known(id: string): LiveObject | undefined {
    return this.#byId.get(id);
  }

  /**
   * An object of the target; undefined where it is not there. One that no page showed is asked for by itself, unless
   * all pages are proven to be whole: what is taken for missing would be made a second time.
   */
  async find(id: string): Promise<LiveObject | undefined> {
    const known = this.#byId.get(id);
    if (known || this.#proven.size === this.#byType.size) return known;
    const object = await this.#reader.object(id as ObjectId);
    if (!object) return undefined;
    return { id, key: textOf(object.objectKey) ?? '', typeId: typeIdOf(object) ?? '', digest: '' };
  }
}

export function typeIdOf(object: ApiRecord): string | undefined {
  return isRecord(object.objectType) ? textOf(object.objectType.id) : undefined;
}
