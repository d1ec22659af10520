import type { WorkStore } from '../../ports/work-store.ts';
import { ListWriter } from '../../work-store/list-writer.ts';
import type { diffKeys } from '../diff-keys.ts';
import type { Change, DiffLine, TypeCounts } from '../diff-lines.ts';

const linesAFile = 5_000;

type Counts = { -readonly [Field in keyof TypeCounts]: TypeCounts[Field] };

/** Differences as they are found: into files of the work store, and counted by schema and type. */
export class FoundLines {
  readonly #list: ListWriter<string>;
  readonly #counts: Map<string, Counts>;
  readonly #configuration: Record<Change, number>;

  /** @param invocation by its number one that is tried again writes over what its first try has left */
  constructor(
    work: WorkStore,
    keys: ReturnType<typeof diffKeys>,
    invocation: number,
    before: { readonly counts: readonly TypeCounts[]; readonly configuration: Readonly<Record<Change, number>> },
  ) {
    this.#list = new ListWriter(linesAFile, async (part, text) => {
      const key = keys.lines(invocation, part);
      await work.write(key, text);
      return key;
    });
    this.#counts = new Map(before.counts.map((counts) => [nameOf(counts), { ...counts }]));
    this.#configuration = { ...before.configuration };
  }

  async add(line: DiffLine): Promise<void> {
    if (line.kind === 'object') this.#of(line)[line.change] += 1;
    else this.#configuration[line.change] += 1;
    await this.#list.add(line);
  }

  same(place: { readonly schema: string; readonly type: string }, objects: number): void {
    if (objects > 0) this.#of(place).same += objects;
  }

  /** Writes what is waiting, and gives what this invocation has written. */
  async close(): Promise<readonly string[]> {
    await this.#list.close();
    return this.#list.files;
  }

  get counts(): readonly TypeCounts[] {
    return [...this.#counts.values()].toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  }

  get configuration(): Readonly<Record<Change, number>> {
    return this.#configuration;
  }

  #of({ schema, type }: { readonly schema: string; readonly type: string }): Counts {
    const name = nameOf({ schema, type });
    const counts = this.#counts.get(name) ?? { schema, type, added: 0, removed: 0, changed: 0, same: 0 };
    this.#counts.set(name, counts);
    return counts;
  }
}

const nameOf = ({ schema, type }: { readonly schema: string; readonly type: string }) => JSON.stringify([schema, type]);
