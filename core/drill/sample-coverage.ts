import type { NotCovered } from '../model/drill.ts';
import type { Loss } from '../model/restore.ts';

/** An attribute of a type, with what of it is in the backup and in the sample. */
export interface CoveredAttribute {
  /** `ITSM / Laptop: Owner` */
  readonly where: string;
  readonly name: string;
  /** Id of the type. */
  readonly type: string;
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
  /** The objects of the sample, with their types. */
  readonly objects: readonly (readonly [id: string, type: string])[];
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

/** The same attributes with the values that stood in the sample and were not lost. */
export function withoutLost({ objects, attributes }: SampleFile, losses: readonly Loss[]): CoveredAttribute[] {
  const typeOf = new Map(objects);
  const lost = new Map<string, number>();
  for (const { kind, source, attribute, values } of losses) {
    if (kind !== 'object' || attribute === undefined) continue;
    const place = JSON.stringify([typeOf.get(source), attribute]);
    lost.set(place, (lost.get(place) ?? 0) + values);
  }
  return attributes.map((one) => ({
    ...one,
    values: Math.max(0, one.values - (lost.get(JSON.stringify([one.type, one.name])) ?? 0)),
  }));
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
