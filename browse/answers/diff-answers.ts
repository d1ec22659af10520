import { diffBackups } from '../../core/diff/diff-backups.ts';
import type { DiffFilters, DiffLine } from '../../core/diff/diff-lines.ts';
import { madeAgain } from '../../core/diff/made-again.ts';
import type { Reporter } from '../../core/ports/reporter.ts';
import type { DiffAnswer } from '../../pages/answers.ts';
import type { BrowsedPlace } from '../browsed-place.ts';
import type { OpenedBackups } from '../opened-backups.ts';
import { asked } from '../query.ts';

/** As many lines are shown, and of their texts as many characters. */
const mostLines = 1_000;
const mostCharacters = 4_000_000;
const mostOfText = 2_000;
/** Comparisons whose answers are kept. */
const mostKept = 4;

interface TwoBackups {
  readonly left: string;
  readonly right: string;
  readonly filters: DiffFilters;
}

interface Comparison {
  readonly answer: Promise<DiffAnswer>;
  readonly stop: AbortController;
  waiting: number;
}

/** Comparisons of two backups, each made once while somebody waits for it. */
export class DiffAnswers {
  readonly #place: BrowsedPlace;
  readonly #opened: OpenedBackups;
  readonly #made = new Map<string, Comparison>();

  constructor(place: BrowsedPlace, opened: OpenedBackups) {
    this.#place = place;
    this.#opened = opened;
  }

  /** Throws WrongInputError, DamagedBackupError. @param gone ends it, where nobody else waits */
  async to(query: URLSearchParams, gone: AbortSignal): Promise<DiffAnswer> {
    const of = { left: asked(query, 'left'), right: asked(query, 'right'), filters: filtersIn(query) };
    const name = JSON.stringify(of);
    const comparison = this.#made.get(name) ?? this.#begin(of);
    this.#made.delete(name);
    this.#made.set(name, comparison);
    comparison.answer.catch(() => {
      if (this.#made.get(name) === comparison) this.#made.delete(name);
    });
    const [oldest] = this.#made.keys();
    if (this.#made.size > mostKept && oldest !== undefined) this.#made.delete(oldest);
    comparison.waiting += 1;
    const leave = () => {
      comparison.waiting -= 1;
      if (comparison.waiting > 0) return;
      // Whoever asks again begins anew: this one ends at its next line.
      if (this.#made.get(name) === comparison) this.#made.delete(name);
      comparison.stop.abort(new Error('Nobody waits for it any more.'));
    };
    gone.addEventListener('abort', leave);
    return comparison.answer.finally(() => gone.removeEventListener('abort', leave));
  }

  #begin(of: TwoBackups): Comparison {
    const stop = new AbortController();
    return { answer: this.#compare(of, stop.signal), stop, waiting: 0 };
  }

  async #compare({ left, right, filters }: TwoBackups, signal: AbortSignal): Promise<DiffAnswer> {
    const { backups, work } = this.#place;
    const [before, after] = [await this.#opened.manifest(left), await this.#opened.manifest(right)];
    const madeOf = await madeAgain(work, after.site.workspaceId);
    const lines: DiffLine[] = [];
    let [total, characters] = [0, 0];
    const nothing = () => signal.throwIfAborted();
    const reporter: Reporter = { planned: nothing, advanced: nothing, requested: nothing, event: nothing };
    const onLine = (line: DiffLine) => {
      signal.throwIfAborted();
      total += 1;
      if (lines.length === mostLines || characters > mostCharacters) return;
      const cut = cutTexts(line) as DiffLine;
      characters += JSON.stringify(cut).length;
      lines.push(cut);
    };
    const options = { filters, madeOf, onLine };
    const summary = await diffBackups({ backups, reporter }, before, after, options);
    return { summary, total, lines };
  }
}

function filtersIn(query: URLSearchParams): DiffFilters {
  const [schema, type, object] = ['schema', 'type', 'object'].map((field) => query.get(field) ?? undefined);
  return {
    ...(schema !== undefined && { schemas: [schema] }),
    ...(type !== undefined && { type }),
    ...(object !== undefined && { object }),
  };
}

/** A value may have a million characters, and there may be a thousand of them. */
function cutTexts(value: unknown): unknown {
  if (typeof value === 'string') {
    if (value.length <= mostOfText) return value;
    return `${value.slice(0, mostOfText).toWellFormed()}… (${value.length} characters)`;
  }
  if (Array.isArray(value)) return value.map(cutTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([field, of]) => [field, cutTexts(of)]));
}
