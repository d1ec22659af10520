/** All that the cost of a run depends on, of a site whose objects are alike. */
export interface SiteShape {
  /** Objects of each type, by schema. */
  readonly schemas: readonly (readonly number[])[];
  /** Objects with a comment. */
  readonly comments: number;
  /** Objects that have changed between one night and the next. */
  readonly changed: number;
}

export const objectsOf = ({ schemas }: SiteShape) => sum(schemas.flat());

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A site of this size, evenly spread; every fifth object has a comment, and one in a hundred has changed since the night before. */
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
  return {
    schemas: parts(types, schemas).map((count) => ofTypes.splice(0, count)),
    comments: objects / 5,
    changed: objects / 100,
  };
}
