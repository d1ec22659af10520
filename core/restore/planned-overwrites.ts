import type { PlanSummary } from '../model/restore.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { needJson, needLines } from '../work-store/json-file.ts';
import type { RestoreKeys } from './restore-keys.ts';
import type { ChangedAttribute } from './values/changed-values.ts';

/** What the plan of a restore sets back. */
export class PlannedOverwrites {
  readonly all: readonly ChangedAttribute[];
  readonly #names: ReadonlySet<string>;

  private constructor(all: readonly ChangedAttribute[]) {
    this.all = all;
    this.#names = new Set(all.map(({ source, attribute }) => `${source} ${attribute}`));
  }

  static async read(work: WorkStore, keys: RestoreKeys): Promise<PlannedOverwrites> {
    const { overwrittenFiles } = await needJson<PlanSummary>(work, keys.plan);
    const all: ChangedAttribute[] = [];
    for (const file of overwrittenFiles)
      for (const line of await needLines<ChangedAttribute>(work, file)) all.push(line);
    return new PlannedOverwrites(all);
  }

  has(source: string, attribute: string): boolean {
    return this.#names.has(`${source} ${attribute}`);
  }
}
