import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SiteUnavailableError } from '../../../core/errors.ts';
import type { ObjectTypeId } from '../../../core/model/ids.ts';
import type { ApiRecord } from '../../../core/model/json.ts';
import type { AssetsReader, ObjectPage, ObjectPageQuery, ObjectScope } from '../../../core/ports/assets-reader.ts';
import { mostSweeps, PageSweep, type SweepEnd, type SweepProgress } from '../../../core/reading/page-sweep.ts';

const objectTypeId = '1' as ObjectTypeId;

interface PretendForm {
  /** How many objects a page has at most. */
  readonly cap: number;
  readonly saysLast: boolean;
  readonly order: 'numeric' | 'text';
  readonly bytesEach: number;
}

/** One type of a site; each page and each count is of the moment in which it is answered. */
class PretendType {
  readonly ids = new Set<number>();
  readonly asked: ObjectPageQuery[] = [];
  readonly counts: ObjectScope[] = [];
  underWay = 0;
  mostUnderWay = 0;
  #next: number;
  readonly #form: PretendForm;
  /** Waits for its turn among all that is under way. */
  readonly #turn: () => Promise<void>;
  /** Before each answer, with its number. */
  onAnswer: (number: number, query: ObjectPageQuery) => void = () => undefined;
  #answered = 0;

  constructor(count: number, form: PretendForm, turn: () => Promise<void> = async () => undefined) {
    for (let number = 1; number <= count; number += 1) this.ids.add(2 * number);
    this.#next = 2 * count + 2;
    this.#form = form;
    this.#turn = turn;
  }

  get inOrder(): number[] {
    return [...this.ids].sort((a, b) => (this.#form.order === 'text' ? (`${a}` < `${b}` ? -1 : 1) : a - b));
  }

  create(): void {
    this.ids.add(this.#next);
    this.#next += 2;
  }

  get reader(): AssetsReader {
    const reader: Pick<AssetsReader, 'objects' | 'countObjects'> = {
      objects: (query) => this.#page(query) as never,
      countObjects: async (scope) => {
        this.counts.push(scope);
        return this.#inScope(scope).length;
      },
    };
    return reader as AssetsReader;
  }

  #inScope(scope: ObjectScope): number[] {
    const { from, to = Number.POSITIVE_INFINITY } = ('ids' in scope && scope.ids) || { from: 0 };
    return this.inOrder.filter((id) => id >= from && id <= to);
  }

  async #page(query: ObjectPageQuery): Promise<ObjectPage> {
    this.asked.push(query);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      await this.#turn();
      this.onAnswer(this.#answered++, query);
      const { cap, saysLast, bytesEach } = this.#form;
      const found = this.#inScope(query);
      const to = query.startAt + Math.min(query.maxResults, cap);
      const objects = found.slice(query.startAt, to).map((id): ApiRecord => ({ id: String(id) }));
      const isLast = saysLast ? to >= found.length : undefined;
      return { objects, attributes: [], isLast, bytes: bytesEach * objects.length };
    } finally {
      this.underWay -= 1;
    }
  }
}

interface Read {
  readonly end: SweepEnd;
  readonly taken: string[];
  readonly sweep: PageSweep;
}

/** One sweep to its end, handed back after so many pages each time. */
async function sweepOnce(
  { reader }: PretendType,
  {
    expected,
    pagesEach = Number.POSITIVE_INFINITY,
    from,
  }: { expected: number; pagesEach?: number; from?: SweepProgress },
): Promise<Read> {
  const taken: string[] = [];
  let progress = from;
  for (;;) {
    let begun = 0;
    const sweep = new PageSweep(reader, { objectTypeId }, { from: progress, expected });
    const end = await sweep.run({
      take: ({ id }) => taken.push(String(id)),
      afterPage: async () => undefined,
      mayGoOn: () => {
        begun += 1;
        return begun <= pagesEach;
      },
    });
    if (end !== 'out-of-time') return { end, taken, sweep };
    progress = JSON.parse(JSON.stringify(sweep.progress)) as SweepProgress;
  }
}

const forms = fc.record({
  cap: fc.integer({ min: 2, max: 9 }),
  saysLast: fc.boolean(),
  order: fc.constantFrom('numeric' as const, 'text' as const),
  bytesEach: fc.constant(1),
});
const sizes = fc.integer({ min: 0, max: 90 });
const inSomeOrder = (scheduler: fc.Scheduler) => () => scheduler.schedule(Promise.resolve());

describe('pages that are asked for at once', () => {
  it('bring what pages one after the other bring, in their order, for the same requests', async () => {
    const property = fc.asyncProperty(fc.scheduler(), forms, sizes, async (scheduler, form, size) => {
      const plain = new PretendType(size, form);
      const one = await sweepOnce(plain, { expected: 0 });
      const type = new PretendType(size, form, inSomeOrder(scheduler));
      const several = await scheduler.waitFor(sweepOnce(type, { expected: size }));
      expect(several.taken).toEqual(plain.inOrder.map(String));
      expect([several.end, several.taken, several.sweep.progress]).toEqual([one.end, one.taken, one.sweep.progress]);
      expect(type.asked.map(({ startAt }) => startAt).sort(byNumber)).toEqual(
        plain.asked.map(({ startAt }) => startAt).sort(byNumber),
      );
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('bring the same where the number that is expected is wrong, for no more requests than twice as many', async () => {
    const property = fc.asyncProperty(fc.scheduler(), forms, sizes, sizes, async (scheduler, form, size, expected) => {
      const plain = new PretendType(size, form);
      const one = await sweepOnce(plain, { expected: 0 });
      const type = new PretendType(size, form, inSomeOrder(scheduler));
      const several = await scheduler.waitFor(sweepOnce(type, { expected }));
      expect([several.end, several.taken, several.sweep.progress]).toEqual([one.end, one.taken, one.sweep.progress]);
      expect(type.asked.length).toBeLessThanOrEqual(2 * plain.asked.length);
      expect(type.underWay).toBe(0);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('bring the same where time runs short after any number of them', async () => {
    const pages = fc.integer({ min: 1, max: 6 });
    const property = fc.asyncProperty(fc.scheduler(), forms, sizes, pages, async (scheduler, form, size, pagesEach) => {
      const plain = new PretendType(size, form);
      const one = await sweepOnce(plain, { expected: 0 });
      const type = new PretendType(size, form, inSomeOrder(scheduler));
      const several = await scheduler.waitFor(sweepOnce(type, { expected: size, pagesEach }));
      expect([several.end, several.taken, several.sweep.progress]).toEqual([one.end, one.taken, one.sweep.progress]);
      expect(type.asked.length).toBe(plain.asked.length);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('are several, and only so many as have come before', async () => {
    const type = new PretendType(400, { cap: 5, saysLast: true, order: 'numeric', bytesEach: 1 }, soon);
    await sweepOnce(type, { expected: 400 });
    expect(type.mostUnderWay).toBe(8);
    const short = new PretendType(13, { cap: 5, saysLast: true, order: 'numeric', bytesEach: 1 }, soon);
    await sweepOnce(short, { expected: 400 });
    expect(short.asked.map(({ startAt }) => startAt)).toEqual([0, 4, 8, 12, 16]);
  });

  /** The most pages under way at once, where each takes so many turns to be put away. */
  const mostUnderWay = async (megabytes: number, turns = 0) => {
    const form = { cap: 4, saysLast: true, order: 'numeric', bytesEach: (megabytes * 2 ** 20) / 4 } as const;
    const type = new PretendType(100, form, soon);
    const sweep = new PageSweep(type.reader, { objectTypeId }, { expected: 100 });
    await sweep.run({
      take: () => undefined,
      async afterPage() {
        for (let turn = 0; turn < turns; turn += 1) await soon();
      },
      mayGoOn: () => true,
    });
    return type.mostUnderWay;
  };

  it('are fewer where they are heavy: they may have to wait in memory', async () => {
    const most = await Promise.all([32, 16, 8, 4, 2, 0.1].map((megabytes) => mostUnderWay(megabytes)));
    expect(most).toEqual([1, 2, 4, 8, 8, 8]);
  });

  it('are no more where it is not the site that is waited for', async () => {
    expect(await Promise.all([4, 0.1].map((megabytes) => mostUnderWay(megabytes, 20)))).toEqual([2, 2]);
  });
});

describe('pages that are asked for at once on a site that changes', () => {
  /** Of each answered request what becomes of the site just before it. */
  const deeds = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({ kind: 'nothing' as const, at: 0 }) },
      fc.record({ kind: fc.constantFrom('delete', 'create', 'move-in', 'swap'), at: fc.nat(89) }),
    ),
    { maxLength: 60 },
  );

  function live(
    type: PretendType,
    all: readonly { readonly kind: string; readonly at: number }[],
  ): ReadonlySet<string> {
    const lasting = new Set(type.inOrder.map(String));
    type.onAnswer = (number) => {
      const { kind = 'nothing', at = 0 } = all[number] ?? {};
      const ids = type.inOrder;
      const id = ids[at % Math.max(1, ids.length)];
      if ((kind === 'delete' || kind === 'swap') && id !== undefined) {
        type.ids.delete(id);
        lasting.delete(String(id));
      }
      if (kind === 'create') type.create();
      // An older object comes from another type: into the middle.
      if (kind === 'move-in' || kind === 'swap') type.ids.add(2 * at + 1);
    };
    return lasting;
  }

  it('lose nothing that was there all the time, whichever came first: a sweep that saw no shift has shown it', async () => {
    const property = fc.asyncProperty(fc.scheduler(), forms, sizes, deeds, async (scheduler, form, size, all) => {
      const type = new PretendType(size, form, inSomeOrder(scheduler));
      const lasting = live(type, all);
      await scheduler.waitFor(
        (async () => {
          for (let from: SweepProgress | undefined; ; ) {
            const { end, taken, sweep } = await sweepOnce(type, { expected: size, ...(from && { from }) });
            expect(type.underWay).toBe(0);
            expect(new Set(taken).size).toBe(taken.length);
            if (sweep.number === mostSweeps) return;
            // A range ends with as many as the site counted in it: what it has more by then the count at the end tells.
            if (end === 'reached-the-end' && !sweep.progress.position.ranges) {
              const seen = new Set(taken);
              expect([...lasting].filter((id) => !seen.has(id))).toEqual([]);
            }
            sweep.startAnew();
            from = sweep.progress;
          }
        })(),
      );
    });
    await fc.assert(property, { numRuns: 500 });
  });

  it('are the truth of a site that rests by then, once a sweep is settled', async () => {
    const property = fc.asyncProperty(fc.scheduler(), forms, sizes, deeds, async (scheduler, form, size, all) => {
      const type = new PretendType(size, form, inSomeOrder(scheduler));
      live(type, all.slice(0, 20));
      await scheduler.waitFor(
        (async () => {
          for (let from: SweepProgress | undefined; ; ) {
            const isAtRest = type.asked.length >= 20;
            const { end, taken, sweep } = await sweepOnce(type, { expected: size, ...(from && { from }) });
            const isRead = end === 'reached-the-end';
            const isSettled = isRead && sweep.isSettled(type.ids.size);
            // Ranges of ids come one after the other, whatever the order of keys.
            if (isAtRest && isRead) expect(taken.map(Number).sort(byNumber)).toEqual([...type.ids].sort(byNumber));
            if (isAtRest && isRead && form.order === 'numeric') expect(isSettled).toBe(true);
            if (isSettled || sweep.number === mostSweeps) return;
            sweep.startAnew(isRead ? type.ids.size : undefined);
            from = sweep.progress;
          }
        })(),
      );
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

describe('a page in the midst of those under way that fails', () => {
  it('ends the sweep with its own error, when nothing is under way any more; what came before it is taken', async () => {
    const failing = fc.uniqueArray(fc.nat(25), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(fc.scheduler(), forms, sizes, failing, async (scheduler, form, size, places) => {
      const step = form.cap - 1;
      const fails = new Set(places.map((place) => place * step));
      const fault = (_: number, { startAt }: ObjectPageQuery) => {
        if (fails.has(startAt)) throw new SiteUnavailableError(`page at ${startAt}`);
      };
      const outcome = async (type: PretendType, expected: number) => {
        const taken: string[] = [];
        type.onAnswer = fault;
        const sweep = new PageSweep(type.reader, { objectTypeId }, { expected });
        const end = await sweep
          .run({ take: ({ id }) => taken.push(String(id)), mayGoOn: () => true })
          .catch((error: Error) => error.message);
        expect(type.underWay).toBe(0);
        return { end, taken, progress: sweep.progress };
      };
      const one = await outcome(new PretendType(size, form), 0);
      const type = new PretendType(size, form, inSomeOrder(scheduler));
      expect(await scheduler.waitFor(outcome(type, size))).toEqual(one);
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

describe('the last sweep', () => {
  it.each([2, 3, 4, 9])('gets on by pages of %i objects, however many of them overlap', async (cap) => {
    const type = new PretendType(40, { cap, saysLast: true, order: 'numeric', bytesEach: 1 });
    const last = new PageSweep(type.reader, { objectTypeId }, { expected: 40 });
    while (last.number < mostSweeps) last.startAnew();
    const taken: string[] = [];
    expect(await last.run({ take: ({ id }) => taken.push(String(id)), mayGoOn: () => true })).toBe('reached-the-end');
    expect(taken).toEqual(type.inOrder.map(String));
  });
});

const byNumber = (a: number, b: number) => a - b;
const soon = () => new Promise<void>((done) => setImmediate(done));
