import type { SampleCandidate, SampleCandidates } from './sample-candidates.ts';

export interface ChoiceOfSample {
  /** Objects to take: so many, or one a type where there are more types. */
  readonly sample: number;
  /** What kind of values an attribute holds, in a word; undefined where nothing tells. */
  readonly kindOf: (attribute: string) => string | undefined;
}

/**
 * Chooses the objects of a sample, by id: one of each type that has any; then, while there is room, whatever fills a kind of attribute that
 * none of them fills, then an attribute of a type; then objects that chosen ones refer to, so that references are restored too; then any.
 * Pure: the same candidates give the same sample.
 */
export function chooseObjects(candidates: SampleCandidates, { sample, kindOf }: ChoiceOfSample): ReadonlySet<string> {
  const chosen = new Chosen(Math.max(sample, candidates.types.length));
  const taken = new Set<string>();
  for (const best of referringFirst(candidates)) {
    if (taken.has(best.type)) continue;
    chosen.add(best);
    taken.add(best.type);
    // What it refers to may as well be the one of its own type: so a reference is kept where there is room for one a type alone.
    for (const { to } of best.refersTo) {
      const other = candidates.typeOf(to);
      if (other === undefined || taken.has(other)) continue;
      chosen.addId(to);
      taken.add(other);
    }
  }
  const kinds = new Set([...chosen.filled].flatMap((place) => kindOf(attributeIn(place)) ?? []));
  for (const type of candidates.types) {
    for (const [attribute, candidate] of candidates.filling(type)) {
      const kind = kindOf(attribute);
      if (kind === undefined || kinds.has(kind) || chosen.isFull) continue;
      chosen.add(candidate);
      for (const one of candidate.filled) kinds.add(kindOf(one) ?? kind);
    }
  }
  for (const type of candidates.types) {
    for (const [attribute, candidate] of candidates.filling(type)) {
      if (!chosen.isFull && !chosen.fills(type, attribute)) chosen.add(candidate);
    }
  }
  followReferences(candidates, chosen);
  for (const candidate of candidates.spare) if (!chosen.isFull) chosen.add(candidate);
  return chosen.ids;
}

/** Of each type an object, those first that refer to the most others: what they refer to is then the one of its type. */
function referringFirst(candidates: SampleCandidates): SampleCandidate[] {
  const elsewhere = ({ type, refersTo }: SampleCandidate) =>
    refersTo.filter(({ to }) => ![undefined, type].includes(candidates.typeOf(to))).length;
  return candidates.types
    .flatMap((type) => mostFilling(candidates, type) ?? [])
    .toSorted((a, b) => elsewhere(b) - elsewhere(a));
}

/** First one a reference attribute, then the others that chosen objects refer to. */
function followReferences(candidates: SampleCandidates, chosen: Chosen): void {
  const kept = new Set<string>();
  const references = [...chosen.objects].flatMap(({ type, refersTo }) =>
    refersTo
      .filter(({ to }) => candidates.typeOf(to) !== undefined)
      .map(({ attribute, to }) => ({ place: placeOf(type, attribute), to })),
  );
  for (const { place, to } of references) if (chosen.ids.has(to)) kept.add(place);
  for (const { place, to } of references) {
    if (chosen.isFull) return;
    if (kept.has(place)) continue;
    kept.add(place);
    chosen.addId(to);
  }
  for (const { to } of references) if (!chosen.isFull) chosen.addId(to);
}

/** Of the objects that are known of a type, that which fills the most of its attributes; of two the one of the lower rank. */
function mostFilling(candidates: SampleCandidates, type: string): SampleCandidate | undefined {
  const known = [...candidates.filling(type).values()];
  return known.reduce(
    (best, one) =>
      !best ||
      one.filled.length > best.filled.length ||
      (one.filled.length === best.filled.length && one.rank < best.rank)
        ? one
        : best,
    candidates.lowestOf(type),
  );
}

const placeOf = (type: string, attribute: string) => `${type} ${attribute}`;
const attributeIn = (place: string) => place.slice(place.indexOf(' ') + 1);

class Chosen {
  readonly ids = new Set<string>();
  /** Type and attribute, of which some chosen object has a value. */
  readonly filled = new Set<string>();
  /** Those of which it is known what they hold. */
  readonly objects = new Set<SampleCandidate>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.ids.size >= this.#most;
  }

  add(candidate: SampleCandidate): void {
    this.ids.add(candidate.id);
    this.objects.add(candidate);
    for (const attribute of candidate.filled) this.filled.add(placeOf(candidate.type, attribute));
  }

  addId(id: string): void {
    this.ids.add(id);
  }

  fills(type: string, attribute: string): boolean {
    return this.filled.has(placeOf(type, attribute));
  }
}
