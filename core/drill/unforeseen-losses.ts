import { type Loss, lostValuesOf, type PlanSummary } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import type { ObjectJournalFile } from '../restore/id-map/object-journal.ts';
import type { ObjectPlan } from '../restore/plan-files.ts';
import type { VerificationFile } from '../restore/proof/verify-restore.ts';
import type { RestoreContext } from '../restore/restore-context.ts';
import { StepLosses } from '../restore/step-losses.ts';
import { needJson, needLines, readJson } from '../work-store/json-file.ts';

/** What a drill's restore has lost: what its plan foresaw, and what nobody did. */
export interface DrillLosses {
  readonly foreseen: readonly Loss[];
  readonly unforeseen: readonly Loss[];
}

/** Steps that note losses. */
const stages = ['plan', 'configuration', 'comments', 'constraints', 'relaxed', 'verify'] as const;

/** Reads what the steps of the restore have left; `services` are the drill's. Throws DamagedWorkFileError. */
export async function drillLosses(
  services: Services,
  { keys, journals }: RestoreContext,
  restore: string,
): Promise<DrillLosses> {
  const { work } = services;
  const summary = await needJson<PlanSummary>(work, keys.plan);
  const plan = await needJson<ObjectPlan>(work, keys.objectPlan);
  const foreseen: Loss[] = [];
  for (const file of summary.lossFiles) foreseen.push(...(await needLines<Loss>(work, file)));
  const met = new Map<string, Loss>();
  const meet = (loss: Loss) =>
    met.set(JSON.stringify([loss.kind, loss.source, loss.attribute, loss.reason, loss.refersTo?.key]), loss);
  for (const stage of stages) (await StepLosses.open(services, restore, stage)).all.forEach(meet);
  for (let batch = 0; batch < plan.batches; batch += 1) {
    const journal = await readJson<ObjectJournalFile>(work, journals.objects(restore, batch));
    for (const [source, entry] of Object.entries(journal?.entries ?? {})) {
      if (entry.state === 'refused') entry.losses.forEach(meet);
      if (entry.state === 'ambiguous')
        meet({
          kind: 'object',
          source,
          where: source,
          values: 1,
          reason: 'its answer was lost, and several may be it',
        });
    }
  }
  (await needJson<VerificationFile>(work, keys.verification)).losses.forEach(meet);
  return { foreseen, unforeseen: beyond(foreseen, [...met.values()]) };
}

/** Losses of a thing, or of an attribute of an object, of which more was lost than was foreseen of it. */
function beyond(foreseen: readonly Loss[], met: readonly Loss[]): Loss[] {
  const left = new Map<string, number>();
  for (const loss of foreseen) left.set(placeOf(loss), (left.get(placeOf(loss)) ?? 0) + lostValuesOf(loss));
  return met.filter((loss) => {
    const expected = left.get(placeOf(loss)) ?? 0;
    left.set(placeOf(loss), Math.max(0, expected - lostValuesOf(loss)));
    return lostValuesOf(loss) > expected;
  });
}

const placeOf = ({ kind, source, attribute }: Loss) => JSON.stringify([kind, source, attribute]);
