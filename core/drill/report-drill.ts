import { counted, readableCount } from '../counted.ts';
import { harmlessJson } from '../harmless.ts';
import type { DrillReport, DrillResult, DrillRun, NotCovered } from '../model/drill.ts';
import type { Difference, Loss } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import type { CommentsFile } from '../restore/id-map/comment-journal.ts';
import { LossGroups } from '../restore/loss-groups.ts';
import type { VerificationFile } from '../restore/proof/verify-restore.ts';
import { openContext, type RestoreContext } from '../restore/restore-context.ts';
import { releaseRun } from '../runs/release-run.ts';
import { needJson, readJson, writeJson } from '../work-store/json-file.ts';
import { drillFolder, drillKeys } from './drill-keys.ts';
import { noteDrill } from './drill-record.ts';
import { drillServices } from './drill-services.ts';
import { drillText } from './drill-text.ts';
import { leadsElsewhere } from './kind-word.ts';
import { coveredKinds, type SampleFile, withoutLost } from './sample-coverage.ts';
import { drillLosses } from './unforeseen-losses.ts';
import type { CommentsCompared } from './verify-drill.ts';
import { sampleOf } from './write-sample.ts';

const shown = 1_000;

/**
 * Sums up what the drill came to, writes its report, notes how it ended, and releases the site. Whatever was lost that the plan foresaw
 * was not covered; any other loss counts as a difference. Run again for the same drill it gives what it gave.
 */
export async function reportDrill(services: Services, { run }: { run: DrillRun }): Promise<DrillResult> {
  const { reporter } = services;
  const drill = drillServices(services, run);
  const earlier = await readJson<DrillResult>(drill.work, drillKeys.result);
  if (earlier) {
    await releaseRun(services, run);
    return earlier;
  }
  const context = await openContext(drill, run);
  const report = await reportOf(drill, run, context);
  await drill.work.write(drillKeys.report, harmlessJson(report, 1));
  await drill.work.write(drillKeys.reportText, drillText(report));
  const { outcome, objects, values, comments, differences, notCovered, minutes, message } = report;
  const result: DrillResult = {
    ...{ drill: report.drill, backup: report.backup, outcome, objects, values, comments, differences, notCovered },
    ...{ minutes, report: report.report, where: report.where, message },
  };
  await writeJson(drill.work, drillKeys.result, result);
  await noteDrill(services.work, run.restore, {
    ended: { at: report.finishedAt, outcome, message, error: outcome === 'passed' ? null : 'DifferencesFoundError' },
  });
  reporter.event(outcome === 'passed' ? 'info' : 'warn', 'drill.finished', {
    ...{ drill: report.drill, backup: report.backup, outcome, objects, values, comments, differences, notCovered },
    ...{ minutes, passed: outcome === 'passed' ? 1 : 0 },
  });
  await releaseRun(services, run);
  return result;
}

async function reportOf(services: Services, run: DrillRun, context: RestoreContext): Promise<DrillReport> {
  const { work, clock, version } = services;
  const isOwnSite = context.manifest.site.workspaceId === sampleOf(run.workspace.workspaceId);
  const sample = await needJson<SampleFile>(work, drillKeys.sample);
  const { foreseen, unforeseen } = await drillLosses(services, context, run.restore);
  const verified = await needJson<VerificationFile>(work, context.keys.verification);
  const comments = await comparedComments(services);
  const kindOf = new Map(sample.attributes.map(({ name, kind }) => [name, kind]));
  const isElsewhere = ({ attribute }: Loss) =>
    !isOwnSite && attribute !== undefined && leadsElsewhere.has(kindOf.get(attribute) ?? '');
  const isUnoffered = ({ kind }: Loss) => kind === 'comment' && comments.notOffered > 0;
  const excused = unforeseen.filter((loss) => isElsewhere(loss) || isUnoffered(loss));
  const red = unforeseen.filter((loss) => !excused.includes(loss));
  const all: readonly Difference[] = [...verified.differences, ...comments.differences];
  const lost = red.map(
    ({ where, attribute, reason }) => `${where}${attribute === undefined ? '' : ` ${attribute}`}: lost, ${reason}`,
  );
  const differences = all.length + red.length;
  const uncovered = [...lossesNotCovered([...foreseen, ...excused]), ...sample.notCovered];
  const covered = coveredKinds(withoutLost(sample, [...foreseen, ...excused]));
  const outcome = differences > 0 ? 'differences-found' : 'passed';
  const finished = clock.now();
  const minutes = Math.round((finished - Date.parse(run.startedAt)) / 6_000) / 10;
  const written = await writtenComments(services, context);
  const done = `${counted(verified.objectsCompared, 'object')} with ${counted(verified.valuesCompared, 'value')} and ${counted(written, 'comment')} were restored and compared in ${readableCount(minutes)} minutes`;
  const message =
    outcome === 'passed'
      ? `The drill ${run.restore} passed: of ${run.backup}, ${done}. ${counted(uncovered.length, 'thing')} ${uncovered.length === 1 ? 'was' : 'were'} not covered; the report names each.`
      : `The drill ${run.restore} failed: of ${run.backup}, ${done}, and ${counted(differences, 'difference')} ${differences === 1 ? 'was' : 'were'} found. The report names each.`;
  return {
    ...{ drill: run.restore, backup: run.backup, outcome },
    ...{ objects: verified.objectsCompared, values: verified.valuesCompared, comments: written },
    ...{ differences, notCovered: uncovered.length, minutes },
    ...{ report: drillFolder(run.restore) + drillKeys.report, where: work.addressOf(drillKeys.report), message },
    siteName: run.workspace.siteName,
    inProduction: isOwnSite,
    startedAt: run.startedAt,
    finishedAt: new Date(finished).toISOString(),
    writtenBy: `assets-backup ${version}`,
    schemas: sample.schemas,
    covered,
    uncovered,
    found: [...all.map(({ where, what }) => `${where}: ${what}`), ...lost].slice(0, shown),
    notices: [...sample.notices, ...(comments.notOffered > 0 ? ['The site does not offer comments.'] : [])],
  };
}

/** What a restore could not have brought back either: counted by attribute, or by thing, and by reason. */
function lossesNotCovered(losses: readonly Loss[]): NotCovered[] {
  const groups = new LossGroups();
  for (const loss of losses) groups.add(loss);
  return groups.grouped.map(({ values, losses: count, first: [one] }) => {
    const schema = one?.kind === 'object' ? `${one.where.replace(/-\d+$/, '')}: ` : '';
    const what = one?.attribute === undefined ? `${one?.kind} ${one?.where}` : `${schema}${one.attribute}`;
    const reason = one?.refersTo ? 'it refers to objects that are not in the sample' : one?.reason;
    return { what, count: Math.max(values, count), reason: reason ?? '' };
  });
}

async function comparedComments({ work }: Services): Promise<CommentsCompared> {
  const parts: CommentsCompared[] = [];
  for await (const key of work.list(drillKeys.allComments)) parts.push(await needJson<CommentsCompared>(work, key));
  return {
    compared: parts.reduce((sum, { compared }) => sum + compared, 0),
    notOffered: parts.reduce((sum, { notOffered }) => sum + notOffered, 0),
    differences: parts.flatMap(({ differences }) => differences),
  };
}

async function writtenComments({ work }: Services, { journals }: RestoreContext): Promise<number> {
  let written = 0;
  for await (const key of work.list(journals.allComments)) {
    const { objects } = await needJson<CommentsFile>(work, key);
    for (const marks of Object.values(objects))
      written += Object.values(marks).filter((state) => state === 'done').length;
  }
  return written;
}
