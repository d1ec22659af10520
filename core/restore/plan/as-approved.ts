import type { ItemKind, LeftByApproval } from '../../model/restore.ts';
import type { Planned } from '../plan-files.ts';
import type { ComparedTarget, TargetInput } from './compare-target.ts';
import { type JudgedBy, type JudgedPlan, judgePlan } from './judge-plan.ts';
import { leftWrites, type PlannedWrite, PlanWrites, subjectOf } from './plan-writes.ts';
import { isOfRelaxation, relaxationWrites } from './write-digests.ts';

/**
 * The plan as far as an approved one holds it. What is left takes along whatever would be made without it, or otherwise: until
 * each write that remains is just as it was approved.
 */
export async function asApproved(
  input: TargetInput,
  compared: ComparedTarget,
  by: JudgedBy,
  whole: JudgedPlan,
): Promise<{ judged: JudgedPlan; left: LeftByApproval }> {
  const { services, run, choices } = input;
  const { approve } = choices;
  if (approve === null || approve === whole.writes.hash) {
    return { judged: whole, left: { notApproved: null, droppedOut: null } };
  }
  const approved = await PlanWrites.kept(services.work, run.workspace.workspaceId, approve);
  const left = new Set<string>();
  let judged = whole;
  for (;;) {
    const others = judged.writes.without(approved);
    if (others.length === 0) break;
    for (const write of others) left.add(subjectOf(write));
    const parts = compared.leaving(left);
    judged = await judgePlan(input, { ...compared, ...parts, advance: () => undefined }, by, left);
  }
  await judged.writes.keep(services.work);
  const notApproved = leftWrites(whole.writes.without(judged.writes));
  const there = madeAlready(judged, compared, input);
  const inTheWay = new Set(relaxationWrites(whole.plan).map(subjectOf));
  const isDone = (write: PlannedWrite) =>
    there.has(subjectOf(write)) || (isOfRelaxation(write) && !inTheWay.has(subjectOf(write)));
  const dropped = approved.without(judged.writes).filter((write) => !isDone(write));
  return {
    judged,
    left: {
      notApproved: notApproved && { ...notApproved, hash: whole.writes.hash },
      droppedOut: leftWrites(dropped),
    },
  };
}

/** What was approved to be made or set back, and has been since: by this very restore, where it was stopped. */
function madeAlready(
  { plan, decisions }: JudgedPlan,
  { scan }: ComparedTarget,
  { reading }: TargetInput,
): ReadonlySet<string> {
  const there = ({ target }: { readonly target?: unknown }) => target !== undefined;
  const of = (kind: ItemKind, list: readonly Planned[]) =>
    list.filter(there).map(({ source }) => subjectOf({ kind, source }));
  return new Set([
    ...of('schema', plan.schemas),
    ...of('status-type', plan.statusTypes),
    ...of('reference-type', plan.referenceTypes),
    ...of('icon', plan.icons),
    ...of('object-type', plan.types),
    ...of('attribute', plan.attributes),
    ...decisions.flatMap((decision, number) =>
      decision?.target && (decision.target.isOwn || reading.isEqual(decision.target.id))
        ? [subjectOf({ kind: 'object', source: scan.ids[number] ?? '' })]
        : [],
    ),
  ]);
}
