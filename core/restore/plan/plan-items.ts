import {
  type CountedKind,
  type ItemAction,
  itemActions,
  itemKinds,
  type PlanCounts,
  type PlanItem,
} from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { type ListWriter, workList } from '../../work-store/list-writer.ts';
import { demanded, relaxedReason } from '../configuration/relaxation.ts';
import type { ConfigurationPlan, Planned } from '../plan-files.ts';
import type { ObjectDecision } from './plan-objects.ts';

/** Writes the items of a plan, a line each, and counts them. */
export class PlanItems {
  readonly #lines: ListWriter<string>;
  readonly #counts = Object.fromEntries(itemKinds.map((kind) => [kind, noCounts()])) as Record<
    CountedKind,
    Record<ItemAction, number>
  >;

  constructor(work: WorkStore, keyOf: (number: number) => string) {
    this.#lines = workList(work, keyOf);
  }

  get files(): readonly string[] {
    return this.#lines.files;
  }

  get counts(): PlanCounts {
    return this.#counts;
  }

  async add(item: PlanItem): Promise<void> {
    this.#counts[item.kind][item.action] += 1;
    await this.#lines.add(item);
  }

  /** Writes the rest. */
  async close(): Promise<void> {
    await this.#lines.close();
  }
}

export function noCounts(): Record<ItemAction, number> {
  return Object.fromEntries(itemActions.map((action) => [action, 0])) as Record<ItemAction, number>;
}

/** The items of everything but objects. */
export function configurationItems(plan: ConfigurationPlan): PlanItem[] {
  const lists: readonly (readonly [PlanItem['kind'], readonly Planned[]])[] = [
    ['schema', plan.schemas],
    ['status-type', plan.statusTypes],
    ['reference-type', plan.referenceTypes],
    ['icon', plan.icons],
    ['object-type', plan.types],
    ['attribute', plan.attributes],
  ];
  const items = lists.flatMap(([kind, planned]) =>
    planned.map(({ source, action, where, reason, precondition, target }) => ({
      kind,
      source,
      action,
      where,
      reason,
      precondition,
      ...(target !== undefined && { target }),
    })),
  );
  return [...items, ...relaxedItems(plan)];
}

/** Of what is relaxed of attributes that the backup does not have. */
function relaxedItems({ attributes, relaxed }: ConfigurationPlan): PlanItem[] {
  const known = new Set(attributes.map(({ target }) => target));
  return relaxed
    .filter(({ id }) => !known.has(id))
    .map((relaxation) => ({
      ...{ kind: 'attribute', action: 'update', source: relaxation.source, where: relaxation.where },
      ...{ reason: relaxedReason(relaxation), precondition: demanded(relaxation), target: relaxation.id },
    }));
}

/** The items of the objects, in the order of the backup. */
export function* objectItems(
  scan: StoredObjects,
  decisions: readonly (ObjectDecision | undefined)[],
): Generator<PlanItem> {
  for (const [number, decision] of decisions.entries()) {
    // Objects that nobody chose are named where they are written to.
    if (!decision || (decision.refersBy && decision.action !== 'update')) continue;
    const { action, reason, precondition, target } = decision;
    yield {
      kind: 'object',
      source: scan.ids[number] ?? '',
      action,
      where: scan.keys[number] ?? '',
      reason,
      precondition,
      ...(target && { target: target.id }),
    };
  }
}
