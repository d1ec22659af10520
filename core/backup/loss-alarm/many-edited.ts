import type { ActivityLine } from '../../backup-format/activity-list.ts';
import type { Manifest } from '../../backup-format/manifest.ts';
import { ExpectedObjects } from '../../comparison/expected-objects.ts';
import { counted, readableCount } from '../../counted.ts';
import type { Suspicion } from '../../model/loss-alarm.ts';
import { acceptedSince } from './accepted-losses.ts';
import type { AgainstMeasure, EditedObjects } from './against-measure.ts';
import { reaches } from './threshold.ts';

/**
 * The values of a measure, by object: a digest each, and nothing else of them, since there may be a million. Objects of which a night
 * has no such digest tell nothing.
 */
export class MeasuredValues {
  readonly #expected: ExpectedObjects;
  readonly #capacity: number;
  /** By the number that stands for a type. */
  readonly #typeIds: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #both: number[] = [];
  readonly #edited: number[] = [];

  constructor({ counts }: Pick<Manifest, 'counts'>) {
    this.#capacity = counts.objects;
    this.#expected = new ExpectedObjects(counts.objects);
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#expected.bytes;
  }

  /** A line of the measure. */
  expect({ object, type, values }: Pick<ActivityLine, 'object' | 'type' | 'values'>): void {
    // An object that moved while it was read has two lines.
    if (values === undefined || this.#expected.count === this.#capacity) return;
    this.#expected.expect(this.#numberOf(type), object, values);
  }

  /** A line of this night. */
  see({ object, type, values }: Pick<ActivityLine, 'object' | 'type' | 'values'>): void {
    if (values === undefined) return;
    const number = this.#expected.numberOf(object);
    if (number === undefined || this.#typeIds[number] !== type || this.#expected.seen(object) !== 'unseen') return;
    this.#both[number] = (this.#both[number] ?? 0) + 1;
    if (this.#expected.see(object, values) === 'differs') this.#edited[number] = (this.#edited[number] ?? 0) + 1;
  }

  get edited(): EditedObjects[] {
    return this.#typeIds.map((typeId, number) => ({
      typeId,
      both: this.#both[number] ?? 0,
      edited: this.#edited[number] ?? 0,
    }));
  }

  #numberOf(typeId: string): number {
    const known = this.#numbers.get(typeId);
    if (known !== undefined) return known;
    this.#typeIds.push(typeId);
    this.#numbers.set(typeId, this.#typeIds.length - 1);
    return this.#typeIds.length - 1;
  }
}

/** Types of which so many objects have other values than in the measure that it is more than a day's work. */
export function manyEdited({ measure, against, schemas, edited, settings, acceptances }: AgainstMeasure): Suspicion[] {
  const threshold = { percent: settings.editedPercent, atLeast: settings.atLeast };
  const ofType = new Map(edited.map((one) => [one.typeId, one]));
  return schemas.flatMap((schema) => {
    if (!('now' in schema)) return [];
    return schema.types.flatMap(({ before: type, now }): Suspicion[] => {
      const counts = ofType.get(type.id);
      if (!now || !counts || !reaches(counts.edited, counts.both, threshold)) return [];
      const { id: schemaId, key: schemaKey } = schema.now;
      const place = { kind: 'many-edited', schemaId, schemaKey, objectTypeId: type.id } as const;
      if (acceptedSince(acceptances, place, against.name)) return [];
      const message = `${schemaKey}: ${readableCount(counts.edited)} of ${counted(counts.both, 'object')} of ${now.name} ${counts.edited === 1 ? 'has' : 'have'} other values than in ${against.name}.`;
      return [
        { ...place, measure, against: against.name, before: counts.both, now: counts.edited, threshold, message },
      ];
    });
  });
}
