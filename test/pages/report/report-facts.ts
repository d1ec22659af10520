import { requestBudget } from '../../../core/model/request-budget.ts';
import type { Loss, PlanSummary, RestoreReport } from '../../../core/model/restore.ts';
import { itemKinds } from '../../../core/model/restore.ts';
import type { BackupFacts } from '../../../core/report/backup-facts.ts';
import type { DrillFacts } from '../../../core/report/drill-facts.ts';
import type { RestoreFacts } from '../../../core/report/restore-facts.ts';
import { LossGroups } from '../../../core/restore/loss-groups.ts';
import { noCounts } from '../../../core/restore/plan/plan-items.ts';
import { manifest } from '../../cli/pretend-product.ts';

export const reported = '2026-11-23_02-00-00';
const earlier = '2026-11-22_02-00-00';
const at = '2026-11-23T02:14:05.000Z';

/** Facts of a backup in which `text` stands wherever a site, or whoever names things there, may have written it. */
export function backupFactsWith(text: string, more: Partial<BackupFacts> = {}): BackupFacts {
  const base = manifest();
  const night = {
    startedAt: at,
    finishedAt: at,
    status: 'complete-with-gaps',
    isSuspicious: true,
    objects: 5,
  } as const;
  return {
    manifest: {
      ...base,
      status: 'complete-with-gaps',
      site: { ...base.site, siteName: text, workspaceId: text },
      schemas: base.schemas.map((schema) => ({
        ...schema,
        ...{ key: text, name: text },
        objectTypes: schema.objectTypes.map((type) => ({ ...type, name: text, expected: null })),
      })),
      gaps: [{ kind: 'history', what: text, error: 'E', reason: text, schemaKey: text }],
      notices: [{ kind: 'count-differs', message: text }],
      notOffered: [{ what: text, reason: text }],
      measured: [{ measure: 'last', against: text, before: 2, now: 1 }],
    },
    where: `/backups/${text}`,
    paths: new Map(base.schemas.flatMap(({ objectTypes }) => objectTypes.map(({ id }) => [id, `${text}/${id}`]))),
    damage: [text],
    suspicions: [{ kind: 'fewer-objects', measure: 'last', against: earlier, before: 2, now: 1, message: text }],
    copiedFrom: text,
    previous: earlier,
    changes: {
      types: [{ schema: text, type: text, added: 1, changed: 2, removed: 3 }],
      counts: { added: 1, changed: 2, removed: 3 },
      untold: [text],
    },
    whyNoChanges: text,
    trend: [
      { ...night, backup: earlier, changed: null },
      { ...night, backup: reported, changed: 6 },
    ],
    ...{ madeAt: at, madeBy: 'assets-backup 0.1.0' },
    ...more,
  };
}

/** The same of a restore, with these losses. */
export function restoreFactsWith(
  text: string,
  losses: readonly Loss[] = [lossOf(1, text)],
): Extract<RestoreFacts, { kind: 'restore' }> {
  const { site } = manifest();
  const groups = new LossGroups();
  for (const loss of losses) groups.add(loss);
  const difference = { kind: 'object', source: '1', target: '2', where: text, what: text } as const;
  const places = [{ where: text, objects: 1 }];
  const report: RestoreReport = {
    ...{ restore: `${reported}_1a2b3c4d`, backup: reported, source: { ...site, siteName: text } },
    ...{ target: { ...site, siteName: text }, startedAt: at, finishedAt: at, writtenBy: 'assets-backup 0.1.0' },
    ...{ hash: 'a'.repeat(64), outcome: 'differences-found' },
    schemas: [{ from: text, to: `${text}2`, targetId: '7', created: 1, reused: 2, updated: 3, lost: 4 }],
    counts: {
      ...{ created: 1, reused: 2, updated: 3, comments: 4, historyComments: 5 },
      ...{ objectsCompared: 6, valuesCompared: 7 },
    },
    oldestActivity: { history: null, comments: null },
    requests: { object: 12, retries: 1, throttled: 2 },
    waits: [{ at, seconds: 40, endpoint: 'object' }],
    budget: requestBudget(),
    losses: losses.slice(0, 1_000),
    lossCount: losses.reduce((sum, { values }) => sum + values, 0),
    lossGroups: groups.grouped.slice(0, 100),
    linked: { references: 1, objects: 1, schemas: [{ key: text, references: 1, objects: 1 }] },
    issues: {
      ...{ issues: 1, fields: 1, already: 0, others: 0, lost: 0 },
      places: [{ id: 'customfield_1', name: text, linked: 1 }],
    },
    changed: { attributes: 1, objects: 1, places },
    overwritten: { attributes: 1, objects: 1, places },
    differences: [difference],
    differenceCount: 1,
    notices: [text],
    neverRestored: [text],
    files: {
      ...{ losses: 'restores/r/losses.jsonl', differences: null, changed: null, overwritten: null },
      ...{ keys: 'restores/r/keys.csv', links: null, referencesByHand: null },
    },
  };
  const counts = Object.fromEntries(itemKinds.map((kind) => [kind, { ...noCounts(), create: 1 }]));
  const plan = { ...report, counts, requests: 12, minutes: 3, lossCount: 1, schemas: [] } as unknown as PlanSummary;
  return {
    ...{ kind: 'restore', plan, report, ...pageWith(text) },
    keys: { total: 3, first: [{ old: text, now: text, how: text }] },
  };
}

const pageWith = (text: string) => ({
  ...{ where: `/work/${text}`, pageKey: 'restores/r/report.html', madeAt: at, madeBy: 'assets-backup 0.1.0' },
});

/** The same of a linking of issues alone. */
export function relinkFactsWith(text: string): Extract<RestoreFacts, { kind: 'relink' }> {
  const { report } = restoreFactsWith(text);
  const { losses, lossCount, lossGroups, notices, requests, startedAt, finishedAt, writtenBy, issues } = report;
  const restore = `${reported}_1a2b3c4d`;
  return {
    ...pageWith(text),
    kind: 'relink',
    report: {
      ...{ restore, relink: restore, backup: reported, target: text, startedAt, finishedAt, writtenBy },
      ...{ outcome: 'restored-with-losses', losses, lossCount, lossGroups, notices, requests, lines: null },
      issues: issues as NonNullable<typeof issues>,
    },
  };
}

/** The same of a drill, of which so many things were not covered. */
export function drillFactsWith(text: string, uncovered = 1): DrillFacts {
  return {
    ...pageWith(text),
    report: {
      ...{ drill: `${reported}_1a2b3c4d`, backup: reported, outcome: 'differences-found' },
      ...{ objects: 3, values: 4, comments: 5, differences: 2_000, notCovered: uncovered, minutes: 1.5 },
      ...{ report: 'drills/d/report.json', where: text, message: text, siteName: text, inProduction: true },
      ...{ startedAt: at, finishedAt: at, writtenBy: 'assets-backup 0.1.0' },
      schemas: [{ from: text, to: 'ZD1', objects: 3 }],
      covered: [{ kind: 'text', attributes: 1, values: 2 }],
      uncovered: Array.from({ length: uncovered }, () => ({ what: text, count: 2, reason: text })),
      ...{ found: [text], notices: [text] },
    },
  };
}

export function lossOf(number: number, reason: string): Loss {
  return {
    ...{ kind: 'object', source: String(number), where: `ASSETS-${number}`, attribute: `Attribute ${number % 20}` },
    ...{ values: 1, reason },
  };
}
