import type { Loss } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { readJson } from '../../work-store/json-file.ts';
import type { ObjectJournalFile } from '../id-map/object-journal.ts';
import type { ObjectStage } from '../objects/object-stage.ts';

/** Why values were not written in this run, as far as anybody said: by the object's source id and the attribute's name. */
export type Refusals = ReadonlyMap<string, ReadonlyMap<string, string>>;

export async function refusalsOf(work: WorkStore, stage: ObjectStage, restore: string): Promise<Refusals> {
  const refusals = new Map<string, Map<string, string>>();
  const note = ({ source, attribute, reason }: Loss) => {
    if (attribute === undefined) return;
    refusals.set(source, (refusals.get(source) ?? new Map<string, string>()).set(attribute, reason));
  };
  for (let batch = 0; batch < stage.plan.batches; batch += 1) {
    const journal = await readJson<ObjectJournalFile>(work, stage.context.journals.objects(restore, batch));
    for (const entry of Object.values(journal?.entries ?? {})) {
      if (entry.state === 'created') entry.losses?.forEach(note);
    }
  }
  (await readJson<Loss[]>(work, stage.context.keys.losses('links')))?.forEach(note);
  return refusals;
}
