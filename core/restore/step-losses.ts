import type { Loss } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import { readJson, writeJson } from '../work-store/json-file.ts';
import { restoreKeys } from './restore-keys.ts';

/** Collects what one step could not bring back, and keeps it in the work store under the step's name. */
export class StepLosses {
  readonly #services: Pick<Services, 'work'>;
  readonly #key: string;
  readonly #losses = new Map<string, Loss>();

  private constructor(services: Pick<Services, 'work'>, key: string) {
    this.#services = services;
    this.#key = key;
  }

  /** Those of an earlier invocation of the same stage are taken up. */
  static async open(services: Pick<Services, 'work'>, restore: string, stage: string): Promise<StepLosses> {
    const losses = new StepLosses(services, restoreKeys(restore).losses(stage));
    for (const loss of (await readJson<Loss[]>(services.work, losses.#key)) ?? [])
      losses.#losses.set(nameOf(loss), loss);
    return losses;
  }

  /** The same loss noted again, by a step that runs once more, is one. */
  add(loss: Loss): void {
    this.#losses.set(nameOf(loss), loss);
  }

  get all(): readonly Loss[] {
    return [...this.#losses.values()];
  }

  async save(): Promise<void> {
    if (this.#losses.size > 0) await writeJson(this.#services.work, this.#key, this.all);
  }
}

const nameOf = ({ kind, source, attribute, reason }: Loss) => JSON.stringify([kind, source, attribute, reason]);
