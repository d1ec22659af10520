import type { ObjectPage, OnPage } from '../ports/assets-reader.ts';

/** Pages under way at once: enough to use 350 requests a minute where an answer takes more than a second. */
export const mostPagesAtOnce = 8;
/** What they may weigh together, as far as the heaviest one before them tells: all but one may have to wait in memory. */
const mostBytes = 32 * 2 ** 20;
/** While pages that have come weigh so much, no other one is asked for: it is not the site that is waited for. */
const mostBytesWaiting = 8 * 2 ** 20;

interface AskedPage<T extends OnPage> {
  readonly startAt: number;
  readonly page: Promise<ObjectPage<T>>;
  isHere: boolean;
  /** What it weighs, once it is here. */
  bytes: number;
}

/** The page that is wanted now, and what is known of those behind it. */
export interface WantedPage<T extends OnPage> {
  readonly startAt: number;
  /** Objects that the page before it had; 0 where it is the first. */
  readonly sizeBefore: number;
  /** Where the page after one begins that begins at `startAt` and has so many objects. */
  next(startAt: number, size: number): number;
  /** Objects in all, as far as anybody knows: behind them nothing is asked for ahead. 0: nobody knows. */
  readonly expected: number;
  /** Rejects with what the site's refusals throw. */
  ask(startAt: number): Promise<ObjectPage<T>>;
  /** False: no further page may be asked for. */
  mayGoOn(): boolean;
}

/**
 * Asks for pages before the page in front of them has come, and gives them out in their order. Where they begin follows from how
 * many objects the last page had: one that has another number makes all behind it useless. So there is one more of them only each time
 * that one had to be waited for: at worst as much is read in vain as is read, and none waits in memory without gain.
 */
export class PagesAhead<T extends OnPage> {
  readonly #asked: AskedPage<T>[] = [];
  /** Objects that a page has that is not the last one; 0 before the first has come. */
  #size = 0;
  /** Pages that may be under way: one more each time that one had to be waited for, one less where enough have come. */
  #width = 1;
  #heaviest = 0;

  /** The wanted page; undefined where it may not be asked for any more. Rejects as asking for it does. */
  async take(wanted: WantedPage<T>): Promise<ObjectPage<T> | undefined> {
    this.#learnFrom(wanted.sizeBefore);
    if (this.#asked.length > 0 && this.#asked[0]?.startAt !== wanted.startAt) await this.end();
    this.#askFor(wanted);
    const first = this.#asked.shift();
    if (first && !first.isHere) this.#width = Math.min(mostPagesAtOnce, this.#width + 1);
    const page = await first?.page;
    this.#heaviest = Math.max(this.#heaviest, page?.bytes ?? 0);
    return page;
  }

  /** Waits until nothing is under way. What comes is let go. */
  async end(): Promise<void> {
    await Promise.all(this.#asked.splice(0).map(({ page }) => page.then(letGo, letGo)));
  }

  #learnFrom(size: number): void {
    if (size === 0 || size === this.#size) return;
    if (this.#size > 0) this.#width = 2;
    this.#size = size;
  }

  #askFor({ startAt, next, expected, ask, mayGoOn }: WantedPage<T>): void {
    const most = this.#most();
    let from = startAt;
    for (const { startAt: asked } of this.#asked) from = next(asked, this.#size);
    while (this.#asked.length < most && (from === startAt || from + 1 < expected) && mayGoOn()) {
      const asked: AskedPage<T> = { startAt: from, page: ask(from), isHere: false, bytes: 0 };
      // Why it failed whoever takes it sees.
      asked.page.then(({ bytes }) => Object.assign(asked, { isHere: true, bytes }), letGo);
      this.#asked.push(asked);
      from = next(from, this.#size);
    }
  }

  #most(): number {
    // A page of one object has nothing besides the one that it shares with the page before.
    if (this.#size < 2) return 1;
    if (this.#asked.reduce((sum, { bytes }) => sum + bytes, 0) >= mostBytesWaiting) {
      this.#width = Math.max(2, this.#width - 1);
      return 1;
    }
    return Math.max(1, Math.min(this.#width, Math.floor(mostBytes / this.#heaviest)));
  }
}

const letGo = () => undefined;
