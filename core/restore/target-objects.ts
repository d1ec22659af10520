import { idOf, type ObjectId, type ObjectTypeId } from '../model/ids.ts';
import { type ApiRecord, isRecord, textOf } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-site.ts';
import { comparableValues, kindsOf, objectDigest } from './object-digest.ts';
import { readObjects } from './read-objects.ts';
import type { TargetType } from './target-configuration.ts';

/** An object of the target, as a plan sees it. */
export interface TargetObject {
  readonly id: string;
  readonly key: string;
  readonly typeId: string;
  /** Of its values: tells whether anybody has changed it since. */
  readonly digest: string;
}

/** The objects of the target's existing types, found by id and by the value of a unique attribute. */
export class TargetObjects {
  readonly #reader: AssetsReader;
  readonly #byId = new Map<string, TargetObject>();
  readonly #byType = new Map<string, string[]>();
  readonly #byUnique = new Map<string, string[]>();
  /** Types of which one undisturbed sweep agreed with the site's count. */
  readonly #proven = new Set<string>();

  constructor(reader: AssetsReader) {
    this.#reader = reader;
  }

  async readType(type: TargetType, allAttributes: readonly ApiRecord[]): Promise<number> {
    const kinds = kindsOf(allAttributes);
    const unique = allAttributes
      .filter(({ uniqueAttribute }) => uniqueAttribute === true)
      .map((record) => idOf(record));
    const ids: string[] = [];
    const { isProven } = await readObjects(this.#reader, type.id as ObjectTypeId, (object) => {
      const values = comparableValues(object, kinds);
      const id: string = idOf(object);
      ids.push(id);
      this.#byId.set(id, {
        id,
        key: textOf(object.objectKey) ?? '',
        typeId: typeIdOf(object) ?? type.id,
        digest: objectDigest(values),
      });
      for (const attribute of unique) {
        for (const text of values.get(attribute) ?? []) {
          const place = JSON.stringify([attribute, text]);
          this.#byUnique.set(place, [...(this.#byUnique.get(place) ?? []), id]);
        }
      }
    });
    this.#byType.set(type.id, ids);
    if (isProven) this.#proven.add(type.id);
    return ids.length;
  }

  idsOf(typeId: string): readonly string[] {
    return this.#byType.get(typeId) ?? [];
  }

  get typeIds(): readonly string[] {
    return [...this.#byType.keys()];
  }

  /** Objects that have this value of a unique attribute. */
  withUnique(attributeId: string, text: string): readonly string[] {
    return this.#byUnique.get(JSON.stringify([attributeId, text])) ?? [];
  }

  known(id: string): TargetObject | undefined {
    return this.#byId.get(id);
  }

  /**
   * An object of the target; undefined where it is not there. One that no page showed is asked for by itself, unless
   * all pages are proven to be whole: what is taken for missing would be made a second time.
   */
  async find(id: string): Promise<TargetObject | undefined> {
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
