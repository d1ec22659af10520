import { counted, readableCount } from '../../core/counted.ts';
import { itemKinds, type PlanSummary } from '../../core/model/restore.ts';
import { objectsAndOthers, roughTime } from '../../core/readable.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import type { PlaceWords } from '../place.ts';
import { notStoredFact } from './backup-report.ts';
import { type RunTrace, traceFact } from './output.ts';
import { otherTable, schemaTable } from './plan-tables.ts';
import {
  cameLaterSection,
  changedSection,
  linkedSection,
  lossSection,
  overwrittenSection,
  plannedIssuesSection,
  schemaMove,
  shownNotices,
} from './restore-words.ts';
import { paragraphs, section } from './section.ts';
import { facts } from './table.ts';

const shownAccounts = 10;
const shownApprovals = 50;

export interface PlanSurroundings {
  readonly place: PlaceWords;
  readonly trace: RunTrace;
  /** The command line that carries out this very plan. */
  readonly next: string;
  /** Where the input file itself asks for no more than a plan, its name: it has to be changed first. */
  readonly planOnlyBy: string | undefined;
  /** A restore was asked for, and stops here for a person's approval. */
  readonly isWaiting: boolean;
}

/** What a restore would do, before anything is done, and how to go on. */
export function planReport(summary: PlanSummary, surroundings: PlanSurroundings): string {
  const { place } = surroundings;
  const keys = restoreKeys(summary.restore);
  return paragraphs([
    schemaTable(summary),
    otherTable(summary),
    planFacts(summary, surroundings),
    section('Schemas that are there', schemaReasons(summary), unabridged),
    missingOnes('Accounts', summary.missingAccounts),
    missingOnes('Groups', summary.missingGroups),
    usersHint(summary, place),
    linkedSection(summary.linked, false, `in ${place.addressOfWork(summary.linkFiles[0] ?? keys.plan)}`),
    plannedIssuesSection(summary.issues, `in ${place.addressOfWork(keys.root)}relink/`),
    overwrittenSection(
      summary.overwritten,
      'would',
      `in ${place.addressOfWork(summary.overwrittenFiles[0] ?? keys.plan)}`,
    ),
    changedSection(summary.changed, `in ${place.addressOfWork(summary.changedFiles[0] ?? keys.plan)}`),
    cameLaterSection(summary.cameLater, `in ${place.addressOfWork(summary.cameLater.files[0] ?? keys.plan)}`),
    lossSection('Known losses', summary, `in ${place.addressOfWork(summary.lossFiles[0] ?? keys.plan)}`),
    section('Warnings', summary.warnings, { shown: shownNotices, rest: `in ${place.addressOfWork(keys.plan)}` }),
    section('To be approved', summary.approvals, {
      shown: shownApprovals,
      rest: `in ${place.addressOfWork(keys.plan)}`,
    }),
    lastLine(summary, surroundings),
  ]);
}

const unabridged = { shown: Number.POSITIVE_INFINITY, rest: '' };

function planFacts(summary: PlanSummary, { place, trace }: PlanSurroundings): string {
  const { backup, target, requests, minutes, outsideKept, outsideLost, objectsNow, objectsAfterwards } = summary;
  const room =
    objectsNow === null
      ? 'the site does not say how many it has'
      : `${readableCount(objectsNow)} now${objectsAfterwards === null ? '' : `, ${readableCount(objectsAfterwards)} afterwards`}`;
  return facts([
    ['Backup', backup],
    ['Target', target],
    ['Objects there', room],
    ['Requests', `${readableCount(requests)}, ${roughTime(minutes * 60_000)}`],
    ...(outsideKept + outsideLost > 0
      ? [
          [
            'References',
            `to objects outside of this restore: ${readableCount(outsideKept)} kept, ${readableCount(outsideLost)} lost`,
          ] as const,
        ]
      : []),
    ...(summary.lossCount > 0 ? [['Values lost', readableCount(summary.lossCount)] as const] : []),
    ...notStoredFact(summary.notStored),
    ['Plan', place.addressOfWork(restoreKeys(summary.restore).plan)],
    ...(summary.itemFiles[0] === undefined
      ? []
      : [['Every item', place.addressOfWork(summary.itemFiles[0].replace(/[^/]*$/, ''))] as const]),
    traceFact(trace),
  ]);
}

function schemaReasons({ schemas }: PlanSummary): string[] {
  return schemas
    .filter(({ action, reason }) => action !== 'create' && reason !== '')
    .map((schema) => `${schemaMove(schema)} (${schema.action}): ${schema.reason}`);
}

function missingOnes(what: 'Accounts' | 'Groups', missing: readonly string[] | null): string {
  if (missing === null) return `${what} of the target are not known: this login may not list them.`;
  return section(`${what} that the target lacks`, missing, { shown: shownAccounts, rest: 'which the template names' });
}

function usersHint({ missingAccounts, missingGroups, usersTemplate }: PlanSummary, place: PlaceWords): string {
  const isAnyMissing = (missingAccounts?.length ?? 0) + (missingGroups?.length ?? 0) > 0;
  if (!isAnyMissing || usersTemplate === null) return '';
  return `To put others in their place: copy this template, fill it in, and name the copy with --users FILE:\n  ${place.addressOfWork(usersTemplate)}`;
}

function lastLine(summary: PlanSummary, { next, planOnlyBy, isWaiting }: PlanSurroundings): string {
  const { counts, lossCount, approvals } = summary;
  const others = itemKinds.filter((kind) => kind !== 'object');
  const written = (kinds: readonly (typeof itemKinds)[number][]) =>
    kinds.reduce((sum, kind) => sum + counts[kind].create + counts[kind].update, 0);
  const conflicts = itemKinds.reduce((sum, kind) => sum + counts[kind].conflict, 0);
  const but = [
    ...(conflicts > 0 ? [`${counted(conflicts, 'conflict')} left alone`] : []),
    ...(lossCount > 0 ? [`${counted(lossCount, 'value')} lost`] : []),
  ];
  const issues = summary.issues?.issues ?? 0;
  const ofIssues = issues > 0 ? `, ${counted(issues, 'issue')} to link again` : '';
  const amount = `${objectsAndOthers(written(['object']), written(others))} to write${ofIssues}`;
  const plan = [amount, ...but].join(', ');
  const goOn = planOnlyBy === undefined ? next : `take "dryRun" out of ${planOnlyBy}, then ${next}`;
  if (isWaiting) {
    const waiting = `${counted(approvals.length, 'thing')} above ${approvals.length === 1 ? 'needs' : 'need'} your approval`;
    return `Planned only: ${plan}. Nothing was changed, as ${waiting}. Approve and go on: ${goOn}`;
  }
  if (written(itemKinds) + issues === 0)
    return `There is nothing to write: ${plan}. Nothing was changed. To check it by a restore: ${goOn}`;
  return `Planned: ${plan}. Nothing was changed. ${approvals.length > 0 ? 'Approve and carry it out' : 'Carry it out'}: ${goOn}`;
}
