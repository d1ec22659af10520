/** All that the cost of a night depends on, of a site. */
export interface SiteShape {
  /** Objects of each type, by schema. */
  readonly schemas: readonly (readonly number[])[];
  /** Attributes of a type that are not the site's own, on average. */
  readonly attributesOfType: number;
  /** Images stored: each icon that a schema's types show counts once a schema. */
  readonly icons: number;
  readonly objectsWithHistory: number;
  readonly objectsWithComments: number;
  readonly comments: number;
  /** Objects whose references lead in a circle: a restore writes them twice. */
  readonly objectsInCircles: number;
  /** Objects that a restore can announce together, 100 at most: fewer where long chains of references lead through them. */
  readonly createsAtOnce: number;
  /** Attributes with a restriction, which a restore sets with a request of its own. */
  readonly restrictedAttributes: number;
  readonly bytes: AverageBytes;
}

/** Of what a backup stores, on average. */
export interface AverageBytes {
  /** An object as the API gives it, and in the file for people. */
  readonly object: number;
  readonly readableObject: number;
  /** A file of one object's history, and of its comments. */
  readonly history: number;
  readonly comments: number;
  /** Files of configuration: a type's attributes and its part of the list of types; a schema's other files. */
  readonly type: number;
  readonly schema: number;
  readonly icon: number;
}

/**
 * Measured on the simulator's large sites, whose objects have six attributes and one change; a test holds them against runs.
 * A real object has more attributes: its bytes grow with them.
 */
export const simulatedBytes: AverageBytes = {
  object: 10_000,
  readableObject: 370,
  history: 680,
  comments: 455,
  type: 16_000,
  schema: 8_500,
  icon: 121,
};

export function typesOf({ schemas }: SiteShape): readonly number[] {
  return schemas.flat();
}

export function objectsOf(site: SiteShape): number {
  return typesOf(site).reduce((sum, count) => sum + count, 0);
}

/** A site of this size, evenly spread; every object has a history, and every fifth a comment. */
export function evenSite({
  objects,
  schemas,
  types,
}: {
  readonly objects: number;
  readonly schemas: number;
  readonly types: number;
}): SiteShape {
  const parts = (whole: number, count: number) =>
    Array.from({ length: count }, (_, index) => Math.floor((whole + index) / count));
  const ofTypes = parts(objects, types);
  const typesOfSchemas = parts(types, schemas);
  return {
    schemas: typesOfSchemas.map((count, index) => {
      const before = typesOfSchemas.slice(0, index).reduce((sum, each) => sum + each, 0);
      return ofTypes.slice(before, before + count);
    }),
    attributesOfType: 6,
    icons: schemas * 3,
    objectsWithHistory: objects,
    objectsWithComments: objects / 5,
    comments: objects / 5,
    objectsInCircles: 0,
    createsAtOnce: 20,
    restrictedAttributes: 2 * types,
    bytes: simulatedBytes,
  };
}
