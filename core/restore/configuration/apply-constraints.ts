import type { RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { isTimeShort } from '../../runs/time-left.ts';
import { sideBySide } from '../../side-by-side.ts';
import { needJson } from '../../work/json-file.ts';
import { recordRequests } from '../../work/request-counts.ts';
import { finishSchemas } from '../id-map/configuration-journal.ts';
import { ObjectStage } from '../objects/object-stage.ts';
import { restoreKeys } from '../restore-keys.ts';
import { StepLosses } from '../step-losses.ts';
import type { PeopleFile } from '../values/people.ts';
import { ConstraintSetter } from './constraint-setter.ts';

/** Requests in flight come to about as many; the budget sets the speed. */
export const piecesAtOnce = 16;

/**
 * Sets what would have been in the way of the objects: restrictions of attributes, whether other schemas may refer to one, and
 * the order of types and attributes. Touches only what this restore, or one before it that was stopped, has made.
 */
export async function applyConstraints(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  const stage = await ObjectStage.open(services, run);
  const { manifest, choices, keys } = stage.context;
  const reader = site.reader(run.workspace, budget);
  const writer = site.writer(run.workspace, budget);
  const losses = await StepLosses.open(services, run.restore, 'constraints');
  const people = await needJson<PeopleFile>(work, keys.people);
  const { pieces } = new ConstraintSetter({
    stage,
    reader,
    writer,
    losses,
    setsRestrictions: choices.setAttributeRestrictions,
    mapped: new Map(people.mapped),
    sameSite: manifest.site.workspaceId === run.workspace.workspaceId,
  });
  if (from === 0) reporter.planned('constraints', pieces.length);
  try {
    for (let at = from; at < pieces.length; at += piecesAtOnce) {
      if (at > from && isTimeShort(services)) return { next: at };
      await checkSiteLock(services, run.workspace.workspaceId, run.executionId);
      const part = pieces.slice(at, at + piecesAtOnce);
      await sideBySide(part, piecesAtOnce, (piece) => piece());
      reporter.advanced('constraints', part.length);
    }
    const { schemas } = stage.configuration;
    const written = schemas.filter(({ action }) => action !== 'skip').map(({ key }) => key);
    await finishSchemas(work, { run, sourceWorkspaceId: manifest.site.workspaceId }, written, losses.all);
    return { next: null };
  } finally {
    await losses.save();
    await recordRequests(services.work, restoreKeys(run.restore).allRequests, reader);
    await recordRequests(services.work, restoreKeys(run.restore).allRequests, writer);
  }
}
