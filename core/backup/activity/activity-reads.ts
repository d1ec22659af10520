import { messageOf } from '../../errors.ts';
import type { ActivityKind } from '../../model/activity.ts';
import type { Gap } from '../../model/outcome.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { sideBySide } from '../../side-by-side.ts';
import { sayWaiting } from '../../waiting.ts';
import type { GapCollector } from '../gaps.ts';
import { carriedOf, catchingUp, gapOfObjects, notAskedFor, sayingCarried } from '../grouped-gaps.ts';
import type { ActivityObject } from './activity-layout.ts';

/** Objects in flight, each with two requests: enough to use 1,000 requests a minute where an answer takes four seconds. */
export const inFlight = 64;
/** So many failures in a row are no matter of these objects. */
const mostInARow = 20;
/** What the site gets to come round, in milliseconds, before it is asked once more. */
const pause = 60_000;
/** How often a part takes up again what had failed in a row: where all objects of a schema are refused, others are not. */
const mostRounds = 3;
/** After so many batches in a row that gave a kind up, the others do not ask at all. */
const mostBatches = 5;

interface ReadsInput {
  readonly services: Services;
  readonly gaps: GapCollector;
  /** How many batches before, in a row, have given this kind up. */
  readonly givenUpBefore: number;
  /** From this time on (milliseconds) nothing is asked any more. */
  readonly until: number;
  /** Reads and stores. `isSecond`: what the site says now is concluded from. */
  read(object: ActivityObject, isSecond: boolean): Promise<void>;
  /** Is told of what was not read. Gives the date of the older copy that is kept instead; undefined where there is none. */
  missed(object: ActivityObject, why: 'failed' | 'not-reached'): Promise<string | undefined>;
  /** Objects of different groups share no gap. */
  groupOf(object: ActivityObject): string;
}

/**
 * The reads of one kind of activity in one part of a batch. What fails is asked for again at the end of the part, when a fault of a
 * moment has passed; where all fails, the rest is soon not asked for any more, because each failure takes its retries.
 */
export class ActivityReads {
  readonly kind: ActivityKind;
  readonly #input: ReadsInput;
  readonly #failed: { readonly object: ActivityObject; readonly error: unknown }[] = [];
  /** Not asked for so far, because so many before them had failed in a row. */
  #waiting: ActivityObject[] = [];
  /** Whose turn came when the time was up. */
  readonly #notReached: ActivityObject[] = [];
  #inARow: number;
  #lastError: unknown;
  #hasGivenUp = false;

  constructor(kind: ActivityKind, input: ReadsInput) {
    this.kind = kind;
    this.#input = input;
    this.#inARow = input.givenUpBefore > 0 ? mostInARow : 0;
  }

  /** How many batches in a row have given this kind up now; to be asked at the end. */
  get givenUp(): number {
    return this.#hasGivenUp ? this.#input.givenUpBefore + 1 : 0;
  }

  async begin(object: ActivityObject): Promise<void> {
    if (this.#isTimeUp()) this.#notReached.push(object);
    else if (this.#inARow >= mostInARow) this.#waiting.push(object);
    else await this.#ask(object);
  }

  /** At the end of a part: asks again, and makes gaps of what fails once more. */
  async end(): Promise<void> {
    for (let round = 1; this.#waiting.length > 0 && !this.#isTimeUp(); round += 1) {
      const next = round > mostRounds ? undefined : await this.#whereItAnswers();
      this.#hasGivenUp = next === undefined;
      if (!next) break;
      this.#waiting = [];
      this.#inARow = 0;
      await sideBySide(next, inFlight, (object) => this.begin(object));
    }
    await this.#askAgain();
    await this.#nameWaiting();
    await this.#nameNotReached();
  }

  #isTimeUp(): boolean {
    return this.#input.services.clock.now() >= this.#input.until;
  }

  /**
   * Tries the first, the last and the middle one of the objects that wait, which then wait no longer. Gives the others, those first
   * that are next to one that was answered: neighbours are of one schema. Undefined where none was.
   */
  async #whereItAnswers(): Promise<ActivityObject[] | undefined> {
    const { services, givenUpBefore } = this.#input;
    if (givenUpBefore >= mostBatches) return undefined;
    if (!isTimeShort(services)) {
      const what = `for the site, which answers no requests for ${this.kind}`;
      await sayWaiting(services, { what, milliseconds: pause }, () => services.clock.sleep(pause));
    }
    if (this.#isTimeUp()) return undefined;
    const middle = Math.floor(this.#waiting.length / 2);
    const [before, after] = [this.#waiting.slice(0, middle), this.#waiting.slice(middle)];
    const orders = [[...before, ...after], [...before, ...after].reverse(), [...after, ...before.reverse()]];
    const tried = new Set(orders.flatMap(([first]) => first ?? []));
    this.#waiting = this.#waiting.filter((object) => !tried.has(object));
    await sideBySide(tried, inFlight, (object) => this.#ask(object));
    const failed = new Set(this.#failed.map(({ object }) => object));
    const order = orders.find(([first]) => first && !failed.has(first));
    return order?.filter((object) => !tried.has(object));
  }

  async #askAgain(): Promise<void> {
    const { services, gaps } = this.#input;
    let begun = 0;
    await sideBySide(this.#failed.splice(0), inFlight, async ({ object, error }) => {
      begun += 1;
      const mayAsk = !this.#hasGivenUp && !this.#isTimeUp() && (begun <= inFlight || !isTimeShort(services));
      const failure = mayAsk ? await this.#attempt(object, true) : { error };
      if (!failure) return;
      const { id, unit } = object;
      const place = { kind: this.kind, what: `${this.kind} of object ${id}`, schemaKey: unit.schema.key, objectId: id };
      const kept = await this.#input.missed(object, 'failed');
      gaps.add(sayingCarried(place, carriedOf([kept])), failure.error);
    });
  }

  async #ask(object: ActivityObject): Promise<void> {
    const failure = await this.#attempt(object, false);
    this.#inARow = failure ? this.#inARow + 1 : 0;
    if (!failure) return;
    this.#lastError = failure.error;
    this.#failed.push({ object, error: failure.error });
  }

  async #attempt(object: ActivityObject, isSecond: boolean): Promise<{ readonly error: unknown } | undefined> {
    try {
      await this.#input.read(object, isSecond);
      return undefined;
    } catch (error) {
      if (!(await this.#input.gaps.isOfOneRead(this.kind, error))) throw error;
      return { error };
    }
  }

  /** What was not asked for is one gap for each schema. */
  #nameWaiting(): Promise<void> {
    const last = this.#lastError === undefined ? 'batches before this one' : `the last: ${messageOf(this.#lastError)}`;
    const reason = `So many requests for ${this.kind} in a row had failed that the others were not sent (${last}).`;
    return this.#nameTogether(this.#waiting, { why: 'failed', error: notAskedFor, reason });
  }

  #nameNotReached(): Promise<void> {
    const until = new Date(this.#input.until).toISOString();
    const reason = `This is catching up: the backup asked for ${this.kind} until ${until}, and did not reach these. The next one asks for them first.`;
    return this.#nameTogether(this.#notReached, { why: 'not-reached', error: catchingUp, reason });
  }

  async #nameTogether(
    all: readonly ActivityObject[],
    { why, error, reason }: { why: 'failed' | 'not-reached' } & Pick<Gap, 'error' | 'reason'>,
  ): Promise<void> {
    const { groupOf, missed, gaps } = this.#input;
    for (const objects of Map.groupBy(all, groupOf).values()) {
      const kept: (string | undefined)[] = [];
      await sideBySide(objects, inFlight, async (object) => {
        kept.push(await missed(object, why));
      });
      const ids = objects.map(({ id }) => id);
      const schemaKey = objects[0]?.unit.schema.key;
      const place = {
        ...gapOfObjects(this.kind, ids.length, ids, error),
        ...(schemaKey !== undefined && { schemaKey }),
      };
      gaps.addGap({ ...sayingCarried(place, carriedOf(kept)), error, reason });
    }
  }
}
