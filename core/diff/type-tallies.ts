import type { TypeCounts } from './diff-lines.ts';
import type { SideType } from './side.ts';

type Counted = 'added' | 'removed' | 'changed' | 'same';

/** How many objects of each type are what, by the type in which they are; of what is gone, in which they were. */
export class TypeTallies {
  readonly #counts = new Map<string, { readonly type: SideType } & Record<Counted, number>>();

  /** @param types in the order in which they are told, each as it is named; of those of one id the first */
  constructor(types: readonly SideType[]) {
    for (const type of types) {
      if (!this.#counts.has(type.id)) this.#counts.set(type.id, { type, added: 0, removed: 0, changed: 0, same: 0 });
    }
  }

  count({ id }: SideType, what: Counted, number = 1): void {
    const counts = this.#counts.get(id);
    if (counts) counts[what] += number;
  }

  /** Of the types of which there is any object. */
  get all(): TypeCounts[] {
    return [...this.#counts.values()].flatMap(({ type, ...counts }) =>
      Object.values(counts).some((count) => count > 0) ? [{ schema: type.schema.key, type: type.path, ...counts }] : [],
    );
  }
}
