import type { ObjectPage } from '../ports/assets-reader.ts';

/** Pages under way at once: enough to use 350 requests a minute where an answer takes more than a second. */
export const mostPagesAtOnce = 8;
/** What those pages may weigh together, as far as the heaviest one before them tells: all but one may have to wait in memory. */
const mostBytes = 8 * 2 ** 20;

/** The page that is wanted now, and what is known of those behind it. */
export interface WantedPage {
  readonly startAt: number;
  /** Objects that the page before it had; 0 where it is the first. */
  readonly sizeBefore: number;
  /** Where the page after one begins that begins at `startAt` and has so many objects. */
  next(startAt: number, size: number): number;
  /** Objects in all, as far as anybody knows: behind them nothing is asked for ahead. 0: nobody knows. */
  readonly expected: number;
  /** Rejects with what the site's refusals throw. */
  ask(startAt: number): Promise<ObjectPage>;
  /** False: no further page may be asked for. */
  mayGoOn(): boolean;
}

/**
 * Asks for pages before the page in front of them has come, and gives them out in their order. Where they begin follows from how
 * many objects the last page had: one that has another number makes all behind it useless. So there are never more of them than
 * pages have come as expected, but for one: at worst as much is read in vain as is read.
 */
export class PagesAhead {
  readonly #asked: { readonly startAt: number; readonly page: Promise<ObjectPage> }[] = [];
  /** Objects that a page has that is not the last one; 0 before the first has come. */
  #size = 0;
  /** Pages in a row that had so many. */
  #alike = 0;
  #heaviest = 0;

  /** The wanted page; undefined where it may not be asked for any more. Rejects as asking for it does. */
  async take(wanted: WantedPage): Promise<ObjectPage | undefined> {
    this.#learnFrom(wanted.sizeBefore);
    if (this.#asked.length > 0 && this.#asked[0]?.startAt !== wanted.startAt) await this.end();
    this.#askFor(wanted);
    const page = await this.#asked.shift()?.page;
    this.#heaviest = Math.max(this.#heaviest, page?.bytes ?? 0);
    return page;
  }

  /** Waits until nothing is under way. What comes is let go. */
  async end(): Promise<void> {
    await Promise.all(this.#asked.splice(0).map(({ page }) => page.then(letGo, letGo)));
  }

  #learnFrom(size: number): void {
    if (size === 0) return;
    this.#alike = size === this.#size ? this.#alike + 1 : 1;
    this.#size = size;
  }

  #askFor({ startAt, next, expected, ask, mayGoOn }: WantedPage): void {
    let from = startAt;
    for (const { startAt: asked } of this.#asked) from = next(asked, this.#size);
    while (this.#asked.length < this.#width && (from === startAt || from + 1 < expected) && mayGoOn()) {
      const page = ask(from);
      // Whoever takes it sees why it failed.
      page.catch(letGo);
      this.#asked.push({ startAt: from, page });
      from = next(from, this.#size);
    }
  }

  get #width(): number {
    // A page of one object has nothing besides the one that it shares with the page before.
    const known = this.#size > 1 ? this.#alike + 1 : 1;
    return Math.max(1, Math.min(mostPagesAtOnce, known, Math.floor(mostBytes / this.#heaviest)));
  }
}

const letGo = () => undefined;
