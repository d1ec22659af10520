import type { StoredObject, StoredValues } from './records.ts';

export interface StoreWatcher {
  before(): void;
  after(id: number): void;
}

/**
 * The objects, found by id and by type in order of id, so that a page of a type with 100,000 objects is one slice.
 * Ids are given in rising order and an object's key ends with its id, so order of id is order of key within a schema.
 */
export class ObjectStore {
  /** Rises with every change; what was computed for one revision is stale in the next. */
  revision = 0;
  readonly #byId = new Map<number, StoredObject>();
  readonly #idsByType = new Map<number, number[]>();
  readonly #unique = new Map<number, Map<string, Set<number>>>();
  #watcher: StoreWatcher | undefined;

  get size(): number {
    return this.#byId.size;
  }

  get(id: number): StoredObject | undefined {
    return this.#byId.get(id);
  }

  all(): MapIterator<StoredObject> {
    return this.#byId.values();
  }

  /** Ids of the objects of a type itself, not of its children, in rising order. Not to be changed. */
  idsOfType(typeId: number): readonly number[] {
    return this.#idsByType.get(typeId) ?? [];
  }

  /** One watcher, told before and after each change. */
  watch(watcher: StoreWatcher): void {
    this.#watcher = watcher;
  }

  add(object: StoredObject): void {
    this.#change(object.id, () => {
      this.#byId.set(object.id, object);
      insertSorted(this.#idsOfTypeForChange(object.typeId), object.id);
      this.#indexValues(object.id, object.values);
    });
  }

  delete(object: StoredObject): void {
    this.#change(object.id, () => {
      this.#byId.delete(object.id);
      removeSorted(this.#idsOfTypeForChange(object.typeId), object.id);
      this.#unindexValues(object.id, object.values);
    });
  }

  setValues(object: StoredObject, values: StoredValues): void {
    this.move(object, object.typeId, values);
  }

  move(object: StoredObject, typeId: number, values: StoredValues): void {
    this.#change(object.id, () => {
      this.#unindexValues(object.id, object.values);
      if (typeId !== object.typeId) {
        removeSorted(this.#idsOfTypeForChange(object.typeId), object.id);
        object.typeId = typeId;
        insertSorted(this.#idsOfTypeForChange(typeId), object.id);
      }
      object.values = values;
      this.#indexValues(object.id, values);
    });
  }

  /** Another object with this value of the attribute. */
  otherWithValue(attributeId: number, value: string, exceptId: number | undefined): number | undefined {
    return this.withValue(attributeId, value)
      .values()
      .find((id) => id !== exceptId);
  }

  /** The objects with this value of the attribute. The index is made at the first question and kept up to date. */
  withValue(attributeId: number, value: string): ReadonlySet<number> {
    let index = this.#unique.get(attributeId);
    if (!index) {
      index = new Map();
      this.#unique.set(attributeId, index);
      for (const object of this.#byId.values()) {
        for (const text of object.values.get(attributeId) ?? []) addToIndex(index, text, object.id);
      }
    }
    return index.get(value) ?? new Set();
  }

  #change(id: number, change: () => void): void {
    this.#watcher?.before();
    this.revision += 1;
    change();
    this.#watcher?.after(id);
  }

  #idsOfTypeForChange(typeId: number): number[] {
    const ids = this.#idsByType.get(typeId) ?? [];
    this.#idsByType.set(typeId, ids);
    return ids;
  }

  #indexValues(id: number, values: StoredValues): void {
    for (const [attributeId, index] of this.#unique) {
      for (const text of values.get(attributeId) ?? []) addToIndex(index, text, id);
    }
  }

  #unindexValues(id: number, values: StoredValues): void {
    for (const [attributeId, index] of this.#unique) {
      for (const text of values.get(attributeId) ?? []) index.get(text)?.delete(id);
    }
  }
}

function addToIndex(index: Map<string, Set<number>>, text: string, id: number): void {
  const ids = index.get(text);
  if (ids) ids.add(id);
  else index.set(text, new Set([id]));
}

function insertSorted(ids: number[], id: number): void {
  const last = ids.at(-1);
  if (last === undefined || last < id) ids.push(id);
  else ids.splice(firstNotBelow(ids, id), 0, id);
}

function removeSorted(ids: number[], id: number): void {
  const index = firstNotBelow(ids, id);
  if (ids[index] === id) ids.splice(index, 1);
}

function firstNotBelow(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
