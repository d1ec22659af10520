import { type ApiRecord, isRecord, textOf } from '../../model/json.ts';
import type { ChangedValues } from '../../model/restore.ts';

const shownPlaces = 100;

/** An attribute of an object that somebody has changed since the backup. */
export interface ChangedAttribute {
  readonly source: string;
  /** The object's key on the source site. */
  readonly where: string;
  /** Name of its object type. */
  readonly type: string;
  readonly attribute: string;
}

export function changedAttribute(stored: ApiRecord, attribute: string): ChangedAttribute {
  const source = String(stored.id);
  const type = isRecord(stored.objectType) ? textOf(stored.objectType.name) : undefined;
  return { source, where: textOf(stored.objectKey) ?? source, type: type ?? '', attribute };
}

/** What stands for an attribute where somebody has moved the object to another object type. */
export const itsType = 'its object type';

/** Counts what somebody has changed, by type and attribute. */
export class ChangedCounts {
  readonly #places = new Map<string, number>();
  readonly #objects = new Set<string>();
  #attributes = 0;

  get counted(): ChangedValues {
    const places = [...this.#places].map(([where, objects]) => ({ where, objects }));
    return {
      attributes: this.#attributes,
      objects: this.#objects.size,
      places: places.toSorted((a, b) => b.objects - a.objects).slice(0, shownPlaces),
    };
  }

  add({ source, where, type, attribute }: ChangedAttribute): void {
    const schema = where.slice(0, Math.max(0, where.lastIndexOf('-')));
    const place = `${[schema, type].filter((name) => name !== '').join(' / ')}: ${attribute}`;
    this.#places.set(place, (this.#places.get(place) ?? 0) + 1);
    this.#objects.add(source);
    this.#attributes += 1;
  }
}
