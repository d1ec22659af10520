import { isOfOneRead } from '../errors.ts';
import { idOf, mentionedId, type ObjectSchemaId } from '../model/ids.ts';
import { type ApiRecord, isRecord, textOf } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { mostSweeps, PageSweep, type SweepProgress } from '../reading/page-sweep.ts';
import { sayWaiting } from '../waiting.ts';
import { unshownObject } from './unshown-object.ts';

/** Objects of a schema; undefined where the site does not say it, which "Finish backup" will name. */
export async function countOf(reader: AssetsReader, objectSchemaId: ObjectSchemaId): Promise<number | undefined> {
  try {
    return await reader.countObjects({ objectSchemaId });
  } catch (error) {
    if (!isOfOneRead(error)) throw error;
    return undefined;
  }
}

/** How often a schema is listed at most, to find what it counts and no page showed. */
const mostListings = 3;

/** How far the listing of a schema has come; as JSON it goes from one invocation to the next. */
export interface ListingProgress {
  /** Listings that came to their end. */
  readonly ended: number;
  readonly sweep: SweepProgress | null;
  readonly countedBefore: number | null;
  readonly shortfall: number | null;
  /** Each object that was seen, and the type that it was last seen in. */
  readonly typeOf: readonly (readonly [id: string, typeId: string])[];
  readonly young: readonly string[];
  readonly slipped: number;
}

interface ListingOptions {
  /** By the site's clock, in milliseconds since 1970: what was made later is young. */
  readonly since: number;
  readonly earlier: ListingProgress | undefined;
}

/**
 * Lists the objects of a schema without their values, once more after all types were read: whatever lived throughout stands in
 * it, whichever types it went through meanwhile. Where the site counts more than a listing shows, it is listed again, from the
 * other end, and after the time that a search may lag: the count of a site that changes is another one before and after, and one
 * place of a page may be at fault.
 */
export class SchemaListing {
  readonly #services: Services;
  readonly #reader: AssetsReader;
  readonly #id: ObjectSchemaId;
  #ended: number;
  #sweep: SweepProgress | null;
  #countedBefore: number | null;
  #shortfall: number | null;
  readonly typeOf: Map<string, string>;
  /** Objects that say that they were made while the backup went on. */
  readonly young: Set<string>;
  /** Objects that were there all the time, and that only a listing after the first one showed. */
  #slipped: number;
  readonly #since: number;
  /** Objects that no listing showed, and that are there. */
  #foundElsewhere = 0;

  constructor(services: Services, reader: AssetsReader, id: ObjectSchemaId, { since, earlier }: ListingOptions) {
    this.#services = services;
    this.#reader = reader;
    this.#id = id;
    this.#since = since;
    this.#ended = earlier?.ended ?? 0;
    this.#sweep = earlier?.sweep ?? null;
    this.#countedBefore = earlier?.countedBefore ?? null;
    this.#shortfall = earlier?.shortfall ?? null;
    this.typeOf = new Map(earlier?.typeOf);
    this.young = new Set(earlier?.young);
    this.#slipped = earlier?.slipped ?? 0;
  }

  get progress(): ListingProgress {
    return {
      ended: this.#ended,
      sweep: this.#sweep,
      countedBefore: this.#countedBefore,
      shortfall: this.#shortfall,
      typeOf: [...this.typeOf],
      young: [...this.young],
      slipped: this.#slipped,
    };
  }

  /** How many objects the site counts, every time that it was listed, and that nothing has shown. */
  get shortfall(): number {
    return Math.max(0, (this.#shortfall ?? 0) - this.#foundElsewhere);
  }

  /** Takes an object that no listing showed for one that the site counts: it was seen in its type, and is there. */
  alsoThere(id: string, typeId: string): void {
    this.typeOf.set(id, typeId);
    this.#foundElsewhere += 1;
  }

  /** False where time ran short. Throws what the site's refusals of a page throw. */
  async run(mayGoOn: () => boolean): Promise<boolean> {
    while (this.#ended === 0 || (this.shortfall > 0 && this.#ended < mostListings)) {
      if (this.#ended > 0 && this.#sweep === null) await this.#waitForSearch();
      if (!(await this.#list(mayGoOn))) return false;
    }
    return true;
  }

  async #list(mayGoOn: () => boolean): Promise<boolean> {
    const objectSchemaId = this.#id;
    this.#countedBefore ??= (await countOf(this.#reader, objectSchemaId)) ?? null;
    const isDescending = this.#ended % 2 === 1;
    const sweep = new PageSweep(
      this.#reader,
      { objectSchemaId, withValues: false, isDescending },
      { from: this.#sweep, expected: this.#countedBefore },
    );
    for (;;) {
      const end = await sweep.run({ take: (object) => this.#take(object), mayGoOn });
      if (end === 'out-of-time') {
        this.#sweep = sweep.progress;
        return false;
      }
      if (end !== 'reached-the-end') {
        sweep.startAnew();
        continue;
      }
      const after = (await countOf(this.#reader, objectSchemaId)) ?? 0;
      const missing = Math.min(this.#countedBefore ?? 0, after) - this.typeOf.size;
      this.#shortfall = Math.max(0, Math.min(this.#shortfall ?? Number.POSITIVE_INFINITY, missing));
      // Offsets may end before the count does: the next sweep goes by ranges.
      if (this.#shortfall === 0 || isDescending || sweep.number >= mostSweeps) break;
      sweep.startAnew(after);
    }
    this.#ended += 1;
    this.#sweep = null;
    this.#countedBefore = null;
    return true;
  }

  /**
   * Whether it is the pages that are at fault, and no role: from the other end they have shown about as many objects again, because
   * offsets end before the count does; or one of the objects that the site counts and does not show is there when it is asked for by
   * its id. False also where nothing leads to one.
   */
  async hidesNothing(): Promise<boolean> {
    const listed = this.typeOf.size - this.#foundElsewhere;
    if (this.#slipped * 2 > listed - this.#slipped) return true;
    const id = await unshownObject(this.#reader, this.#id, this.typeOf.keys());
    return id !== undefined && (await this.#reader.object(id)) !== undefined;
  }

  #take(object: ApiRecord): void {
    const { objectType, created } = object;
    if (Date.parse(textOf(created) ?? '') > this.#since) this.young.add(idOf(object));
    if (this.#ended > 0 && !this.typeOf.has(idOf(object)) && !this.young.has(idOf(object))) this.#slipped += 1;
    this.typeOf.set(idOf(object), (isRecord(objectType) && mentionedId(objectType, 'id')) || '');
  }

  #waitForSearch(): Promise<void> {
    const { clock, searchLagMilliseconds: milliseconds } = this.#services;
    const what = 'for the search to show what the site counts';
    return sayWaiting(this.#services, { what, milliseconds }, () => clock.sleep(milliseconds));
  }
}
