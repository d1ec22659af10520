import type { ListedAttribute } from '../../backup-format/attribute-list.ts';
import type { Suspicion } from '../../model/loss-alarm.ts';
import { acceptedSince } from './accepted-losses.ts';
import type { AgainstMeasure } from './against-measure.ts';

/** The attributes of a measure, by type; each that this night has too is taken out. */
export class MeasuredAttributes {
  readonly #ofTypes = new Map<string, Map<string, string>>();

  expect({ type, id, name }: ListedAttribute): void {
    const ofType = this.#ofTypes.get(type) ?? new Map<string, string>();
    this.#ofTypes.set(type, ofType.set(id, name));
  }

  see({ type, id }: ListedAttribute): void {
    this.#ofTypes.get(type)?.delete(id);
  }

  get gone(): ListedAttribute[] {
    return [...this.#ofTypes].flatMap(([type, left]) => [...left].map(([id, name]) => ({ type, id, name })));
  }
}

/** Attributes that a type had and has not any more; of a type whose list could not be read nothing is said. */
export function goneAttributes(held: AgainstMeasure): Suspicion[] {
  const { measure, against, schemas, acceptances } = held;
  const gone = Map.groupBy(held.goneAttributes, ({ type }) => type);
  return schemas.flatMap((schema) => {
    if (!('now' in schema)) return [];
    return schema.types.flatMap(({ before, now }) => {
      if (!now || now.attributes === null) return [];
      return (gone.get(now.id) ?? [])
        .map(({ id, name }): Suspicion => {
          const { id: schemaId, key: schemaKey } = schema.now;
          return {
            ...{ kind: 'attribute-gone', measure, against: against.name, schemaId, schemaKey },
            ...{ objectTypeId: now.id, attributeId: id, before: before.stored, now: now.stored },
            message: `${schemaKey}: ${now.name} has no attribute ${name} any more, which it had in ${against.name}.`,
          };
        })
        .filter((suspicion) => !acceptedSince(acceptances, suspicion, against.name));
    });
  });
}
