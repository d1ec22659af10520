import type { Product } from '../../cli/command-context.ts';
import {
  type ItemAction,
  itemActions,
  itemKinds,
  type Loss,
  type PlanCounts,
  type PlanSummary,
  type RestoreReport,
  type RestoreResult,
} from '../../core/model/restore.ts';
import { LossGroups } from '../../core/restore/loss-groups.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import type { LocalRestoreOptions } from '../../local/local-restore.ts';
import { openLocalStores } from '../../local/local-stores.ts';

const backup = '2026-11-23_02-00-00';

export const restoreName = `${backup}_3f9a1c2e`;
export const hash = '0123456789abcdef'.repeat(4);
export const keys = restoreKeys(restoreName);

const workspace = {
  workspaceId: 'f1668d0c-828c-470c-b7d1-8c4f48cd345a',
  siteName: 'https://myorganization.atlassian.net',
  apiUrl: 'https://api.atlassian.com',
  login: 'basic',
} as const;

export function counts(some: Partial<Record<ItemAction, number>> = {}): Record<ItemAction, number> {
  return { ...(Object.fromEntries(itemActions.map((action) => [action, 0])) as Record<ItemAction, number>), ...some };
}

export function planCounts(some: Partial<PlanCounts> = {}): PlanCounts {
  return { ...(Object.fromEntries(itemKinds.map((kind) => [kind, counts()])) as PlanCounts), ...some };
}

function grouped(losses: readonly Loss[] = []) {
  const groups = new LossGroups();
  for (const loss of losses) groups.add(loss);
  return groups.grouped;
}

export function planSummary(fields: Partial<PlanSummary> = {}): PlanSummary {
  const schema = { action: 'create', reason: '', types: [] } as const;
  return {
    restore: restoreName,
    backup,
    target: 'https://target.atlassian.net',
    hash,
    schemas: [
      {
        ...schema,
        from: 'FAC',
        to: 'FAC_IMP',
        name: 'Facilities [Imported]',
        objects: counts({ create: 1204 }),
        types: [{ name: 'Office', objects: counts({ create: 1204 }) }],
      },
      { ...schema, from: 'USERS', to: 'USERS', name: 'Users', objects: counts({ create: 22, reuse: 10_000 }) },
    ],
    counts: planCounts({
      schema: counts({ create: 2 }),
      'object-type': counts({ create: 3 }),
      attribute: counts({ create: 31 }),
      object: counts({ create: 1226, reuse: 10_000 }),
      comment: counts({ create: 233 }),
    }),
    writes: 1495,
    requests: 1502,
    minutes: 3.2,
    missingAccounts: [],
    missingGroups: [],
    outsideKept: 0,
    outsideLost: 0,
    objectsNow: 10_000,
    objectsAfterwards: 11_226,
    losses: [],
    lossFiles: [keys.plannedLosses(1)],
    linkFiles: [],
    changedFiles: [],
    overwrittenFiles: [],
    lossCount: 0,
    lossGroups: grouped(fields.losses),
    linked: { references: 0, objects: 0, schemas: [] },
    changed: { attributes: 0, objects: 0, places: [] },
    overwritten: { attributes: 0, objects: 0, places: [] },
    clashes: { attributes: 0, objects: 0, places: [] },
    cameLater: { objects: 0, types: [], files: [] },
    approvals: [],
    notApproved: null,
    droppedOut: null,
    warnings: [],
    itemFiles: [keys.items(1), keys.items(2)],
    usersTemplate: null,
    ...fields,
  };
}

export function report(fields: Partial<RestoreReport> = {}): RestoreReport {
  return {
    restore: restoreName,
    backup,
    source: workspace,
    target: { ...workspace, siteName: 'https://target.atlassian.net' },
    startedAt: '2026-11-24T08:00:00.000Z',
    finishedAt: '2026-11-24T08:03:05.000Z',
    writtenBy: 'assets-backup 0.1.0',
    hash,
    outcome: 'restored',
    schemas: [
      { from: 'FAC', to: 'FAC_IMP', targetId: '7', created: 1204, reused: 0, updated: 0, lost: 0 },
      { from: 'USERS', to: 'USERS', targetId: '8', created: 22, reused: 10_000, updated: 0, lost: 0 },
    ],
    counts: {
      created: 1226,
      reused: 10_000,
      updated: 0,
      comments: 233,
      historyComments: 1226,
      objectsCompared: 11_226,
      valuesCompared: 61_004,
    },
    oldestActivity: { history: '2026-11-10T02:00:00.000Z', comments: '2026-11-12T02:00:00.000Z' },
    requests: { 'object-create': 1226, 'object-update': 0, configuration: 37 },
    losses: [],
    lossCount: 0,
    lossGroups: grouped(fields.losses),
    linked: { references: 0, objects: 0, schemas: [] },
    changed: { attributes: 0, objects: 0, places: [] },
    overwritten: { attributes: 0, objects: 0, places: [] },
    differences: [],
    differenceCount: 0,
    notices: [],
    neverRestored: ['keys, created and updated of objects: Assets makes them anew'],
    files: {
      ...{ losses: null, differences: null, changed: null, overwritten: null },
      ...{ keys: keys.keyTable, links: null, referencesByHand: null },
    },
    ...fields,
  };
}

export function resultOf(fields: Partial<RestoreResult> = {}): RestoreResult {
  return {
    restore: restoreName,
    backup,
    outcome: 'restored',
    hash,
    plan: keys.plan,
    report: keys.report,
    where: `.work/${keys.report}`,
    created: 1226,
    reused: 10_000,
    updated: 0,
    comments: 233,
    losses: 0,
    differences: 0,
    message: 'Restored.',
    ...fields,
  };
}

/** What a pretend restore comes to. With a summary only, it is a plan. */
export interface PretendRestore {
  readonly summary?: PlanSummary;
  readonly report?: RestoreReport;
}

/** A restore that writes its plan and its report, and nothing to any site. */
export function restoreAtOnce({ summary = planSummary(), report: made = report() }: PretendRestore = {}) {
  const restore: Product['restore'] = async ({ directory, choices }: LocalRestoreOptions) => {
    const { work } = openLocalStores(directory);
    await work.write(keys.plan, JSON.stringify(summary));
    const isWaiting = summary.approvals.length > 0 && choices.approve === null;
    if (choices.dryRun || isWaiting) {
      const approve = { hash, because: summary.approvals, input: { folder: backup, approve: hash } };
      return resultOf({
        outcome: choices.dryRun ? 'planned' : 'needs-approval',
        report: null,
        ...(isWaiting && { approve }),
      });
    }
    await work.write(keys.report, JSON.stringify(made));
    return resultOf({ outcome: made.outcome, losses: made.lossCount, differences: made.differenceCount });
  };
  return restore;
}
