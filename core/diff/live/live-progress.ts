import type { ComparisonProgress } from '../../comparison/compare-with-site.ts';
import type { Change, DiffSummary, TypeCounts } from '../diff-lines.ts';

/** What a comparison with a site goes through, in its order. */
export const phases = ['configuration', 'backup', 'objects', 'missing', 'values', 'added'] as const;
export type Phase = (typeof phases)[number];

/** Objects of the backup that the site does not show and that may be hidden there, by where they stood. */
export interface UnprovenAbsence {
  readonly where: string;
  readonly why: string;
  readonly objects: number;
  /** Of the first of them. */
  readonly keys: readonly string[];
}

/** How far a comparison has come. It holds no values: those lie in files of their own. */
export interface LiveProgress {
  phase: Phase | 'done';
  /** Where in it: a shard, an object's number, a file. */
  at: number;
  /** Parts in which the backup's objects were left. */
  parts: number;
  /** How far the site's objects have streamed past; null before the first and after the last. */
  comparison: ComparisonProgress | null;
  /** What was seen of the backup's objects, a byte each. */
  sight: string;
  /** Ids of objects that the backup does not have. */
  newcomers: string;
  /** Files of these. */
  unplaced: readonly string[];
  /** Objects that were seen of each of the site's types. */
  seen: Readonly<Record<string, number>>;
  /** Why objects that are not shown may be hidden, by `type <id>` or `schema <id>`. */
  doubts: Readonly<Record<string, string>>;
  compared: number;
  expected: number;
  files: readonly string[];
  configuration: Readonly<Record<Change, number>>;
  counts: readonly TypeCounts[];
  unproven: readonly UnprovenAbsence[];
  notCompared: readonly string[];
  summary: DiffSummary | null;
}

export const atFirst: LiveProgress = {
  phase: 'configuration',
  at: 0,
  parts: 0,
  comparison: null,
  sight: '',
  newcomers: '',
  unplaced: [],
  seen: {},
  doubts: {},
  compared: 0,
  expected: 0,
  files: [],
  configuration: { added: 0, removed: 0, changed: 0 },
  counts: [],
  unproven: [],
  notCompared: [],
  summary: null,
};
