import { ExcessiveAnswerError } from '../errors.ts';
import { idOf, type ObjectTypeId } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { AssetsReader, ObjectPage } from '../ports/assets-reader.ts';

/** Objects a page: "hundreds", and far from 1,000, where `isLast` was seen to be wrong (JSDCLOUD-16556). */
export const pageSize = 400;
/**
 * The last sweep does not start anew at a shift, which on a site that never rests would go on for ever: its pages overlap
 * by so many objects instead, and what slipped through has to be asked for by itself.
 */
export const mostSweeps = 4;
const overlapOfLastSweep = 100;
/** After so many pages of a sweep the site is asked how many objects there are. */
const pagesUntilCounted = 250;

/** Where a sweep stands. */
interface Position {
  readonly sweep: number;
  startAt: number;
  /** The object on which the next page has to begin. */
  last?: string;
  pages: number;
  /** Objects that the last page had. */
  inLastPage: number;
  /** Whether the objects came in the order of their ids, so that a new object can only come last. */
  isInIdOrder: boolean;
  /** Objects that no sweep before this one saw. */
  newcomers: number;
}

/** How far the reading of a type has come; as JSON it goes from one invocation to the next. */
export interface SweepProgress {
  readonly position: Readonly<Position>;
  /** Each object read, and the last sweep that saw it; 0 for one that is known from elsewhere. */
  readonly seen: readonly (readonly [id: string, sweep: number])[];
}

/** Before the first page. */
export const beginning: SweepProgress = { position: start(1), seen: [] };

export interface SweepCallbacks {
  /** Called for each object of a page that this sweep has not seen. `isNew`: no sweep before has either. */
  take(object: ApiRecord, attributes: readonly ApiRecord[], isNew: boolean): void;
  /** Called once for each object that is beyond all bounds; without it the reading ends there. */
  leave?(id: string, reason: ExcessiveAnswerError): void;
  /** Between two pages: what was taken may be put away. */
  afterPage?(): Promise<void>;
  /** False ends the reading before the next page. */
  mayGoOn(): boolean;
}

export type SweepEnd = 'reached-the-end' | 'shifted' | 'out-of-time';

/**
 * Reads all objects of one type from pages that have no snapshot behind them: offsets slide when an object before them
 * appears or vanishes. So each page begins on the last object of the page before; if another object stands there, the
 * sweep has to start anew. A sweep without such a shift whose objects are as many as the site counts is the truth.
 */
export class PageSweep {
  readonly #reader: AssetsReader;
  readonly #objectTypeId: ObjectTypeId;
  readonly #seen: Map<string, number>;
  #at: Position;

  constructor(reader: AssetsReader, objectTypeId: ObjectTypeId, { position, seen }: SweepProgress = beginning) {
    this.#reader = reader;
    this.#objectTypeId = objectTypeId;
    this.#seen = new Map(seen);
    this.#at = { ...position };
  }

  get progress(): SweepProgress {
    return { position: { ...this.#at }, seen: [...this.#seen] };
  }

  /** Ids of all objects that any sweep has seen. */
  get ids(): string[] {
    return [...this.#seen.keys()];
  }

  /** The number of this sweep, from 1. */
  get number(): number {
    return this.#at.sweep;
  }

  startAnew(): void {
    this.#at = start(this.#at.sweep + 1);
  }

  /** Reads to the end of this sweep. Throws what the site's refusals throw. */
  async run(callbacks: SweepCallbacks): Promise<SweepEnd> {
    const { afterPage, mayGoOn } = callbacks;
    const at = this.#at;
    const isLastSweep = at.sweep === mostSweeps;
    for (;;) {
      if (!mayGoOn()) return 'out-of-time';
      const overlap = isLastSweep ? Math.min(overlapOfLastSweep, Math.floor(at.inLastPage / 2)) : 0;
      const startAt = Math.max(0, at.startAt - overlap);
      const query = { objectTypeId: this.#objectTypeId, startAt, maxResults: pageSize };
      const page = this.#takePage(await this.#reader.objects(query), callbacks);
      if (page === 'shifted') return page;
      await afterPage?.();
      at.pages += 1;
      if (at.pages % pagesUntilCounted === 0) await this.#checkEnd();
      if (page.fresh === 0) return 'reached-the-end';
      // Once a sweep has come out wrong, `isLast` is not believed any more: only a page with nothing new is the end. The
      // last sweep has to believe it, or objects that keep appearing would draw it out for ever.
      if (page.isLast === true && (at.sweep === 1 || isLastSweep)) return 'reached-the-end';
      at.startAt = startAt + page.size - 1;
      at.inLastPage = page.size;
    }
  }

  /** Throws where the pages have brought far more than the site counts: they will never end. */
  async #checkEnd(): Promise<void> {
    const objectTypeId = this.#objectTypeId;
    const count = await this.#reader.countObjects({ objectTypeId });
    if (this.seenNow() <= 2 * count + pageSize) return;
    const sentence = `The site counts ${count} objects of type ${objectTypeId}, and its pages have brought ${this.seenNow()} without an end.`;
    throw new ExcessiveAnswerError(sentence);
  }

  /** A method of its own, so that a page does not stay in memory while what was taken is put away. */
  #takePage({ objects, attributes, isLast, unreadable }: ObjectPage, { take, leave }: SweepCallbacks) {
    const { last, sweep } = this.#at;
    const [first] = objects;
    const isShifted = last !== undefined && (first === undefined || idOf(first) !== last);
    if (isShifted && sweep < mostSweeps) return 'shifted';
    const fresh = objects.filter((object) => this.#seen.get(idOf(object)) !== sweep);
    for (const object of fresh) {
      const id = idOf(object);
      const isNew = !this.#seen.has(id);
      if (isNew) this.#at.newcomers += 1;
      // Ids that are not numbers have no order that we know of.
      if (this.#at.last !== undefined && !(Number(id) > Number(this.#at.last))) this.#at.isInIdOrder = false;
      this.#seen.set(id, sweep);
      this.#at.last = id;
      const reason = unreadable?.get(id);
      if (!reason) take(object, attributes, isNew);
      else if (!leave) throw reason;
      else if (isNew) leave(id, reason);
    }
    return { fresh: fresh.length, isLast, size: objects.length };
  }

  /** Objects that are known from elsewhere; gives those that no page has shown. */
  adopt(ids: readonly string[]): string[] {
    const unknown = ids.filter((id) => !this.#seen.has(id));
    for (const id of unknown) this.#seen.set(id, 0);
    return unknown;
  }

  /**
   * The count must agree. That is proof where the type came in one page, or in the order of ids: then an object that
   * appears behind one that vanishes shifts the pages. In any other order it may have slipped into a page already read,
   * so a second sweep has to see nothing new.
   */
  isSettled(expected: number): boolean {
    const { sweep, pages, isInIdOrder, newcomers } = this.#at;
    return this.seenNow() === expected && (pages === 1 || isInIdOrder || (sweep > 1 && newcomers === 0));
  }

  /** Objects that this sweep has seen. */
  seenNow(): number {
    let count = 0;
    for (const sweep of this.#seen.values()) if (sweep === this.#at.sweep) count += 1;
    return count;
  }

  /** Objects that only earlier sweeps have seen. */
  doubtful(): string[] {
    return [...this.#seen].filter(([, sweep]) => sweep !== this.#at.sweep).map(([id]) => id);
  }
}

function start(sweep: number): Position {
  return { sweep, startAt: 0, pages: 0, inLastPage: 0, isInIdOrder: true, newcomers: 0 };
}
