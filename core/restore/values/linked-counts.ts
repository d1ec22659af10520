import type { LinkedAgain } from '../../model/restore.ts';

/** A reference of an object that was there, to one that had been deleted. */
export interface LinkedReference {
  readonly source: string;
  /** The object's key on the source site. */
  readonly where: string;
  readonly attribute: string;
  /** The key of what it referred to on the source site. */
  readonly refersTo?: string;
  /** That object's key on the target, where the plan knows it already. */
  readonly now?: string;
}

/** Counts references that are linked again, by the schema in which they stand. */
export class LinkedCounts {
  readonly #schemas = new Map<string, { references: number; objects: Set<string> }>();

  get counted(): LinkedAgain {
    const schemas = [...this.#schemas].map(([key, { references, objects }]) => ({
      key,
      references,
      objects: objects.size,
    }));
    return {
      references: schemas.reduce((sum, { references }) => sum + references, 0),
      objects: schemas.reduce((sum, { objects }) => sum + objects, 0),
      schemas,
    };
  }

  add({ where }: LinkedReference): void {
    const key = where.slice(0, Math.max(0, where.lastIndexOf('-')));
    const schema = this.#schemas.get(key) ?? { references: 0, objects: new Set() };
    this.#schemas.set(key, schema);
    schema.references += 1;
    schema.objects.add(where);
  }
}
