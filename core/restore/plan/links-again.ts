import { type ApiRecord, textOf } from '../../model/json.ts';
import type { LinkedAgain } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { type ListWriter, workList } from '../../work-store/list-writer.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import type { Judgement } from '../values/judge-object.ts';
import { LinkedCounts, type LinkedReference } from '../values/linked-counts.ts';
import type { Resolved } from '../values/prepare-object.ts';

/** References of objects that survived, to objects that are made anew: listed in files, and counted by schema. */
export class LinksAgain {
  readonly #lines: ListWriter<string>;
  readonly #counts = new LinkedCounts();

  constructor(work: WorkStore, keys: RestoreKeys) {
    this.#lines = workList(work, keys.plannedLinks);
  }

  get files(): readonly string[] {
    return this.#lines.files;
  }

  get counted(): LinkedAgain {
    return this.#counts.counted;
  }

  /** @param keyOf the key of what a value leads to, where it is on the target by now */
  async add(
    object: ApiRecord,
    { attribute, missing }: Judgement,
    keyOf: (on: Resolved) => string | undefined,
  ): Promise<void> {
    const source = String(object.id);
    const place = { source, where: textOf(object.objectKey) ?? source, attribute: attribute.attribute.name };
    for (const { key: refersTo, on } of missing) {
      const now = keyOf(on);
      const link: LinkedReference = { ...place, ...(refersTo && { refersTo }), ...(now && { now }) };
      this.#counts.add(link);
      await this.#lines.add(link);
    }
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}
