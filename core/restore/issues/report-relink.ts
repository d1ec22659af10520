import { counted } from '../../counted.ts';
import { harmlessJson } from '../../harmless.ts';
import type { RestoreResult, RestoreRun } from '../../model/restore.ts';
import {
  type Loss,
  type LossGroup,
  lostValuesOf,
  type RelinkedIssues,
  type RestoreOutcome,
} from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { releaseRun } from '../../runs/release-run.ts';
import { writeJson } from '../../work-store/json-file.ts';
import { sumRequests } from '../../work-store/request-counts.ts';
import { LossGroups, lossLines } from '../loss-groups.ts';
import { textOfLines, titled } from '../report/report-text.ts';
import { restoreKeys } from '../restore-keys.ts';
import { issueNotices, relinkedFields, writeIssueLines } from './issue-lines.ts';
import type { RelinkContext } from './relink-context.ts';
import { lossesOfField, relinkedIssues, relinkedLines, relinkedTitle } from './relinked-fields.ts';
import { whyNotLinked } from './why-not-linked.ts';

const shown = 1_000;
const shownGroups = 100;

/** The report of a linking of issues alone; kept in the work store as `report.json`. */
export interface RelinkReport {
  readonly restore: string;
  readonly relink: string;
  readonly backup: string;
  readonly target: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly writtenBy: string;
  readonly outcome: RestoreOutcome;
  readonly issues: RelinkedIssues;
  readonly losses: readonly Loss[];
  readonly lossCount: number;
  readonly lossGroups: readonly LossGroup[];
  readonly notices: readonly string[];
  readonly requests: Readonly<Record<string, number>>;
  /** Key of a line for each field that was looked at; null where there was none. */
  readonly lines: string | null;
}

/** Sums a linking of issues alone up, and releases the site. */
export async function reportRelink(
  services: Services,
  run: RestoreRun,
  context: RelinkContext,
): Promise<RestoreResult> {
  const { work, clock, reporter, version } = services;
  const { keys, isDryRun } = context;
  const fields = await relinkedFields(work, keys);
  const losses = fields.flatMap(lossesOfField);
  const groups = new LossGroups();
  for (const loss of losses) {
    reporter.event('warn', 'restore.loss', { kind: loss.kind, source: loss.source, values: lostValuesOf(loss) });
    groups.add(loss);
  }
  const why = whyNotLinked(context);
  const report: RelinkReport = {
    ...{ restore: run.restore, relink: run.relink ?? '', backup: run.backup, target: run.workspace.siteName },
    startedAt: run.startedAt,
    finishedAt: new Date(clock.now()).toISOString(),
    writtenBy: `assets-backup ${version}`,
    outcome: isDryRun ? 'planned' : losses.length > 0 ? 'restored-with-losses' : 'restored',
    issues: relinkedIssues(fields),
    losses: losses.slice(0, shown),
    lossCount: losses.reduce((sum, loss) => sum + lostValuesOf(loss), 0),
    lossGroups: groups.grouped.slice(0, shownGroups),
    notices: [...(why === null ? [] : [why]), ...issueNotices(fields)],
    requests: (await sumRequests(work, keys.allRequests)).requests,
    lines: await writeIssueLines(work, keys, fields),
  };
  await work.write(keys.report, harmlessJson(report, 1));
  await work.write(keys.reportText, relinkText(report));
  const result = resultOf(work, report);
  await writeJson(work, keys.result, result);
  reporter.event('info', 'restore.finished', {
    ...{ restore: run.restore, outcome: report.outcome, created: 0, losses: report.lossCount, differences: 0 },
  });
  await releaseRun(services, run);
  return result;
}

function resultOf(work: WorkStore, report: RelinkReport): RestoreResult {
  const { restore, relink, backup, outcome, issues, lossCount } = report;
  const keys = restoreKeys(restore);
  const isDone = outcome !== 'planned';
  const lost =
    lossCount > 0
      ? ` ${counted(lossCount, 'link')} could not be brought back; the report names each with its reason.`
      : '';
  const message = `${isDone ? `The issues of ${relink} are linked again` : `Nothing was written to the issues of ${relink}`}: ${relinkedTitle(issues, isDone)}.${lost}`;
  return {
    ...{ restore, backup, relink, outcome, message, hash: '', plan: keys.relinkPlan, report: keys.report },
    where: work.addressOf(keys.report),
    ...{ created: 0, reused: 0, updated: 0, comments: 0, issues: issues.issues, losses: lossCount, differences: 0 },
  };
}

function relinkText(report: RelinkReport): string {
  const { restore, relink, backup, target, startedAt, finishedAt, issues, outcome } = report;
  return textOfLines([
    `Issues of ${relink} linked again, ${restore}: ${outcome}`,
    '',
    `Backup      ${backup}`,
    `Target      ${target}`,
    `Time        ${startedAt} to ${finishedAt}`,
    ...titled(relinkedTitle(issues, outcome !== 'planned'), relinkedLines(issues)),
    ...titled(
      `Not brought back (${counted(report.lossCount, 'link')})`,
      lossLines(report.lossGroups).map(({ text }) => text),
    ),
    ...titled('Notices', report.notices),
  ]);
}
