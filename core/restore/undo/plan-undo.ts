import { openBackup } from '../../backup-format/open-backup.ts';
import { harmlessJson } from '../../harmless.ts';
import type { RestoreRun, UndoChoices } from '../../model/restore.ts';
import type { Staying } from '../../model/undo.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { releaseRun } from '../../runs/release-run.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { sideBySide } from '../../side-by-side.ts';
import { createJson, needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { checkJournals } from '../id-map/journal-files.ts';
import type { WrittenField } from '../issues/issue-journal.ts';
import { settleEarlierRestores } from '../objects/settle-journal.ts';
import type { PlanOutcome } from '../plan/plan-outcome.ts';
import { journalKeys, restoreKeys, undoneKeys } from '../restore-keys.ts';
import { mayBeThere } from './gone-objects.ts';
import type { LookedFile, OverwrittenObject, UndoneFile, UntouchedObject } from './undo-files.ts';
import { outcomeOfUndo } from './undo-outcome.ts';
import { knowLinks, UndoStage } from './undo-stage.ts';
import { type FoundToUndo, writeUndoPlan } from './write-undo-plan.ts';
import { writtenElsewhere } from './written-elsewhere.ts';

/** Objects looked at before the time is, and at once. */
const lookedAtOnce = 200;
const inFlight = 16;

/**
 * Plans an undo: settles what a stopped restore left open, looks at every object that the restore has made or written to, and
 * decides what goes, what is set back and what stays. Changes nothing. Hands back a number to be called again with while there
 * are objects to look at. Throws DamagedWorkFileError, DamagedBackupError, PlanChangedError, the errors of before-images.
 */
export async function planUndo(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<PlanOutcome> {
  const { work, site, budget, reporter } = services;
  const keys = restoreKeys(run.restore);
  const earlier = await readJson<PlanOutcome>(work, keys.outcome);
  if (earlier) return earlier;
  await checkSiteLock(services, run);
  const choices = await needJson<UndoChoices>(work, keys.undoChoices);
  const reader = site.reader(run.workspace, budget);
  const stage = (await isUndone(services, run)) ? undefined : await openSettled(services, run, { reader, from });
  const next = stage ? await lookAtAll(services, run, stage, from) : null;
  await recordRequests(work, keys.allRequests, reader);
  if (next !== null) return { next, go: false, result: null };

  const summary = await writeUndoPlan({
    ...{ services, run, reader, stage, choices },
    found: await foundBy(services, run, stage, reader),
  });
  await work.write(keys.plan, harmlessJson(summary, 1));
  await recordRequests(work, keys.allRequests, reader);
  reporter.event('info', 'restore.planned', {
    restore: run.restore,
    deletes: summary.counts.deleted.object ?? 0,
    stays: summary.stayCount,
    approvals: summary.approvals.length,
  });
  const outcome = outcomeOfUndo(work, summary, choices);
  if (!outcome.go) await releaseRun(services, run);
  await writeJson(work, keys.outcome, outcome);
  return outcome;
}

/** Whether an undo has left nothing of the restore. */
async function isUndone({ work }: Services, { undo = '' }: RestoreRun): Promise<boolean> {
  const undone = await readJson<UndoneFile>(work, undoneKeys(undo).undone);
  return undone !== undefined && undone.stays === 0 && undone.differences === 0;
}

async function openSettled(
  services: Services,
  run: RestoreRun,
  { reader, from }: { reader: AssetsReader; from: number },
): Promise<UndoStage | undefined> {
  const manifest = await openBackup(services.backups, run.backup);
  const journals = journalKeys(manifest.site.workspaceId, run.workspace.workspaceId);
  await checkJournals(services.work, journals);
  if (from === 0) await settleEarlierRestores(services, reader, { journals, restore: run.restore });
  return UndoStage.open(services, run, reader);
}

const partsOf = ({ made, images, links }: UndoStage) => ({
  ofIssues: links.parts.length,
  ofMade: Math.ceil(made.all.length / lookedAtOnce),
  ofImages: Math.ceil(images.length / lookedAtOnce),
});

/** Part after part from `from` on: first the issues that were made to hold what it has made, then what the restore has made, then what it has written to. Null when all are looked at. */
async function lookAtAll(services: Services, run: RestoreRun, stage: UndoStage, from: number): Promise<number | null> {
  const { work, reporter } = services;
  const { looked } = restoreKeys(run.restore);
  const { ofIssues, ofMade, ofImages } = partsOf(stage);
  const { links, made, images } = stage;
  if (from === 0) reporter.planned('planning', links.fields + made.all.length + images.length);
  await knowLinks(work, run, stage, Math.min(from, ofIssues));
  for (let number = from; number < ofIssues + ofMade + ofImages; number += 1) {
    if (number > from && isTimeShort(services)) return number;
    const [atMade, atImages] = [number - ofIssues, number - ofIssues - ofMade];
    const part =
      atMade < 0
        ? await lookAtIssues(services, run, stage, number)
        : atImages < 0
          ? await lookAtMade(stage, atMade)
          : await lookAtImages(stage, atImages);
    await createJson<LookedFile>(work, looked(number), part);
    const count =
      atMade < 0 ? (links.parts[number] ?? []) : atImages < 0 ? partOf(made.all, atMade) : partOf(images, atImages);
    reporter.advanced('planning', count.length);
  }
  return null;
}

async function lookAtIssues(
  { site, budget, work }: Services,
  run: RestoreRun,
  { links }: UndoStage,
  part: number,
): Promise<LookedFile> {
  const reader = site.issuesReader(run.workspace, budget);
  const { toSetBack, ours, stays } = await links.look(reader, links.parts[part] ?? []);
  await recordRequests(work, restoreKeys(run.restore).allRequests, reader);
  links.knowAll(ours);
  return { untouched: [], overwritten: [], stays, gone: [], issues: toSetBack, ours };
}

async function lookAtMade(stage: UndoStage, part: number): Promise<LookedFile> {
  const untouched: UntouchedObject[] = [];
  const stays: Staying[] = [];
  const gone: string[] = [];
  const made = partOf(stage.made.all, part);
  await sideBySide(stage.inOrderOfLooks(made), inFlight, async ({ entry: { target, key } }) => {
    const looked = await stage.look(target);
    if (looked === 'gone') gone.push(target);
    else if ('untouched' in looked) untouched.push(looked.untouched);
    else stays.push({ kind: 'object', source: target, where: key, values: 1, reason: looked.touched });
  });
  // The plan goes by the order in which they were made.
  const order = new Map(made.map(({ entry }, index) => [entry.target, index]));
  untouched.sort((a, b) => (order.get(a.target) ?? 0) - (order.get(b.target) ?? 0));
  return { untouched, overwritten: [], stays, gone };
}

async function lookAtImages(stage: UndoStage, part: number): Promise<LookedFile> {
  const overwritten: OverwrittenObject[] = [];
  const stays: Staying[] = [];
  await sideBySide(partOf(stage.images, part), inFlight, async (image) => {
    const looked = await stage.lookAtOverwritten(image);
    if (looked.overwritten) overwritten.push(looked.overwritten);
    stays.push(...looked.stays);
  });
  return { untouched: [], overwritten, stays, gone: [] };
}

const partOf = <T>(list: readonly T[], part: number) => list.slice(part * lookedAtOnce, (part + 1) * lookedAtOnce);

async function foundBy(
  services: Services,
  run: RestoreRun,
  stage: UndoStage | undefined,
  reader: AssetsReader,
): Promise<FoundToUndo> {
  const { work } = services;
  const untouched: UntouchedObject[] = [];
  const overwritten: OverwrittenObject[] = [];
  const gone = new Set<string>();
  const issues: WrittenField[] = [];
  const stays: Staying[] = [...(stage?.made.unknown ?? [])];
  if (stage) {
    const { journals } = stage.stage.context;
    stays.push(
      ...(await writtenElsewhere(work, journals, run.undo ?? '', { reader, isMade: (id) => stage.made.has(id) })),
    );
  }
  const { ofIssues, ofMade, ofImages } = stage ? partsOf(stage) : { ofIssues: 0, ofMade: 0, ofImages: 0 };
  const parts = ofIssues + ofMade + ofImages;
  for (let number = 0; number < parts; number += 1) {
    const part = await needJson<LookedFile>(work, restoreKeys(run.restore).looked(number));
    untouched.push(...part.untouched);
    overwritten.push(...part.overwritten);
    issues.push(...(part.issues ?? []));
    stays.push(...part.stays);
    for (const id of part.gone) gone.add(id);
  }
  const notShown = [...gone].flatMap((id) => (stage?.wasDeleted(id) ? [] : (stage?.made.of(id)?.entry ?? [])));
  const hidden = await mayBeThere(services, reader, notShown);
  for (const { source } of hidden) gone.delete(source);
  stays.push(...hidden);
  return { untouched, overwritten, issues, stays, gone, parts };
}
