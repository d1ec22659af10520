import type { Suspicion } from '../../model/loss-alarm.ts';
import { reaches } from './threshold.ts';

/** A person has said that what was suspicious about a backup is meant so. */
export interface LossAcceptance
  extends Pick<Suspicion, 'kind' | 'schemaId' | 'schemaKey' | 'objectTypeId' | 'attributeId' | 'objectSchemaKeys'> {
  /** Objects that there are, or that were edited: fewer than that, by a threshold, is told again. */
  readonly number: number;
  readonly because: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** The backup that showed it. */
  readonly backup: string;
}

/** Where a suspicion is, and of what: a schema that is out of sight is one thing, whatever the site says of it from night to night. */
type LossPlace = Pick<Suspicion, 'kind' | 'schemaId' | 'objectTypeId' | 'attributeId' | 'objectSchemaKeys'>;

const families: Readonly<Record<Suspicion['kind'], string>> = {
  'fewer-objects': 'fewer',
  'schema-gone': 'schema',
  'schema-not-visible': 'schema',
  'schema-rekeyed': 'schema',
  'object-type-gone': 'type',
  'object-type-not-visible': 'type',
  'attribute-gone': 'attribute',
  'many-edited': 'edited',
};

export function isSamePlace(one: LossPlace, other: LossPlace): boolean {
  return (
    families[one.kind] === families[other.kind] &&
    one.schemaId === other.schemaId &&
    one.objectTypeId === other.objectTypeId &&
    one.attributeId === other.attributeId &&
    scopeOf(one) === scopeOf(other)
  );
}

/** A number of objects of chosen schemas says nothing of those of others. */
const scopeOf = ({ objectSchemaKeys }: LossPlace) => objectSchemaKeys && JSON.stringify([...objectSchemaKeys].sort());

/**
 * The newest acceptance of a place that a measure does not know of: it was accepted in a backup after it. What the measure itself
 * has, came back after that, so that an older acceptance says nothing of it.
 */
export function acceptedSince(
  acceptances: readonly LossAcceptance[],
  place: LossPlace,
  against: string,
): LossAcceptance | undefined {
  const fitting = acceptances.filter((one) => one.backup > against && isSamePlace(one, place));
  return fitting.toSorted((one, other) => (one.backup < other.backup ? 1 : -1))[0];
}

/** Of what was suspicious about a backup that which nobody has accepted, in it or in one since its measure. */
export function withoutAcceptedLosses(
  backup: string,
  suspicions: readonly Suspicion[],
  acceptances: readonly LossAcceptance[],
): Suspicion[] {
  const isHere = (suspicion: Suspicion) =>
    acceptances.some((one) => one.backup === backup && isSamePlace(one, suspicion));
  const acceptanceOf = (suspicion: Suspicion) => acceptedSince(acceptances, suspicion, suspicion.against);
  /** What of the objects that there were is accepted to be gone, type by type. */
  const acceptedInTypes = (against: string) =>
    suspicions
      .filter((one) => one.kind === 'fewer-objects' && one.objectTypeId !== undefined && one.against === against)
      .reduce((sum, one) => sum + Math.max(0, one.before - (acceptanceOf(one)?.number ?? one.before)), 0);
  return suspicions.filter((suspicion) => {
    if (isHere(suspicion)) return false;
    const { kind, objectTypeId, before, now, against, threshold } = suspicion;
    const acceptance = acceptanceOf(suspicion);
    if (kind !== 'fewer-objects' || !threshold) return !acceptance;
    const unexplained = before - (objectTypeId === undefined ? acceptedInTypes(against) : 0);
    const expected = Math.min(unexplained, acceptance?.number ?? unexplained);
    return reaches(expected - now, expected, threshold);
  });
}
