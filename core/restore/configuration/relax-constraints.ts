import { messageOf, NotFoundError, RequestRefusedError } from '../../errors.ts';
import { type AttributeId, idOf, type ObjectTypeId } from '../../model/ids.ts';
import type { Loss, RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter, AttributeFields } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { needJson, writeJson } from '../../work-store/json-file.ts';
import {
  type ConfigurationIntents,
  noteRelaxed,
  type OwnConfiguration,
  type Relaxed,
} from '../id-map/configuration-journal.ts';
import { type JournalKeys, restoreKeys } from '../restore-keys.ts';
import { StepLosses } from '../step-losses.ts';
import { withoutRefusedFields } from './create-once.ts';
import { fieldsToSet, type Relaxation } from './relaxation.ts';

interface RelaxInput {
  readonly services: Services;
  readonly run: RestoreRun;
  readonly journals: JournalKeys;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
}

/** What `status` reads: the attributes that a restore has relaxed, until they are put back. */
export interface RelaxedFile {
  readonly attributes: readonly { readonly where: string; readonly id: string }[];
  readonly putBack: boolean;
}

/** Under which name is kept what could not be taken off or put back. */
export const relaxedStage = 'relaxed';

/**
 * Takes off what is in the way of the objects, and puts it back, exactly as it stood. The journal of the restore holds both before
 * anything is taken off, so that whoever comes after a restore that was stopped can put it back. What is neither as it stood nor as
 * it was left for the time of the restore is somebody's work, and stays.
 */
export class RelaxedAttributes {
  readonly #input: RelaxInput;
  readonly #losses: StepLosses;

  private constructor(input: RelaxInput, losses: StepLosses) {
    this.#input = input;
    this.#losses = losses;
  }

  /** Its losses are its own: what was not put back is put back later, and no journal is to repeat it then. */
  static async open(input: RelaxInput): Promise<RelaxedAttributes> {
    return new RelaxedAttributes(input, await StepLosses.open(input.services, input.run.restore, relaxedStage));
  }

  /** What was refused. */
  get losses(): readonly Loss[] {
    return this.#losses.all;
  }

  /** What the journal of this restore already names. */
  async takeOff(relaxations: readonly Relaxation[]): Promise<void> {
    if (relaxations.length === 0) return;
    await this.#tell({ restore: this.#input.run.restore, attributes: relaxations });
    for (const relaxation of relaxations) {
      const { before, meanwhile } = relaxation;
      await this.#set(relaxation, before, meanwhile, 'what it demands was not taken off');
    }
    await this.#losses.save();
  }

  /** What other restores left relaxed. */
  async putBackOfOthers({ allRelaxed }: Pick<OwnConfiguration, 'allRelaxed'>): Promise<void> {
    for (const relaxed of allRelaxed) if (relaxed.restore !== this.#input.run.restore) await this.#putBack(relaxed);
  }

  /** What this restore has taken off. */
  async putBackOwn(): Promise<void> {
    const { services, journals, run } = this.#input;
    const { work } = services;
    const { restore } = run;
    const { relaxed: attributes = [] } = await needJson<ConfigurationIntents>(work, journals.configuration(restore));
    if (attributes.length > 0) await this.#putBack({ restore, attributes });
  }

  /** What cannot be put back stays noted: the next restore tries again. */
  async #putBack({ restore, attributes }: Relaxed): Promise<void> {
    const left: Relaxation[] = [];
    for (const relaxation of attributes) {
      const { before, meanwhile } = relaxation;
      const isSet = await this.#set(relaxation, meanwhile, before, 'what it demanded was not put back');
      if (!isSet) left.push(relaxation);
    }
    await this.#losses.save();
    await noteRelaxed(this.#input.services.work, this.#input.journals, { restore, attributes: left });
    await this.#tell({ restore, attributes: left.length > 0 ? left : attributes, isBack: left.length === 0 });
  }

  async #tell({ restore, attributes, isBack = false }: Relaxed & { readonly isBack?: boolean }): Promise<void> {
    await writeJson<RelaxedFile>(this.#input.services.work, restoreKeys(restore).relaxed, {
      attributes: attributes.map(({ where, id }) => ({ where, id })),
      putBack: isBack,
    });
  }

  /** False where the target refused something of it. */
  async #set(
    { source, where, type, id }: Relaxation,
    from: AttributeFields,
    to: AttributeFields,
    what: string,
  ): Promise<boolean> {
    const { services, run, reader, writer } = this.#input;
    let isWhole = true;
    const lose = (why: string) => {
      isWhole = false;
      this.#losses.add({ kind: 'attribute', source, where, values: 0, reason: `${what}: ${why}` });
    };
    try {
      const records = await reader.attributes(type as ObjectTypeId);
      const record = records.find((candidate) => idOf(candidate) === id);
      const fields = record ? fieldsToSet(record, from, to) : {};
      if (Object.keys(fields).length === 0) return true;
      await checkSiteLock(services, run);
      await withoutRefusedFields(
        fields,
        [],
        (left) => writer.updateAttribute(type as ObjectTypeId, id as AttributeId, left),
        (field) => lose(`the target does not take "${field}"`),
      );
    } catch (error) {
      // A type that is gone has no attribute to put back.
      if (error instanceof NotFoundError) return true;
      if (!(error instanceof RequestRefusedError)) throw error;
      lose(messageOf(error));
    }
    return isWhole;
  }
}
