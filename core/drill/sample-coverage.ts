import type { NotCovered } from '../model/drill.ts';

/** An attribute of a type, with what of it is in the backup and in the sample. */
export interface CoveredAttribute {
  /** `ITSM / Laptop: Owner` */
  readonly where: string;
  readonly name: string;
  /** In a word. */
  readonly kind: string;
  /** Objects of the type that fill it, in the backup. */
  readonly filled: number;
  /** Values of it in the sample. */
  readonly values: number;
}

/** What the choice of the sample leaves for the report: `drills/<drill>/sample.json`. */
export interface SampleFile {
  readonly schemas: readonly { readonly from: string; readonly to: string; readonly objects: number }[];
  readonly attributes: readonly CoveredAttribute[];
  readonly notCovered: readonly NotCovered[];
  readonly notices: readonly string[];
}

/** Attributes of which nothing is tried, whatever comes of the others. */
export function untried(attributes: readonly CoveredAttribute[]): NotCovered[] {
  const empty = attributes.filter(({ filled }) => filled === 0);
  const left = attributes.filter(({ filled, values }) => filled > 0 && values === 0);
  return [
    ...left.map(({ where, filled }) => ({
      what: where,
      count: filled,
      reason: 'no object of the sample has a value of it: a larger sample would hold one',
    })),
    ...empty.map(({ where }) => ({ what: where, count: 0, reason: 'no object of the backup has a value of it' })),
  ];
}

/** By kind, the attributes of which something is tried. */
export function coveredKinds(
  attributes: readonly CoveredAttribute[],
): { kind: string; attributes: number; values: number }[] {
  const kinds = Map.groupBy(
    attributes.filter(({ values }) => values > 0),
    ({ kind }) => kind,
  );
  return [...kinds]
    .map(([kind, of]) => ({ kind, attributes: of.length, values: of.reduce((sum, { values }) => sum + values, 0) }))
    .toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
}
