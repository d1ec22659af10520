import { RequestRefusedError, UnexpectedAnswerError } from '../../errors.ts';
import type { Offered } from '../../ports/assets-reader.ts';
import type { IssueField, IssuePage, IssueRecord, IssuesReader } from '../../ports/issues-reader.ts';

/** How far the pages of a field were read. */
export interface PagesProgress {
  /** Token of the next page; null for the first. */
  readonly next: string | null;
  /** How often the pages were begun, from 1. */
  readonly pass: number;
  /** Ids of issues, each with the pass that saw it last. */
  readonly seen: readonly (readonly [id: string, pass: number])[];
}

/** A token may expire while a step waits to be called again: then the pages begin anew, so often at most. */
const mostPasses = 4;
/** So many pages one after the other without any issue that was not seen yet have no end. */
const mostIdlePages = 100;

/** Reads the issues in which a field holds something, page by page, each issue once. Of issues only their ids are kept. */
export class IssuePages {
  readonly #reader: Pick<IssuesReader, 'issuesOf'>;
  readonly #field: IssueField;
  readonly #seen: Map<string, number>;
  #next: string | null;
  #pass: number;
  #idle = 0;

  constructor(reader: Pick<IssuesReader, 'issuesOf'>, field: IssueField, earlier?: PagesProgress) {
    this.#reader = reader;
    this.#field = field;
    this.#seen = new Map(earlier?.seen);
    this.#next = earlier?.next ?? null;
    this.#pass = earlier?.pass ?? 1;
  }

  /** Issues so far, each once. */
  get count(): number {
    return this.#seen.size;
  }

  get progress(): PagesProgress {
    return { next: this.#next, pass: this.#pass, seen: [...this.#seen] };
  }

  /**
   * The issues of the next page that no page had before, and whether it was the last. Throws what the reader does, and
   * UnexpectedAnswerError where the pages have no end.
   */
  async read(): Promise<Offered<{ readonly issues: readonly IssueRecord[]; readonly isLast: boolean }>> {
    const page = await this.#page();
    if (!page.offered) return page;
    const { issues, next } = page.value;
    let isIdle = true;
    const fresh = issues.filter(({ id }) => {
      if (this.#seen.get(id) !== this.#pass) isIdle = false;
      const isFresh = !this.#seen.has(id);
      this.#seen.set(id, this.#pass);
      return isFresh;
    });
    this.#idle = isIdle ? this.#idle + 1 : 0;
    if (next !== null && (next === this.#next || this.#idle >= mostIdlePages)) {
      throw new UnexpectedAnswerError(`The site gives pages of issues of the field ${this.#field.id} without an end.`);
    }
    this.#next = next;
    return { offered: true, value: { issues: fresh, isLast: next === null } };
  }

  /** A token that the site does not take any more begins the pages anew; what they have shown stays as it was read first. */
  async #page(): Promise<Offered<IssuePage>> {
    const [token, mayBeginAnew] = [this.#next, this.#pass < mostPasses];
    try {
      const page = await this.#reader.issuesOf(this.#field, token);
      if (page.offered || token === null || !mayBeginAnew) return page;
    } catch (error) {
      if (!(error instanceof RequestRefusedError) || token === null || !mayBeginAnew) throw error;
    }
    this.#pass += 1;
    this.#idle = 0;
    this.#next = null;
    return this.#reader.issuesOf(this.#field, null);
  }
}
