import type { Loss, RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { needJson, readJson } from '../../work-store/json-file.ts';
import type { ObjectJournalFile } from '../id-map/object-journal.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import type { ReusedObject } from '../plan-files.ts';

/** What an object of the backup has become, and what is known to be missing in it. */
export interface Outcome {
  readonly target: string;
  /** Undefined for one that this restore has made, or one before it that was stopped: it has to be equal to the backup. */
  readonly foundAs?: string;
  /** The very object that was backed up: what it refers to outside this restore is what it referred to then. */
  readonly isItself?: boolean;
  readonly lost: Set<string>;
}

/** The outcomes of all objects that were made or found, by their source ids. */
export async function readOutcomes({
  services,
  run,
  stage,
}: {
  readonly services: Services;
  readonly run: RestoreRun;
  readonly stage: ObjectStage;
}): Promise<Map<string, Outcome>> {
  const { work } = services;
  const outcomes = new Map<string, Outcome>();
  const attributesOf = (losses: readonly Loss[] = []) => losses.flatMap(({ attribute }) => attribute ?? []);
  for (let part = 0; part < stage.plan.reusedParts; part += 1) {
    for (const reused of await needJson<ReusedObject[]>(work, stage.context.keys.reused(part))) {
      const { source, target, digest, isStrict, losses } = reused;
      const isItself = stage.context.sameSite && source === target;
      outcomes.set(source, {
        target,
        lost: new Set(attributesOf(losses)),
        ...(!isStrict && { foundAs: digest }),
        ...(isItself && { isItself }),
      });
    }
  }
  for (let batch = 0; batch < stage.plan.batches; batch += 1) {
    const journal = await readJson<ObjectJournalFile>(work, stage.context.journals.objects(run.restore, batch));
    for (const [source, entry] of Object.entries(journal?.entries ?? {})) {
      if (entry.state !== 'created') continue;
      outcomes.set(source, { target: entry.target, lost: new Set(attributesOf(entry.losses)) });
    }
  }
  for (const part of ['plan', 'links']) {
    const losses = await readJson<Loss[]>(work, stage.context.keys.losses(part));
    for (const { kind, source, attribute } of losses ?? []) {
      if (kind === 'object' && attribute !== undefined) outcomes.get(source)?.lost.add(attribute);
    }
  }
  return outcomes;
}
