import { type Loss, type LossGroup, lostValuesOf } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { writeJson } from '../../work-store/json-file.ts';
import { type ListWriter, workList } from '../../work-store/list-writer.ts';
import { LossGroups } from '../loss-groups.ts';
import type { RestoreKeys } from '../restore-keys.ts';

const shownLosses = 100;

/**
 * What is known to be lost before anything is written. All of it is listed in files; what no later step will come upon by
 * itself stands, and goes into the report from here.
 */
export class ForeseenLosses {
  readonly first: Loss[] = [];
  /** In values. */
  count = 0;
  readonly #work: WorkStore;
  readonly #keys: RestoreKeys;
  readonly #lines: ListWriter<string>;
  readonly #groups = new LossGroups();
  readonly #standing: Loss[] = [];

  constructor(work: WorkStore, keys: RestoreKeys) {
    this.#work = work;
    this.#keys = keys;
    this.#lines = workList(work, keys.plannedLosses);
  }

  get files(): readonly string[] {
    return this.#lines.files;
  }

  get groups(): readonly LossGroup[] {
    return this.#groups.grouped.slice(0, shownLosses);
  }

  /** `comes`: the step that writes the object meets it again, and reports it. */
  async add(loss: Loss, when: 'stands' | 'comes'): Promise<void> {
    if (this.first.length < shownLosses) this.first.push(loss);
    this.count += lostValuesOf(loss);
    this.#groups.add(loss);

    if (when === 'stands') this.#standing.push(loss);
    await this.#lines.add(loss);
  }

  async close(): Promise<void> {
    await this.#lines.close();
    await writeJson(this.#work, this.#keys.losses('plan'), this.#standing);
  }
}
