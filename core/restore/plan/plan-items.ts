import { createHash, type Hash } from 'node:crypto';
import {
  type ItemAction,
  type ItemKind,
  itemActions,
  itemKinds,
  type PlanCounts,
  type PlanItem,
  type RestoreChoices,
} from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { type ListWriter, workList } from '../../work-store/list-writer.ts';
import type { ConfigurationPlan, Planned } from '../plan-files.ts';
import type { ObjectDecision } from './plan-objects.ts';

/**
 * Writes the items of a plan, a line each, and makes its hash: of the choices, the backup's manifest, and each item's
 * action with its precondition. Nothing else goes in, so the same plan has the same hash whenever it is made.
 */
export class PlanItems {
  readonly #lines: ListWriter<string>;
  readonly #hash: Hash = createHash('sha256');
  readonly #counts = Object.fromEntries(itemKinds.map((kind) => [kind, noCounts()])) as Record<
    ItemKind,
    Record<ItemAction, number>
  >;

  constructor(work: WorkStore, keyOf: (number: number) => string, choices: RestoreChoices, manifestDigest: string) {
    this.#lines = workList(work, keyOf);
    this.#hash.update(JSON.stringify([decisive(choices), manifestDigest]));
  }

  get files(): readonly string[] {
    return this.#lines.files;
  }

  get counts(): PlanCounts {
    return this.#counts;
  }

  async add(item: PlanItem): Promise<void> {
    this.#counts[item.kind][item.action] += 1;
    this.#hash.update(`\n${JSON.stringify([item.kind, item.source, item.action, item.precondition])}`);
    await this.#lines.add(item);
  }

  /** Writes the rest; gives the hash, 64 hex digits. */
  async close(): Promise<string> {
    await this.#lines.close();
    return this.#hash.digest('hex');
  }
}

/**
 * The choices as version 0.1.0 wrote them, in its order and with what it had besides, so that a plan which it showed can still
 * be approved. Whether it is a dry run, and what was approved, is not what would be done.
 */
function decisive({ dryRun, approve, ...choices }: RestoreChoices) {
  const { backup, schemas, processObjects, processComments, processHistory, setAttributeRestrictions, ...more } =
    choices;
  const { include, onExisting, intoExisting, relaxConstraints, users, whatIsWhole, same, sameFile, ...later } = more;
  return {
    ...{ backup, schemas, processObjects, processComments, processHistory, setAttributeRestrictions },
    ...{ include: { ...include, missing: false }, onExisting, intoExisting, relaxConstraints, users },
    ...(whatIsWhole && { whatIsWhole }),
    ...(same.length > 0 && { same }),
    ...(sameFile !== null && { sameFile }),
    ...later,
  };
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
  return lists.flatMap(([kind, planned]) =>
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
