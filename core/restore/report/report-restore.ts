import { type OldestActivity, oldestActivity } from '../../backup-format/oldest-activity.ts';
import { counted } from '../../counted.ts';
import { csvText } from '../../csv.ts';
import { harmlessJson } from '../../harmless.ts';
import {
  type Loss,
  lostValuesOf,
  type PlanItem,
  type PlanSummary,
  type RestoreOutcome,
  type RestoreReport,
  type RestoreResult,
  type RestoreRun,
} from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { releaseRun } from '../../runs/release-run.ts';
import { needJson, needLines, readJson, writeJson } from '../../work-store/json-file.ts';
import { sumRequests } from '../../work-store/request-counts.ts';
import { approvalNotices, leftTitles } from '../approval-notices.ts';
import { notOfferedNotices, referrerNotices } from '../backup-losses.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import type { CommentsFile } from '../id-map/comment-journal.ts';
import type { CreatedEntry, FoundEntry, ObjectJournalFile } from '../id-map/object-journal.ts';
import { issueNotices, relinkedFields, writeIssueLines } from '../issues/issue-lines.ts';
import { lossesOfField, relinkedIssues, relinkedTitle } from '../issues/relinked-fields.ts';
import type { LackingFile } from '../lacking-files.ts';
import { leftOutOfRestore } from '../left-out-of-restore.ts';
import { LossGroups } from '../loss-groups.ts';
import { changedMeanwhile } from '../objects/link-references.ts';
import type { ObjectPlan, ReusedObject } from '../plan-files.ts';
import { PlannedOverwrites } from '../planned-overwrites.ts';
import type { VerificationFile } from '../proof/verify-restore.ts';
import { openContext, type RestoreContext } from '../restore-context.ts';
import { restoreKeys } from '../restore-keys.ts';
import { StepLosses } from '../step-losses.ts';
import { linkedTitle, overwrittenTitle } from '../survivor-lines.ts';
import { ChangedCounts } from '../values/changed-values.ts';
import { LinkedCounts, type LinkedReference } from '../values/linked-counts.ts';
import { inSourceOrder } from './in-source-order.ts';
import { handTable, linkTable, standingLinks, standingOverwrites } from './reference-tables.ts';
import { reportText } from './report-text.ts';

const shown = 1_000;
const shownGroups = 100;
const shownPlaces = 5;

/** What the API lets nobody set (reference, section 7): a report says so every time. */
const neverRestored = [
  'Keys and ids: every object that was made has new ones; keys.csv lists old and new.',
  'Created and Updated: they are the time of the restore; the old ones stand in the backup.',
  'History: it cannot be written; it stands in a comment of each object, where that was asked for.',
  'Authors and times of comments: they stand in the text; the author of every comment is the account of the restore.',
  'Roles and permissions, automation rules, import configurations: the backup does not hold them.',
];
/** Of a restore that was not asked to link issues again. */
const issuesNotLinked = 'Links from Jira issues to objects: they lead to the old ids, unless issues are linked again.';

/**
 * Sums up what was done, writes the report and the table of keys, and releases the target. Run again for the same restore it
 * gives what it gave.
 */
export async function reportRestore(services: Services, { run }: { run: RestoreRun }): Promise<RestoreResult> {
  const { work, reporter } = services;
  const keys = restoreKeys(run.restore);
  const earlier = await readJson<RestoreResult>(work, keys.result);
  if (earlier) {
    await releaseRun(services, run);
    return earlier;
  }
  const context = await openContext(services, run);
  const report = await new ReportWriter(services, run, context).write();
  const result = resultOf(work, report);
  await writeJson(work, keys.result, result);
  reporter.event('info', 'restore.finished', {
    restore: run.restore,
    outcome: report.outcome,
    created: report.counts.created,
    losses: report.lossCount,
    differences: report.differenceCount,
  });
  await releaseRun(services, run);
  return result;
}

interface MadeObject {
  readonly key: string;
  readonly target: string;
  readonly how: string;
}

class ReportWriter {
  readonly #services: Services;
  readonly #run: RestoreRun;
  readonly #context: RestoreContext;
  readonly #work: WorkStore;

  constructor(services: Services, run: RestoreRun, context: RestoreContext) {
    this.#services = services;
    this.#run = run;
    this.#context = context;
    this.#work = services.work;
  }

  #neverRestored(): string[] {
    const { schemas, choices } = this.#context;
    const words = leftOutOfRestore(schemas, choices);
    const had = words === '' ? '' : ` When it was made there were: ${words}.`;
    const ofIssues = this.#context.choices.relinkIssues ? [] : [issuesNotLinked];
    return [...neverRestored, ...ofIssues, `Attachments and avatars: the backup does not hold them.${had}`];
  }

  async write(): Promise<RestoreReport> {
    const { keys, journals, manifest } = this.#context;
    const run = this.#run;
    const summary = await needJson<PlanSummary>(this.#work, keys.plan);
    const plan = await needJson<ObjectPlan>(this.#work, keys.objectPlan);
    const map = await needJson<ConfigurationMap>(this.#work, keys.configuration);
    const {
      differences: differing,
      losses: found,
      changed: changes,
      ...compared
    } = await needJson<VerificationFile>(this.#work, keys.verification);
    const [differences, changed] = [inSourceOrder(differing), inSourceOrder(changes)];
    const lacking = (await readJson<LackingFile[]>(this.#work, keys.lacking)) ?? [];
    const losses = new Map<string, Loss>();
    const lose = (loss: Loss) =>
      losses.set(JSON.stringify([loss.kind, loss.source, loss.attribute, loss.reason, loss.refersTo?.key]), loss);
    for (const stage of ['plan', 'configuration', 'comments', 'constraints', 'relaxed', 'verify']) {
      for (const loss of (await StepLosses.open(this.#services, run.restore, stage)).all) lose(loss);
    }
    const made = new Map<string, MadeObject>();
    const bySource = new Map<string, string>();
    for (let part = 0; part < plan.reusedParts; part += 1) {
      for (const reused of await needJson<ReusedObject[]>(this.#work, keys.reused(part))) {
        bySource.set(reused.source, reused.key);
        const how = reused.isUpdated ? 'updated' : reused.isOwn ? 'made by an earlier restore' : 'was there';
        if (!reused.refersBy || reused.isUpdated)
          made.set(reused.source, { key: reused.key, target: reused.target, how });
      }
    }
    for (let batch = 0; batch < plan.batches; batch += 1) {
      const journal = await readJson<ObjectJournalFile>(this.#work, journals.objects(run.restore, batch));
      for (const [source, entry] of Object.entries(journal?.entries ?? {})) {
        if (entry.state === 'created' || entry.state === 'found') {
          bySource.set(source, entry.key);
          made.set(source, { key: entry.key, target: entry.target, how: howOf(entry) });
        }
        if (entry.state === 'ambiguous') {
          const reason = `its answer was lost, and ${counted(entry.candidates.length, 'object')} of the target may be it: none was made`;
          lose({ kind: 'object', source, where: source, values: 1, reason });
        }
        if (entry.state === 'refused') for (const loss of entry.losses) lose(loss);
      }
    }
    for (const loss of found) lose(loss);
    const issues = this.#context.choices.relinkIssues ? await relinkedFields(this.#work, keys) : undefined;
    for (const loss of issues?.flatMap(lossesOfField) ?? []) lose(loss);
    const all = inSourceOrder(losses.values());
    const groups = new LossGroups();
    for (const loss of all) {
      const { kind, source } = loss;
      // Here and nowhere else, so that what is told on the way comes to what the report says.
      this.#services.reporter.event('warn', 'restore.loss', { kind, source, values: lostValuesOf(loss) });
      groups.add(loss);
    }
    const table = await this.#keyTable(summary, made);
    const comments = await this.#comments(journals.allComments);
    const how = (wanted: string) =>
      made
        .values()
        .filter((object) => object.how === wanted)
        .toArray().length;
    const counts = {
      created: how('created'),
      updated: how('updated'),
      reused: made.size - how('created') - how('updated'),
      ...comments,
      ...compared,
    };
    const changedCounts = new ChangedCounts();
    for (const one of changed) changedCounts.add(one);
    const fallen = { losses: all, changed, differences };
    const links = standingLinks(await this.#plannedLinks(summary), fallen);
    const overwritten = standingOverwrites((await PlannedOverwrites.read(this.#work, keys)).all, fallen);
    const overwrites = new ChangedCounts();
    for (const one of overwritten) overwrites.add(one);
    const linked = new LinkedCounts();
    for (const link of links) linked.add(link);
    const byHand = all.filter(({ refersTo }) => refersTo);
    const isAllDone = all.length === 0 && !summary.droppedOut && !summary.notApproved;
    const outcome: RestoreOutcome =
      differences.length > 0 ? 'differences-found' : isAllDone ? 'restored' : 'restored-with-losses';
    const report: RestoreReport = {
      restore: run.restore,
      backup: run.backup,
      source: manifest.site,
      target: run.workspace,
      startedAt: run.startedAt,
      finishedAt: new Date(this.#services.clock.now()).toISOString(),
      writtenBy: `assets-backup ${this.#services.version}`,
      hash: summary.hash,
      outcome,
      schemas: summary.schemas.map(({ from, to, action }) => {
        const id = this.#context.schemas.find(({ key }) => key === from)?.id ?? '';
        const counted = table.bySchema.get(from) ?? { created: 0, reused: 0, updated: 0, lost: 0 };
        return { from, to, targetId: action === 'skip' ? '' : (map.schemas[id] ?? ''), ...counted };
      }),
      counts,
      oldestActivity: this.#oldest(),
      ...(await sumRequests(this.#work, this.#context.keys.allRequests)),
      budget: this.#services.budget,
      losses: all.slice(0, shown),
      lossCount: all.reduce((sum, loss) => sum + lostValuesOf(loss), 0),
      lossGroups: groups.grouped.slice(0, shownGroups),
      linked: linked.counted,
      issues: issues ? relinkedIssues(issues) : null,
      changed: changedCounts.counted,
      overwritten: overwrites.counted,
      differences: differences.slice(0, shown),
      differenceCount: differences.length,
      notApproved: summary.notApproved,
      droppedOut: summary.droppedOut,
      notices: [
        ...approvalNotices(summary),
        ...notOfferedNotices(manifest),
        ...referrerNotices(lacking),
        ...(await this.#meanwhile()),
        ...(summary.issues?.notLinked ? [summary.issues.notLinked] : []),
        ...issueNotices(issues ?? []),
      ],
      neverRestored: this.#neverRestored(),
      files: {
        losses: all.length > 0 ? keys.lossLines : null,
        differences: differences.length > 0 ? keys.differenceLines : null,
        changed: changed.length > 0 ? keys.changedLines : null,
        overwritten: overwritten.length > 0 ? keys.overwrittenLines : null,
        issues: await writeIssueLines(this.#work, keys, issues ?? []),
        keys: made.size > 0 ? keys.keyTable : null,
        links: links.length > 0 ? keys.linkTable : null,
        referencesByHand: byHand.length > 0 ? keys.referencesByHand : null,
      },
    };
    if (all.length > 0) await this.#work.write(keys.lossLines, linesOf(all));
    if (differences.length > 0) await this.#work.write(keys.differenceLines, linesOf(differences));
    if (changed.length > 0) await this.#work.write(keys.changedLines, linesOf(changed));
    if (overwritten.length > 0) await this.#work.write(keys.overwrittenLines, linesOf(overwritten));
    if (made.size > 0) await this.#work.write(keys.keyTable, table.text);
    const now = { bySource, byKey: table.newKeys };
    if (links.length > 0) await this.#work.write(keys.linkTable, linkTable(links, now));
    if (byHand.length > 0) await this.#work.write(keys.referencesByHand, handTable(byHand, now));
    await this.#work.write(keys.report, harmlessJson(report, 1));
    await this.#work.write(keys.reportText, reportText(report));
    return report;
  }

  /** Of what was asked for. */
  #oldest(): OldestActivity {
    const { manifest, choices } = this.#context;
    const { history, comments } = oldestActivity(manifest);
    const { processObjects, processHistory, processComments } = choices;
    return {
      history: processObjects && processHistory ? history : null,
      comments: processObjects && processComments ? comments : null,
    };
  }

  /** Old key → new key, of every object of the plan; and how many of each schema came to what. */
  async #keyTable({ itemFiles }: PlanSummary, made: ReadonlyMap<string, MadeObject>) {
    const rows: string[][] = [['old key', 'old id', 'new key', 'new id', 'how']];
    const newKeys = new Map<string, string>();
    const bySchema = new Map<string, { created: number; reused: number; updated: number; lost: number }>();
    for (const file of itemFiles) {
      for (const { kind, source, where } of await needLines<PlanItem>(this.#work, file)) {
        if (kind !== 'object') continue;
        const object = made.get(source);
        const schema = where.slice(0, where.lastIndexOf('-'));
        const counted = bySchema.get(schema) ?? { created: 0, reused: 0, updated: 0, lost: 0 };
        bySchema.set(schema, counted);
        if (!object) counted.lost += 1;
        else counted[object.how === 'created' || object.how === 'updated' ? object.how : 'reused'] += 1;
        if (!object) continue;
        rows.push([where, source, object.key, object.target, object.how]);
        newKeys.set(where, object.key);
      }
    }
    return { text: csvText(rows), bySchema, newKeys };
  }

  /** What was to be written, and was left since somebody has changed it after the plan. */
  async #meanwhile(): Promise<string[]> {
    const left = (await readJson<Loss[]>(this.#work, this.#context.keys.losses('links'))) ?? [];
    const places = left.flatMap(({ reason, where, attribute }) =>
      reason === changedMeanwhile ? [`${attribute} of ${where}`] : [],
    );
    const [more, first] = [places.length - shownPlaces, places.slice(0, shownPlaces).join(', ')];
    const all = more > 0 ? `${first} and ${more} more` : first;
    return places.length === 0 ? [] : [`Left as it is, since somebody has changed it after the plan was made: ${all}.`];
  }

  async #plannedLinks({ linkFiles }: PlanSummary): Promise<LinkedReference[]> {
    const links: LinkedReference[] = [];
    for (const file of linkFiles)
      for (const link of await needLines<LinkedReference>(this.#work, file)) links.push(link);
    return links;
  }

  async #comments(prefix: string): Promise<{ comments: number; historyComments: number }> {
    let comments = 0;
    let historyComments = 0;
    for await (const key of this.#work.list(`${prefix}${this.#run.restore}.`)) {
      const { objects } = await needJson<CommentsFile>(this.#work, key);
      for (const marks of Object.values(objects)) {
        for (const [mark, state] of Object.entries(marks)) {
          if (state !== 'done') continue;
          if (mark.includes(' history ')) historyComments += 1;
          else comments += 1;
        }
      }
    }
    return { comments, historyComments };
  }
}

function howOf(entry: CreatedEntry | FoundEntry): string {
  if (entry.state === 'created') return 'created';
  return entry.pending ? 'updated' : entry.isOwn ? 'made by an earlier restore' : 'was there';
}

const linesOf = (records: readonly object[]) => `${records.map((record) => harmlessJson(record)).join('\n')}\n`;

function resultOf(work: WorkStore, report: RestoreReport): RestoreResult {
  const { restore, backup, outcome, hash, counts, lossCount, differenceCount, linked, overwritten, issues } = report;
  const again = [
    ...(overwritten.attributes > 0 ? [`, ${overwrittenTitle(overwritten, 'were')}`] : []),
    ...(linked.references > 0 ? [`, ${linkedTitle(linked, true)}`] : []),
    ...(issues && issues.issues > 0 ? [`, ${relinkedTitle(issues, true)}`] : []),
  ].join('');
  const done = `${counted(counts.created, 'object')} created, ${counts.reused} found, ${counts.updated} completed, ${counts.objectsCompared} compared with the backup${again}`;
  const messages: Readonly<Record<RestoreOutcome, string>> = {
    restored: `The restore ${restore} is done and proven: ${done}.`,
    'restored-with-losses': [
      `The restore ${restore} is done: ${done}.`,
      ...(lossCount > 0
        ? [`${counted(lossCount, 'value')} could not be brought back; the report names each with its reason.`]
        : []),
      ...leftTitles(report),
    ].join(' '),
    'differences-found': `The restore ${restore} is done, but the target differs from the backup in ${counted(differenceCount, 'way')} that ${differenceCount === 1 ? 'was' : 'were'} not announced (${done}). ${lossCount > 0 ? `${counted(lossCount, 'value')} could not be brought back. ` : ''}The report names all of it.`,
    planned: '',
    'needs-approval': '',
  };
  const keys = restoreKeys(restore);
  return {
    restore,
    backup,
    outcome,
    hash,
    plan: keys.plan,
    report: keys.report,
    where: work.addressOf(keys.report),
    created: counts.created,
    reused: counts.reused,
    updated: counts.updated,
    comments: counts.comments + counts.historyComments,
    ...(issues && { issues: issues.issues }),
    losses: lossCount,
    differences: differenceCount,
    message: messages[outcome],
  };
}
