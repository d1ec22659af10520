import { counted, readableCount } from '../counted.ts';
import { mentionedId, type ObjectId, type ObjectTypeId } from '../model/ids.ts';
import { isRecord } from '../model/json.ts';
import type { Notice } from '../model/outcome.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { mostSweeps, PageSweep, type SweepProgress } from '../reading/page-sweep.ts';
import { Deadline } from '../runs/deadline.ts';
import { sideBySide } from '../side-by-side.ts';
import type { GapCollector } from './gaps.ts';
import type { Entry, ShardWriter } from './shard-writer.ts';
import type { TypeToExport } from './work-files.ts';

const singlesInFlight = 16;

export interface SweepOutcome {
  /** Objects of the type, as the site counts them; null where it could not say. */
  readonly expected: number | null;
  readonly notices: readonly Notice[];
}

/**
 * Reads all objects of one type for a backup, sweep after sweep until one is the truth. Objects that only earlier sweeps saw
 * are asked for by themselves.
 */
export class TypeSweep {
  readonly #services: Services;
  readonly #reader: AssetsReader;
  readonly #type: TypeToExport;
  readonly #writer: ShardWriter;
  readonly #gaps: GapCollector;
  readonly #place: { readonly schemaKey: string; readonly objectTypeId: string };
  readonly #sweep: PageSweep<Entry>;
  readonly #deadline: Deadline;
  /** Objects that the site found for this type, and yet say that they are of another. */
  readonly #foreign = new Set<string>();

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
    const objectTypeId = type.id as ObjectTypeId;
    this.#sweep = new PageSweep<Entry>(
      reader,
      { objectTypeId },
      {
        from: earlier,
        expected: type.objectCount,
        make: (object, besides) => writer.entryOf(object, besides),
      },
    );
    this.#deadline = new Deadline(services);
  }

  get progress(): SweepProgress {
    return this.#sweep.progress;
  }

  /** Throws what the site's refusals throw; objects read until then are with the writer. */
  async run(): Promise<SweepOutcome | 'out-of-time'> {
    const sweep = this.#sweep;
    for (;;) {
      const end = await sweep.run({
        take: (entry) => this.#take(entry),
        leave: (id, reason) =>
          this.#gaps.add({ kind: 'objects', what: `object ${id}`, objectId: id, ...this.#place }, reason),
        afterPage: async () => {
          if (this.#writer.isFull()) await this.#writer.flush();
        },
        mayGoOn: () => this.#deadline.mayBegin(),
      });
      if (end === 'out-of-time') return end;
      const count = end === 'reached-the-end' ? await this.#count() : undefined;
      const isSettled = count === null || (count !== undefined && sweep.isSettled(count));
      if (isSettled || sweep.number >= mostSweeps) return this.#reconcile(count);
      this.#services.reporter.event('info', 'export.restarted-sweep', { ...this.#place, sweep: sweep.number, end });
      sweep.startAnew(count ?? undefined);
    }
  }

  #take(entry: Entry): void {
    if (entry.isForeign) this.#foreign.add(entry.id);
    this.#writer.take(entry);
  }

  async #count(): Promise<number | null> {
    const what = `number of objects of ${this.#type.name}, so that nobody knows whether all were read`;
    const objectTypeId = this.#type.id as ObjectTypeId;
    const count = await this.#gaps.try({ kind: 'counts', what, ...this.#place }, () =>
      this.#reader.countObjects({ objectTypeId }),
    );
    return count ?? null;
  }

  /** Asks for each object that the last sweep did not see, and says how what was read compares with the site's count. */
  async #reconcile(count: number | null | undefined): Promise<SweepOutcome> {
    const gone: string[] = [];
    const moved: string[] = [];
    let alive = this.#sweep.seenNow();
    await sideBySide(this.#sweep.doubtful(), singlesInFlight, async (id) => {
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
      ...this.#notice('vanished-while-reading', ['was deleted', 'were deleted'], gone),
      ...this.#notice('moved-while-reading', ["became another type's"], [...new Set([...moved, ...this.#foreign])]),
    ];
    // The site went on changing while objects were asked for one by one: only a count of now can be compared.
    const expected = count === null || count === alive ? count : await this.#count();
    // Where it counts more, "Reconcile objects" lists the whole schema again.
    if (expected !== null && alive > expected) {
      const message = `The site counts ${counted(expected, 'object')} of ${this.#type.name}, but ${readableCount(alive)} were found and are stored.`;
      notices.push({ kind: 'count-differs', message, ...this.#place });
    }
    return { expected, notices };
  }

  #notice(kind: Notice['kind'], what: readonly [one: string, many?: string], objectIds: readonly string[]): Notice[] {
    if (objectIds.length === 0) return [];
    const [one, many = one] = what;
    const ofType = `of ${this.#type.name}`;
    const message = `${counted(objectIds.length, `object ${ofType} ${one} and is`, `objects ${ofType} ${many} and are`)} stored as read before.`;
    return [{ kind, message, objectIds, ...this.#place }];
  }
}
