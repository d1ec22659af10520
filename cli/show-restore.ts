import { type PlanSummary, type RestoreChoices, type RestoreResult, restoreInputOf } from '../core/model/restore.ts';
import { checkClashes } from '../core/restore/plan/plan-outcome.ts';
import { readPlanSummary, readRestoreReport } from '../core/restore/report/read-report.ts';
import { restoreKeys } from '../core/restore/restore-keys.ts';
import { needJson } from '../core/work-store/json-file.ts';
import type { PlanQuestion } from './asked-run.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output, RunTrace } from './output/output.ts';
import { confirmation, planInShort } from './output/plan-in-short.ts';
import { planReport } from './output/plan-report.ts';
import { restoreReport } from './output/restore-report.ts';
import { pageOf } from './page-of.ts';
import type { Place } from './place.ts';
import { type RestoreOptions, sameCommand } from './restore-options.ts';

/** What a restore was asked, for the command lines that go on. */
export interface AskedRestore {
  readonly choices: RestoreChoices;
  /** As the command line names it; undefined where the input file does. */
  readonly backup: string | undefined;
  readonly options: RestoreOptions;
  /** The input file itself asks for no more than a plan. */
  readonly isPlanByFile: boolean;
  /** The command line that makes the input file, where there is none yet. */
  readonly makeInput?: string;
}

/** A restore that has ended, and what it was asked. */
export interface EndedRestore extends AskedRestore {
  readonly result: RestoreResult;
  readonly place: Place;
  readonly trace: RunTrace;
  readonly exitCode: ExitCode;
}

/** Shows the plan where there is no more than that, else the report. */
export async function showRestore(output: Output, ended: EndedRestore): Promise<void> {
  const { report } = ended.result;
  if (report === null) await showPlan(output, ended);
  else await showReport(output, ended, report);
}

/** What a person is asked before the plan is carried out. Throws ExistingDiffersError. */
export async function planQuestion({ plan }: RestoreResult, place: Place, asked: AskedRestore): Promise<PlanQuestion> {
  const summary = await needJson<PlanSummary>(place.work, plan);
  // Nobody is asked for what would end by it all the same.
  checkClashes(place.work, summary, asked.choices);
  return {
    plan: planInShort(summary, place),
    question: confirmation(summary),
    next: goOn({ ...asked, place }, 'restore', '--approve', summary.hash),
  };
}

async function showPlan(output: Output, ended: EndedRestore): Promise<void> {
  const { result, choices, options, isPlanByFile, place, trace, exitCode } = ended;
  const summary = await readPlanSummary(place.work, result.plan);
  const next = goOn(ended, 'restore', '--approve', summary.hash);
  if (output.isJson) {
    const paths = {
      plan: place.addressOfWork(result.plan),
      items: pathsOf(place, summary.itemFiles),
      losses: pathsOf(place, summary.lossFiles),
      links: pathsOf(place, summary.linkFiles),
      changed: pathsOf(place, summary.changedFiles),
      overwritten: pathsOf(place, summary.overwrittenFiles),
      cameLater: pathsOf(place, summary.cameLater.files),
      usersTemplate: pathOrNull(place, summary.usersTemplate),
      [trace.field]: trace.value,
    };
    output.document('plan', { ...result, summary, input: inputOf(ended), next, paths, exitCode });
    return;
  }
  const isWaiting = result.outcome === 'needs-approval' && !choices.dryRun;
  const planOnlyBy = isPlanByFile ? options.input : undefined;
  output.print(planReport(summary, { place, trace, next, planOnlyBy, isWaiting }));
}

async function showReport(output: Output, ended: EndedRestore, key: string): Promise<void> {
  const { result, place, trace, exitCode } = ended;
  const report = await readRestoreReport(place.work, key);
  const planAgain = goOn(ended, 'plan');
  const page = await pageOf(place, restoreKeys(result.restore).reportPage);
  if (output.isJson) {
    const { losses, differences, changed, overwritten, issues = null, keys, links, referencesByHand } = report.files;
    const paths = {
      plan: place.addressOfWork(result.plan),
      report: place.addressOfWork(key),
      reportText: place.addressOfWork(restoreKeys(result.restore).reportText),
      page,
      losses: pathOrNull(place, losses),
      differences: pathOrNull(place, differences),
      changed: pathOrNull(place, changed),
      overwritten: pathOrNull(place, overwritten),
      issues: pathOrNull(place, issues),
      keys: pathOrNull(place, keys),
      links: pathOrNull(place, links),
      referencesByHand: pathOrNull(place, referencesByHand),
      [trace.field]: trace.value,
    };
    output.document('restore', { ...result, report, input: inputOf(ended), next: planAgain, paths, exitCode });
    return;
  }
  output.print(restoreReport(report, { place, trace, page, planAgain }));
}

/** What was asked, as an input file says it. */
function inputOf({ choices }: AskedRestore) {
  return restoreInputOf({ ...choices, dryRun: false, approve: null });
}

/** The command line that goes on from here. */
function goOn(
  ended: AskedRestore & { readonly place: Place },
  command: 'restore' | 'plan',
  ...more: readonly string[]
): string {
  const { backup, options, place, makeInput } = ended;
  const next = sameCommand(command, backup, place.words, options, ...more);
  return makeInput === undefined ? next : `${makeInput} && ${next}`;
}

function pathsOf(place: Place, keys: readonly string[]): string[] {
  return keys.map((key) => place.addressOfWork(key));
}

function pathOrNull(place: Place, key: string | null): string | null {
  return key === null ? null : place.addressOfWork(key);
}
