import type { RestoreResult, RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { BackupSource } from '../../reading/backup-source.ts';
import { Deadline } from '../../runs/deadline.ts';
import { createJson, needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { EarlierRestores } from '../id-map/earlier-restores.ts';
import { checkJournals } from '../id-map/journal-files.ts';
import { restoreKeys } from '../restore-keys.ts';
import { FieldWriter } from './field-writer.ts';
import { heldObjects, type RelinkBatch, type RelinkPlanFile, writeRelinkBatches } from './issue-batches.ts';
import { beginIssueJournals, IssueJournal, leftFields, nextIssueJournal } from './issue-journal.ts';
import { LiveObjects } from './objects-today.ts';
import { openRelinkContext, type RelinkContext } from './relink-context.ts';
import type { RelinkedBatch } from './relinked-fields.ts';
import { Relinker } from './relinker.ts';
import { reportRelink } from './report-relink.ts';

/**
 * Makes issues hold what was made in the place of what they held, after a restore or alone: each is looked at just before, the
 * write is announced in the restore's journal, and what the issue holds then is read back. Goes on from the batch `from`; hands
 * back where to go on, or null. Alone it ends with the result, and the site is released.
 */
export async function relinkIssues(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null; result: RestoreResult | null }> {
  const { work, site, budget, reporter } = services;
  const earlier =
    run.relink === undefined ? undefined : await readJson<RestoreResult>(work, restoreKeys(run.restore).result);
  if (earlier) return { next: null, result: earlier };
  const context = await openRelinkContext(services, run);
  const { keys, journals, restore, isDryRun } = context;
  const known = await EarlierRestores.read(work, journals, restore);
  const plan = await planOf(services, run, context, known);
  if (from === 0) {
    if (!isDryRun) await beginIssueJournals(work, journals, restore, { from: plan.firstJournal, count: plan.batches });
    reporter.planned('issues', plan.issues);
  }
  const objects = site.reader(run.workspace, budget);
  const reader = site.issuesReader(run.workspace, budget);
  const writer = site.issuesWriter(run.workspace, budget);
  const relinker = new Relinker({
    ...{ services, run, reader, restore, live: new LiveObjects(objects, known, restore) },
    left: await leftFields(work, journals),
    writer: isDryRun ? undefined : new FieldWriter(reader, writer, run.workspace.workspaceId),
  });
  const deadline = new Deadline(services);
  try {
    for (let number = from; number < plan.batches; number += 1) {
      if (!deadline.mayBegin()) return { next: number, result: null };
      const { fields } = await needJson<RelinkBatch>(work, keys.relinkBatch(number));
      const journal = isDryRun
        ? undefined
        : await IssueJournal.open(work, journals.issues(restore, plan.firstJournal + number));
      const done = await relinker.run(fields, journal);
      await writeJson<RelinkedBatch>(work, keys.relinkedBatch(number), { fields: done });
    }
  } finally {
    for (const one of [objects, reader, writer]) await recordRequests(work, keys.allRequests, one);
  }
  return { next: null, result: run.relink === undefined ? null : await reportRelink(services, run, context) };
}

/** What a restore's plan has left; alone it is made here, of all objects in whose place a restore has made others. */
async function planOf(
  { work, backups }: Services,
  { relink }: RestoreRun,
  { keys, manifest, journals, restore, sameSite }: RelinkContext,
  known: EarlierRestores,
): Promise<RelinkPlanFile> {
  if (relink === undefined) return needJson<RelinkPlanFile>(work, keys.relinkPlan);
  const there = await readJson<RelinkPlanFile>(work, keys.relinkPlan);
  if (there) return there;
  await checkJournals(work, journals);
  const source = await BackupSource.open(backups, manifest);
  const found = sameSite
    ? await heldObjects(source, (id) => known.allMade(id).some(({ target }) => target !== id))
    : undefined;
  const written = await writeRelinkBatches(work, keys, found?.held ?? []);
  const plan = { ...written, firstJournal: await nextIssueJournal(work, journals, restore) };
  await createJson<RelinkPlanFile>(work, keys.relinkPlan, plan);
  return plan;
}
