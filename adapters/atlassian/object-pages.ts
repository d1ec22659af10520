import { ExcessiveAnswerError } from '../../core/errors.ts';
import type { ObjectId } from '../../core/model/ids.ts';
import type { ApiRecord } from '../../core/model/json.ts';
import type { MakeOfObject, ObjectPage, ObjectPageQuery, OnPage } from '../../core/ports/assets-reader.ts';
import { boundsOf } from './answer-bounds.ts';

export interface ObjectReads {
  /** A page in one answer. */
  page<T extends OnPage>(query: ObjectPageQuery, make: MakeOfObject<T>): Promise<ObjectPage<T>>;
  object(id: ObjectId): Promise<ApiRecord | undefined>;
}

function keyOf(query: ObjectPageQuery): string {
  if ('objectTypeId' in query) return `type ${query.objectTypeId}`;
  return 'objectSchemaId' in query ? `schema ${query.objectSchemaId}` : `object ${query.objectId}`;
}

/** An object that came without attributes. */
class Bare {
  readonly object: ApiRecord;

  constructor(object: ApiRecord) {
    this.object = object;
  }

  get id() {
    return this.object.id;
  }
}

/** Two objects: a page begins on the last object of the page before, so with one no reading would get on. */
const smallestPage = 2;

/**
 * Pages of objects that are as large as an answer may be. A page that is too much is asked for again in a smaller size, down to
 * object by object, so that it takes one object, and not its type, to be beyond all bounds.
 */
export class ObjectPages {
  readonly #reads: ObjectReads;
  /** By type or schema, where it is smaller than what is asked for. */
  readonly #sizes = new Map<string, number>();

  constructor(reads: ObjectReads) {
    this.#reads = reads;
  }

  /** An object that comes without attributes, which the specification allows, is asked for by itself. */
  async read<T extends OnPage>(query: ObjectPageQuery, make: MakeOfObject<T>): Promise<ObjectPage<T>> {
    const { maxResults, withValues = true } = query;
    const key = keyOf(query);
    const makeIfWhole: MakeOfObject<T | Bare> = (object, besides) =>
      withValues && object.attributes === undefined ? new Bare(object) : make(object, besides);
    let size = Math.min(maxResults, this.#sizes.get(key) ?? maxResults);
    for (;;) {
      try {
        const page = await this.#reads.page({ ...query, maxResults: size }, makeIfWhole);
        // A larger page would still be far from too much. Others under way may have learnt another size meanwhile.
        const isLight = size < maxResults && page.bytes * 8 < boundsOf('object-aql').bytes;
        if (isLight && this.#sizes.get(key) === size) this.#sizes.set(key, size * 4);
        return await this.#completed(page, make);
      } catch (error) {
        if (!(error instanceof ExcessiveAnswerError)) throw error;
        if (size <= smallestPage && !withValues) throw error;
        if (size <= smallestPage) return this.#oneByOne({ ...query, maxResults: size }, make);
        size = Math.max(smallestPage, Math.floor(size / 4));
        this.#sizes.set(key, Math.min(size, this.#sizes.get(key) ?? size));
      }
    }
  }

  async #oneByOne<T extends OnPage>(query: ObjectPageQuery, make: MakeOfObject<T>): Promise<ObjectPage<T>> {
    const withoutAttributes = ({ attributes: _, ...object }: ApiRecord) => new Bare(object as ApiRecord);
    return this.#completed(await this.#reads.page({ ...query, withValues: false }, withoutAttributes), make);
  }

  async #completed<T extends OnPage>(page: ObjectPage<T | Bare>, make: MakeOfObject<T>): Promise<ObjectPage<T>> {
    const objects: T[] = [];
    const unreadable = new Map<string, ExcessiveAnswerError>();
    for (const one of page.objects) {
      if (one instanceof Bare) {
        const whole = await this.#whole(one.object, unreadable);
        // One that is gone meanwhile is left out, as if the page had come a moment later.
        if (whole) objects.push(make(whole, page));
      } else objects.push(one);
    }
    return { ...page, objects, ...(unreadable.size > 0 && { unreadable }) };
  }

  /** What it is without its values, where those are beyond all bounds. */
  async #whole(object: ApiRecord, unreadable: Map<string, ExcessiveAnswerError>): Promise<ApiRecord | undefined> {
    const id = String(object.id);
    try {
      return await this.#reads.object(id as ObjectId);
    } catch (error) {
      if (!(error instanceof ExcessiveAnswerError)) throw error;
      unreadable.set(id, error);
      return object;
    }
  }
}
