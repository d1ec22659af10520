import { counted } from '../../counted.ts';
import { harmlessJson } from '../../harmless.ts';
import {
  type ItemKind,
  lostValuesOf,
  type RestoreOutcome,
  type RestoreResult,
  type RestoreRun,
} from '../../model/restore.ts';
import type { Staying, UndoPlanSummary, UndoReport } from '../../model/undo.ts';
import type { Services } from '../../ports/services.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { releaseRun } from '../../runs/release-run.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { needJson, needLines, readJson, writeJson } from '../../work-store/json-file.ts';
import { sumRequests } from '../../work-store/request-counts.ts';
import { relaxedStage } from '../configuration/relax-constraints.ts';
import { LossGroups } from '../loss-groups.ts';
import { restoreKeys, undoneKeys } from '../restore-keys.ts';
import { StepLosses } from '../step-losses.ts';
import { endJournal } from './end-journal.ts';
import { thingsGone, type UndoneBatch, type UndoneFile, type UndonePart, type UndoPlanFile } from './undo-files.ts';
import { countsText } from './undo-outcome.ts';
import { undoReportText } from './undo-report-text.ts';
import type { UndoVerified } from './verify-undo.ts';

const shown = 1_000;
const shownGroups = 100;

/**
 * Sums up what was undone and what stays, notes it for later runs, writes the report, and releases the site. Run again for the
 * same undo it gives what it gave.
 */
export async function reportUndo(services: Services, { run }: { run: RestoreRun }): Promise<RestoreResult> {
  const { work, reporter } = services;
  const keys = restoreKeys(run.restore);
  const earlier = await readJson<RestoreResult>(work, keys.result);
  if (earlier) {
    await releaseRun(services, run);
    return earlier;
  }
  await checkSiteLock(services, run);
  const report = await writeReport(services, run);
  const deleted = report.counts.deleted.object ?? 0;
  await writeJson<UndoneFile>(work, undoneKeys(report.undo).undone, {
    ...{ restore: report.undo, undo: run.restore, at: report.finishedAt },
    ...{ deleted, setBack: report.counts.setBackAttributes },
    ...{ stays: report.stayCount, differences: report.differenceCount },
  });
  if (report.outcome === 'restored') await endJournal(services, run);
  const result = resultOf(work, report);
  await writeJson(work, keys.result, result);
  reporter.event('info', 'restore.finished', {
    restore: run.restore,
    outcome: report.outcome,
    deleted,
    losses: report.stayCount,
    differences: report.differenceCount,
  });
  await releaseRun(services, run);
  return result;
}

async function writeReport(services: Services, run: RestoreRun): Promise<UndoReport> {
  const { work, reporter } = services;
  const keys = restoreKeys(run.restore);
  const summary = await needJson<UndoPlanSummary>(work, keys.plan);
  const plan = await needJson<UndoPlanFile>(work, keys.undoPlan);
  const { compared, differences, stays: notByItself } = await needJson<UndoVerified>(work, keys.undoVerification);
  const stays: Staying[] = [...notByItself];
  for (const file of summary.stayFiles) for (const one of await needLines<Staying>(work, file)) stays.push(one);
  const deleted: Partial<Record<ItemKind, number>> = {};
  let [setBackObjects, setBackAttributes, setBackIssues] = [0, -notByItself.length, 0];
  for (let number = 0; number < plan.batches; number += 1) {
    const batch = await needJson<UndoneBatch>(work, keys.undoneBatch(number));
    stays.push(...batch.stays);
    setBackIssues += batch.issues?.length ?? 0;
    if (batch.deleted.length > 0) deleted.object = (deleted.object ?? 0) + batch.deleted.length;
    const setBack = [...batch.setBack, ...batch.goesByItself];
    setBackObjects += new Set(setBack.map(({ id }) => id)).size;
    setBackAttributes += setBack.reduce((sum, { attributes }) => sum + attributes.length, 0);
  }
  const configuration = await readJson<UndonePart>(work, keys.undoneConfiguration);
  stays.push(...(configuration?.stays ?? []));
  const notPutBack = (await StepLosses.open(services, run.restore, relaxedStage)).all;
  stays.push(...notPutBack);
  for (const { kind } of thingsGone(plan, configuration)) deleted[kind] = (deleted[kind] ?? 0) + 1;
  const groups = new LossGroups();
  for (const one of stays) {
    reporter.event('warn', 'restore.loss', { kind: one.kind, source: one.source, values: lostValuesOf(one) });
    groups.add(one);
  }
  const outcome: RestoreOutcome =
    differences.length > 0 ? 'differences-found' : stays.length > 0 ? 'restored-with-losses' : 'restored';
  const report: UndoReport = {
    ...{ restore: run.restore, undo: run.undo ?? '', backup: run.backup, target: run.workspace },
    startedAt: run.startedAt,
    finishedAt: new Date(services.clock.now()).toISOString(),
    writtenBy: `assets-backup ${services.version}`,
    hash: summary.hash,
    outcome,
    counts: {
      deleted,
      setBackObjects,
      setBackAttributes,
      setBackIssues,
      restrictions: plan.relaxed.length - notPutBack.length,
    },
    compared,
    ...(await sumRequests(work, keys.allRequests)),
    budget: services.budget,
    stays: stays.slice(0, shown),
    stayCount: stays.length,
    stayGroups: groups.grouped.slice(0, shownGroups),
    stayFiles: stays.length > 0 ? [keys.stays] : [],
    differences: differences.slice(0, shown),
    differenceCount: differences.length,
    notices: summary.notices,
  };
  if (stays.length > 0) await work.write(keys.stays, stays.map((one) => `${harmlessJson(one)}\n`).join(''));
  await work.write(keys.report, harmlessJson(report, 1));
  await work.write(keys.reportText, undoReportText(report));
  return report;
}

function resultOf(work: WorkStore, report: UndoReport): RestoreResult {
  const { restore, undo, backup, outcome, hash, counts, stayCount, differenceCount } = report;
  const keys = restoreKeys(restore);
  const isNothing = countsText(counts) === 'nothing';
  const done = `${isNothing ? 'nothing was left to undo' : `${countsText(counts)} gone or set back`}`;
  const stays =
    stayCount > 0
      ? ` ${counted(stayCount, 'thing')} stay${stayCount === 1 ? 's' : ''}; the report names each with its reason.`
      : '';
  const message =
    differenceCount > 0
      ? `The restore ${undo} is undone (${done}), but ${counted(differenceCount, 'thing')} read again ${differenceCount === 1 ? 'is' : 'are'} not as ${differenceCount === 1 ? 'it' : 'they'} should be.${stays}`
      : `The restore ${undo} is undone${stayCount > 0 ? ' as far as it could be' : ' and that is proven'}: ${done}.${stays}`;
  return {
    ...{ restore, backup, undo, outcome, hash, message },
    plan: keys.plan,
    report: keys.report,
    where: work.addressOf(keys.report),
    ...{ created: 0, reused: 0, comments: 0 },
    updated: counts.setBackObjects,
    deleted: counts.deleted.object ?? 0,
    losses: stayCount,
    differences: differenceCount,
  };
}
