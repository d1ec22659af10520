import { UnexpectedAnswerError } from '../errors.ts';
import { idOf, mentionedId, type ObjectId, type ObjectTypeId } from '../model/ids.ts';
import { type ApiRecord, isRecord } from '../model/json.ts';
import type { Notice } from '../model/outcome.ts';
import type { AssetsReader, ObjectPage } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { isTimeShort } from '../runs/time-left.ts';
import { sideBySide } from '../side-by-side.ts';
import type { GapCollector } from './gaps.ts';
import type { ShardWriter } from './shard-writer.ts';
import type { TypeToExport } from './work-files.ts';

/** Objects a page: "hundreds", and far from 1,000, where `isLast` was seen to be wrong (JSDCLOUD-16556). */
export const pageSize = 400;
/**
 * The last sweep does not start anew at a shift, which on a site that never rests would go on for ever: its pages overlap
 * by so many objects instead, and what slipped through is found out by the count and asked for by itself.
 */
const mostSweeps = 4;
const overlapOfLastSweep = 100;
const singlesInFlight = 16;

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

const start = (sweep: number): Position => ({
  sweep,
  startAt: 0,
  pages: 0,
  inLastPage: 0,
  isInIdOrder: true,
  newcomers: 0,
});

export interface SweepProgress {
  readonly position: Position;
  /** Each object read, and the last sweep that saw it; 0 for one found in a shard of an earlier try. */
  readonly seen: readonly (readonly [string, number])[];
}

export interface SweepOutcome {
  /** Objects of the type, as the site counts them; null where it could not say. */
  readonly expected: number | null;
  readonly notices: readonly Notice[];
}

/**
 * Reads all objects of one type from pages that have no snapshot behind them: offsets slide when an object before them
 * appears or vanishes. So each page begins on the last object of the page before; if another object stands there, the
 * sweep starts anew. A sweep without such a shift whose objects are as many as the site counts is the truth; objects
 * that only earlier sweeps saw are asked for by themselves.
 */
export class TypeSweep {
  readonly #services: Services;
  readonly #reader: AssetsReader;
  readonly #type: TypeToExport;
  readonly #writer: ShardWriter;
  readonly #gaps: GapCollector;
  readonly #place: { readonly schemaKey: string; readonly objectTypeId: string };
  readonly #seen: Map<string, number>;
  /** Objects that the site found for this type, and yet say that they are of another. */
  readonly #foreign = new Set<string>();
  #at: Position;
  /** Whether this invocation has read a page: each reads one at least. */
  #hasRead = false;

  constructor(
    services: Services,
    {
      reader,
      type,
      writer,
      gaps,
    }: { reader: AssetsReader; type: TypeToExport; writer: ShardWriter; gaps: GapCollector },
    earlier?: SweepProgress,
  ) {
    this.#services = services;
    this.#reader = reader;
    this.#type = type;
    this.#writer = writer;
    this.#gaps = gaps;
    this.#place = { schemaKey: type.schema.key, objectTypeId: type.id };
    this.#seen = new Map(earlier?.seen);
    this.#at = earlier?.position ?? start(1);
  }

  progress(): SweepProgress {
    return { position: this.#at, seen: [...this.#seen] };
  }

  /** Throws what the site's refusals throw; objects read until then are with the writer. */
  async run(): Promise<SweepOutcome | 'out-of-time'> {
    for (;;) {
      const end = await this.#sweepPages();
      if (end === 'out-of-time') return end;
      const counted = end === 'reached-the-end' ? await this.#count() : undefined;
      const isSettled = counted === null || (counted !== undefined && this.#isSettled(counted));
      if (isSettled || this.#at.sweep >= mostSweeps) return this.#reconcile(counted);
      this.#services.reporter.event('info', 'export.restarted-sweep', { ...this.#place, sweep: this.#at.sweep, end });
      this.#at = start(this.#at.sweep + 1);
    }
  }

  async #sweepPages(): Promise<'reached-the-end' | 'shifted' | 'out-of-time'> {
    const at = this.#at;
    const isLastSweep = at.sweep === mostSweeps;
    const objectTypeId = this.#type.id as ObjectTypeId;
    for (;;) {
      if (this.#hasRead && isTimeShort(this.#services)) return 'out-of-time';
      this.#hasRead = true;
      const overlap = isLastSweep ? Math.min(overlapOfLastSweep, Math.floor(at.inLastPage / 2)) : 0;
      const startAt = Math.max(0, at.startAt - overlap);
      const page = this.#takePage(await this.#reader.objects({ objectTypeId, startAt, maxResults: pageSize }));
      if (page === 'shifted') return page;
      if (this.#writer.isFull()) this.adopt(await this.#writer.flush());
      at.pages += 1;
      if (page.fresh === 0) return 'reached-the-end';
      // Once a sweep has come out wrong, `isLast` is not believed any more: only a page with nothing new is the end. The
      // last sweep has to believe it, or objects that keep appearing would draw it out for ever.
      if (page.isLast === true && (at.sweep === 1 || isLastSweep)) return 'reached-the-end';
      at.startAt = startAt + page.size - 1;
      at.inLastPage = page.size;
    }
  }

  /** A method of its own, so that a page does not stay in memory while its shard is stored and the next one is read. */
  #takePage({ objects, attributes, isLast }: ObjectPage) {
    const { last, sweep } = this.#at;
    const [first] = objects;
    const isShifted = last !== undefined && (first === undefined || idOf(first) !== last);
    if (isShifted && sweep < mostSweeps) return 'shifted';
    const fresh = objects.filter((object) => this.#seen.get(idOf(object)) !== sweep);
    for (const object of fresh) this.#take(object, attributes);
    return { fresh: fresh.length, isLast, size: objects.length };
  }

  #take(object: ApiRecord, attributes: readonly ApiRecord[]): void {
    const id = idOf(object);
    if (!this.#seen.has(id)) this.#at.newcomers += 1;
    // Ids that are not numbers have no order that we know of.
    if (this.#at.last !== undefined && !(Number(id) > Number(this.#at.last))) this.#at.isInIdOrder = false;
    const { objectType } = object;
    if (isRecord(objectType) && mentionedId(objectType, 'id') !== this.#type.id) this.#foreign.add(id);
    this.#seen.set(id, this.#at.sweep);
    this.#writer.add(object, attributes);
    this.#at.last = id;
  }

  /** Objects that an earlier try of this step had stored. */
  adopt(ids: readonly string[]): string[] {
    const unknown = ids.filter((id) => !this.#seen.has(id));
    for (const id of unknown) this.#seen.set(id, 0);
    return unknown;
  }

  async #count(): Promise<number | null> {
    const what = `number of objects of ${this.#type.name}, so that nobody knows whether all were read`;
    const objectTypeId = this.#type.id as ObjectTypeId;
    const count = await this.#gaps.try({ kind: 'counts', what, ...this.#place }, () =>
      this.#reader.countObjects({ objectTypeId }),
    );
    return count ?? null;
  }

  /**
   * The count must agree. That is proof where the type came in one page, or in the order of ids: then an object that
   * appears behind one that vanishes shifts the pages. In any other order it may have slipped into a page already read,
   * so a second sweep has to see nothing new.
   */
  #isSettled(expected: number): boolean {
    const { sweep, pages, isInIdOrder, newcomers } = this.#at;
    return this.#seenNow() === expected && (pages === 1 || isInIdOrder || (sweep > 1 && newcomers === 0));
  }

  #seenNow(): number {
    let count = 0;
    for (const sweep of this.#seen.values()) if (sweep === this.#at.sweep) count += 1;
    return count;
  }

  /** Asks for each object that the last sweep did not see, and says how what was read compares with the site's count. */
  async #reconcile(counted: number | null | undefined): Promise<SweepOutcome> {
    const doubtful = [...this.#seen].filter(([, sweep]) => sweep !== this.#at.sweep).map(([id]) => id);
    const gone: string[] = [];
    const moved: string[] = [];
    let alive = this.#seenNow();
    await sideBySide(doubtful, singlesInFlight, async (id) => {
      const place = { kind: 'objects', what: `object ${id}`, objectId: id, ...this.#place } as const;
      const answer = await this.#gaps.try(place, async () => ({ object: await this.#reader.object(id as ObjectId) }));
      if (!answer) return;
      const objectType = answer.object?.objectType;
      if (answer.object && (!isRecord(objectType) || mentionedId(objectType, 'id') === this.#type.id)) alive += 1;
      // One that moved may have slipped past the other type's pages as well, so it stays where it was found.
      else if (answer.object) moved.push(id);
      else if (!this.#writer.drop(id)) gone.push(id);
    });
    const notices = [
      ...this.#notice('vanished-while-reading', 'were deleted', gone),
      ...this.#notice('moved-while-reading', "became another type's", [...new Set([...moved, ...this.#foreign])]),
    ];
    // The site went on changing while objects were asked for one by one: only a count of now can be compared.
    const expected = counted === null || counted === alive ? counted : await this.#count();
    if (expected !== null && alive < expected) {
      const what = `${expected - alive} objects of ${this.#type.name}`;
      const sentence = `The site counts ${expected}, but only ${alive} could be found in ${this.#at.sweep} sweeps.`;
      this.#gaps.add({ kind: 'objects', what, ...this.#place }, new UnexpectedAnswerError(sentence));
    } else if (expected !== null && alive > expected) {
      const message = `The site counts ${expected} objects of ${this.#type.name}, but ${alive} were found and are stored.`;
      notices.push({ kind: 'count-differs', message, ...this.#place });
    }
    return { expected, notices };
  }

  #notice(kind: Notice['kind'], what: string, objectIds: readonly string[]): Notice[] {
    if (objectIds.length === 0) return [];
    const message = `${objectIds.length} objects of ${this.#type.name} ${what} while they were read; they are stored as they were.`;
    return [{ kind, message, objectIds, ...this.#place }];
  }
}
