import { counted, readableCount } from '../counted.ts';
import { ExcessiveAnswerError, isOfOneRead, RequestRefusedError } from '../errors.ts';
import { idOf, type ObjectSchemaId, type ObjectTypeId } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { AssetsReader, MakeOfObject, ObjectPage, ObjectPageQuery, OnPage } from '../ports/assets-reader.ts';
import { allRanges, halvesOf, type RangesProgress } from './id-ranges.ts';
import { PagesAhead, type WantedPage } from './pages-ahead.ts';
import { SeenObjects } from './seen-objects.ts';

/** Objects a page: "hundreds", and far from 1,000, where `isLast` was seen to be wrong (JSDCLOUD-16556). */
export const pageSize = 400;

/** Full pages of so many objects; each but the first begins on an object that the one before has too. */
export const pagesOf = (objects: number) => Math.max(1, Math.ceil((objects - 1) / (pageSize - 1)));

/**
 * The last sweep does not start anew at a shift, which on a site that never rests would go on for ever: its pages overlap
 * by so many objects instead, and what slipped through has to be asked for by itself.
 */
export const mostSweeps = 4;
const overlapOfLastSweep = 100;
/** After so many pages of a sweep the site is asked how many objects there are. */
const pagesUntilCounted = 250;
/** Of so many ranges fewer objects came than the site counts, and none that is new: what it counts is hidden, not out of reach. */
const mostShortRanges = 3;

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
  /** Where the sweep goes by ranges of ids. */
  ranges?: RangesProgress;
  /** Whether a page behind the first one was refused. */
  isCutOff?: boolean;
  /** Whether the site does not take ranges, or they show nothing more. */
  isWithoutRanges?: boolean;
}

/** How far the reading of a type has come; as JSON it goes from one invocation to the next. */
export interface SweepProgress {
  readonly position: Readonly<Position>;
  /** Each object read, and the last sweep that saw it; 0 for one that is known from elsewhere. */
  readonly seen: readonly (readonly [id: string, sweep: number])[];
}

/** Before the first page. */
export const beginning: SweepProgress = { position: start(1), seen: [] };

export interface SweepCallbacks<T extends OnPage = ApiRecord> {
  /** Called for each object of a page that this sweep has not seen. `isNew`: no sweep before has either. */
  take(object: T, isNew: boolean): void;
  /** Called once for each object that is beyond all bounds; without it the reading ends there. */
  leave?(id: string, reason: ExcessiveAnswerError): void;
  /** Between two pages: what was taken may be put away. */
  afterPage?(): Promise<void>;
  /** False ends the reading before the next page that is not under way. */
  mayGoOn(): boolean;
}

/** Which objects, and in what order. */
export type SweptObjects = ({ readonly objectTypeId: ObjectTypeId } | { readonly objectSchemaId: ObjectSchemaId }) &
  Pick<ObjectPageQuery, 'withValues' | 'isDescending'>;

interface SweepOptions<T extends OnPage> {
  readonly from?: SweepProgress | null | undefined;
  /**
   * How many objects there are, as far as anybody knows. It says how many pages are asked for at once and no more than that: too many cost
   * requests for nothing, too few only time.
   */
  readonly expected?: number | null | undefined;
  /** What is taken in the place of each object, made of it as soon as it is read. @default the object */
  readonly make?: MakeOfObject<T>;
}

export type SweepEnd = 'reached-the-end' | 'shifted' | 'cut-off' | 'out-of-time';

/**
 * Reads all objects of one type, or of a schema, from pages that have no snapshot behind them: offsets slide when an object before them
 * appears or vanishes. So each page begins on the last object of the page before; if another object stands there, the
 * sweep has to start anew. A sweep without such a shift whose objects are as many as the site counts is the truth.
 *
 * Offsets may end before the site's count does (one public report: at 1,000). The sweep after one that came out short goes by
 * ranges of ids, each with no more objects than offsets have reached.
 */
export class PageSweep<T extends OnPage = ApiRecord> {
  readonly #reader: AssetsReader;
  readonly #of: SweptObjects;
  readonly #make: MakeOfObject<T> | undefined;
  readonly #seen: SeenObjects;
  #expected: number;
  #at: Position;

  constructor(reader: AssetsReader, of: SweptObjects, { from, expected, make }: SweepOptions<T> = {}) {
    const { position, seen } = from ?? beginning;
    this.#reader = reader;
    this.#of = of;
    this.#make = make;
    this.#expected = expected ?? 0;
    this.#seen = new SeenObjects(seen);
    this.#at = structuredClone(position);
  }

  get progress(): SweepProgress {
    return { position: structuredClone(this.#at), seen: [...this.#seen] };
  }

  /** Ids of all objects that any sweep has seen. */
  get ids(): string[] {
    return [...this.#seen.ids()];
  }

  /** The number of this sweep, from 1. */
  get number(): number {
    return this.#at.sweep;
  }

  /** @param counted what the site counts by now, where the sweep came to its end */
  startAnew(counted?: number): void {
    const { sweep, ranges, isCutOff, isWithoutRanges } = this.#at;
    this.#at = start(sweep + 1);
    if (isWithoutRanges) this.#at.isWithoutRanges = true;
    const seen = this.#seen.countOf(sweep);
    if (counted !== undefined) this.#expected = seen;
    const isShort = isCutOff || (counted !== undefined && seen < counted);
    const reach = ranges ? Math.ceil(isShort ? ranges.reach / 2 : ranges.reach) : seen;
    let highest = 0;
    for (const [id, lastSweep] of this.#seen) {
      if (lastSweep === sweep) highest = Math.max(highest, /^\d+$/.test(id) ? Number(id) : Number.NaN);
    }
    const mayBeBeyond = !isWithoutRanges && (isShort || ranges);
    if (mayBeBeyond && reach > 0 && Number.isSafeInteger(highest)) this.#at.ranges = allRanges(reach, highest);
  }

  /** Reads to the end of this sweep. Throws what the site's refusals throw. */
  async run(callbacks: SweepCallbacks<T>): Promise<SweepEnd> {
    const { ranges } = this.#at;
    const ahead = new PagesAhead<T>();
    try {
      return await (ranges ? this.#readRanges(ranges, ahead, callbacks) : this.#readPages(ahead, callbacks));
    } catch (error) {
      if (!ranges || !(error instanceof RequestRefusedError)) throw error;
      return this.#goOnWithoutRanges();
    } finally {
      await ahead.end();
    }
  }

  /** The next sweep goes by offsets again, as far as they reach. */
  #goOnWithoutRanges(): SweepEnd {
    this.#at.isWithoutRanges = true;
    return 'shifted';
  }

  async #readRanges(ranges: RangesProgress, ahead: PagesAhead<T>, callbacks: SweepCallbacks<T>): Promise<SweepEnd> {
    for (;;) {
      if (ranges.reading) {
        const end = await this.#readPages(ahead, callbacks);
        if (end !== 'reached-the-end') return end;
        if (ranges.reading.read < ranges.reading.count) ranges.short += 1;
        delete ranges.reading;
        if (ranges.short >= mostShortRanges && this.#at.newcomers === 0) return this.#goOnWithoutRanges();
      }
      const range = ranges.ahead.at(-1);
      if (!range) return 'reached-the-end';
      if (!callbacks.mayGoOn()) return 'out-of-time';
      const count = await this.#reader.countObjects({ ...this.#of, ids: range });
      ranges.ahead.pop();
      if (count > ranges.reach) {
        const halves = halvesOf(range, ranges.highest);
        if (!halves) return this.#goOnWithoutRanges();
        ranges.ahead.push(halves[1], halves[0]);
      } else if (count > 0) {
        ranges.reading = { range, count, read: 0 };
        Object.assign(this.#at, { startAt: 0, inLastPage: 0 });
        delete this.#at.last;
      }
    }
  }

  /** Reads the pages of the type, or of the range that is being read. */
  async #readPages(ahead: PagesAhead<T>, callbacks: SweepCallbacks<T>): Promise<SweepEnd> {
    const { afterPage, mayGoOn } = callbacks;
    const at = this.#at;
    const reading = at.ranges?.reading;
    const isLastSweep = at.sweep === mostSweeps;
    // Never all that a page has, or the next one would begin where it begins.
    const overlapAfter = (size: number) =>
      isLastSweep ? Math.max(0, Math.min(overlapOfLastSweep, Math.floor((size - 1) / 2))) : 0;
    const ask = (startAt: number) =>
      this.#reader.objects<T>(
        { ...this.#of, startAt, maxResults: pageSize, ...(reading && { ids: reading.range }) },
        this.#make,
      );
    const next = (startAt: number, size: number) => startAt + size - 1 - overlapAfter(size);
    const expected = reading?.count ?? this.#expected;
    for (;;) {
      const startAt = at.startAt - overlapAfter(at.inLastPage);
      const wanted = { startAt, sizeBefore: at.inLastPage, next, expected, ask, mayGoOn };
      const page = await this.#readPage(ahead, wanted, callbacks);
      if (typeof page === 'string') return page;
      await afterPage?.();
      at.pages += 1;
      if (at.pages % pagesUntilCounted === 0) await this.#checkEnd();
      if (page.fresh === 0) return 'reached-the-end';
      // Once a sweep has come out wrong, `isLast` is not believed any more: only a page with nothing new is the end. The
      // last sweep has to believe it, or objects that keep appearing would draw it out for ever.
      if (page.isLast === true && (at.sweep === 1 || isLastSweep)) return 'reached-the-end';
      // Of a range the site has said how many there are; a page beyond them may be refused.
      if (reading && reading.read >= reading.count) return 'reached-the-end';
      at.startAt = startAt + page.size - 1;
      at.inLastPage = page.size;
    }
  }

  /** Throws where the pages have brought far more than the site counts: they will never end. */
  async #checkEnd(): Promise<void> {
    const count = await this.#reader.countObjects(this.#of);
    if (this.seenNow() <= 2 * count + pageSize) return;
    const sentence = `The site counts ${counted(count, 'object')}, and its pages have brought ${readableCount(this.seenNow())} without an end.`;
    throw new ExcessiveAnswerError(sentence);
  }

  /** A page behind the first one that the site does not give may be one that offsets do not reach. */
  async #readPage(ahead: PagesAhead<T>, wanted: WantedPage<T>, callbacks: SweepCallbacks<T>) {
    try {
      const page = await ahead.take(wanted);
      return page ? this.#takePage(page, callbacks) : 'out-of-time';
    } catch (error) {
      const { sweep, isWithoutRanges } = this.#at;
      if (wanted.startAt === 0 || sweep >= mostSweeps || isWithoutRanges || !isOfOneRead(error)) throw error;
      this.#at.isCutOff = true;
      return 'cut-off';
    }
  }

  /** A method of its own, so that a page does not stay in memory while what was taken is put away. */
  #takePage(page: ObjectPage<T>, { take, leave }: SweepCallbacks<T>) {
    const { objects, isLast, unreadable } = page;
    const { last, sweep } = this.#at;
    const [first] = objects;
    const isShifted = last !== undefined && (first === undefined || idOf(first) !== last);
    if (isShifted && sweep < mostSweeps) {
      if (first) return 'shifted';
      // Nothing at all where at least the last object has to be: offsets may end here.
      this.#at.isCutOff = true;
      return 'cut-off';
    }
    const fresh = objects.filter((object) => this.#seen.sweepOf(idOf(object)) !== sweep);
    for (const object of fresh) {
      const id = idOf(object);
      const isNew = this.#seen.sweepOf(id) === undefined;
      if (isNew) this.#at.newcomers += 1;
      // Ids that are not numbers have no order that we know of.
      if (this.#at.last !== undefined && !(Number(id) > Number(this.#at.last))) this.#at.isInIdOrder = false;
      this.#seen.set(id, sweep);
      this.#at.last = id;
      const reason = unreadable?.get(id);
      if (!reason) take(object, isNew);
      else if (!leave) throw reason;
      else if (isNew) leave(id, reason);
    }
    const reading = this.#at.ranges?.reading;
    if (reading) reading.read += fresh.length;
    return { fresh: fresh.length, isLast, size: objects.length };
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
    return this.#seen.countOf(this.#at.sweep);
  }

  /** Objects that only earlier sweeps have seen. */
  doubtful(): string[] {
    return [...this.#seen].filter(([, sweep]) => sweep !== this.#at.sweep).map(([id]) => id);
  }
}

function start(sweep: number): Position {
  return { sweep, startAt: 0, pages: 0, inLastPage: 0, isInIdOrder: true, newcomers: 0 };
}
