/** From when on a backup that has less, or other, than an earlier one is suspicious. */
export interface LossAlarmSettings {
  /** Objects of one type that are fewer, in per cent of those that there were. */
  readonly typePercent: number;
  /** Objects of all schemas together that are fewer, in per cent. */
  readonly allPercent: number;
  /** Fewer than so many tell nothing, whatever the per cent. */
  readonly atLeast: number;
  /** Objects of one type that have other values than before, in per cent of those that are in both. */
  readonly editedPercent: number;
}

export const defaultLossAlarm: LossAlarmSettings = { typePercent: 20, allPercent: 5, atLeast: 10, editedPercent: 50 };

/** An earlier backup that one is held against: the last that is not suspicious, and of such the newest that are 7 and 30 days older. */
export const measures = ['last', 'week', 'month'] as const;
export type Measure = (typeof measures)[number];

export const suspicionKinds = [
  'fewer-objects',
  'schema-gone',
  'schema-not-visible',
  'schema-rekeyed',
  'object-type-gone',
  'object-type-not-visible',
  'attribute-gone',
  'many-edited',
] as const;

/** What makes a backup suspicious. Its texts name places, never a value. */
export interface Suspicion {
  /** `schema-rekeyed`: it has another key by now, so that a backup of chosen keys does not have it any more. */
  readonly kind: (typeof suspicionKinds)[number];
  /** The measure, and the backup that it was: of several that tell the same the newest. */
  readonly measure: Measure;
  readonly against: string;
  /** Ids, of those that name the place; none of `fewer-objects` of all schemas together. */
  readonly schemaId?: string;
  readonly schemaKey?: string;
  readonly objectTypeId?: string;
  readonly attributeId?: string;
  /** Of `fewer-objects` of all schemas together in a backup of chosen ones: the keys that it was asked for. */
  readonly objectSchemaKeys?: readonly string[];
  /**
   * Objects there, and here; of `many-edited` those that are in both, and those of them that have other values. Where a person has
   * accepted that there are fewer, `before` is the number that was accepted.
   */
  readonly before: number;
  readonly now: number;
  /** What was reached, of those that have a threshold. */
  readonly threshold?: Threshold;
  /** One sentence for people. */
  readonly message: string;
}

export interface Threshold {
  readonly percent: number;
  readonly atLeast: number;
}

/** How many objects a backup has against one measure, in the schemas that both were to be made of; what this one could not read is in neither. */
export interface MeasuredCounts {
  readonly measure: Measure;
  /** Null where there is no such backup; then the numbers are 0. */
  readonly against: string | null;
  readonly before: number;
  readonly now: number;
}
