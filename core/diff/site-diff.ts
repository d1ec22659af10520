import type { DiffFilters, DiffSummary } from './diff-lines.ts';

/** Asks for a comparison of a backup with its site as it is; the same again with `from` goes on. */
export interface SiteDiffRequest {
  /** Name of this comparison: its files lie below `diffs/<name>/` in the work store. */
  readonly diff: string;
  readonly backup: string;
  readonly filters: DiffFilters;
  /** Where to go on: the `next` of the answer before, 0 at first. */
  readonly from: number;
}

export interface SiteDiffAnswer {
  /** Null at the end. */
  readonly next: number | null;
  /** Objects of the site that were compared so far, and how many there are, as far as that is known. */
  readonly compared: number;
  readonly expected: number;
  /** At the end. */
  readonly summary: DiffSummary | null;
  /** Keys in the work store of the lines so far: a `DiffLine` each, values and all. */
  readonly files: readonly string[];
}

/** A comparison that has come to its end. */
export type LiveDiff = { readonly summary: DiffSummary } & Pick<SiteDiffAnswer, 'files'>;
