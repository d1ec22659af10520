import { createHash } from 'node:crypto';
import { backupName } from '../backup-format/keys.ts';

/** `2026-11-24_03-00-00_1a2b3c4d`: when its execution started (ISO 8601), and which it is: two may start in one second. */
export function restoreName(startedAt: string, executionId: string): string {
  return `${backupName(startedAt)}_${createHash('sha256').update(executionId).digest('hex').slice(0, 8)}`;
}

/** Whether a text is such a name: a backup's has no such end. */
export function isRestoreName(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2}_[0-9a-f]{8}$/.test(text);
}

/** Before-images of all restores and undos. */
export const allBeforeImages = 'before-images/';

/** Plans of all sites that may be approved. */
export const allKeptPlans = 'plans/';

/** The writes of a plan for a site, under its hash: for whoever approves it, in whatever restore. */
export const keptPlan = (workspaceId: string, hash: string) => `${allKeptPlans}${workspaceId}/${hash}.jsonl`;

/** Keys of a restore in the work store, all made here. */
export function restoreKeys(restore: string) {
  const root = `restores/${restore}`;
  const numbered = (folder: string, ending: string) => (number: number) =>
    `${root}/${folder}-${String(number).padStart(5, '0')}.${ending}`;
  return {
    root: `${root}/`,
    choices: `${root}/choices.json`,
    /** What "Check backup" has found to be missing or damaged. */
    lacking: `${root}/lacking.json`,
    plan: `${root}/plan.json`,
    /** What "Plan restore" gave: a second try gives the same. */
    outcome: `${root}/plan-outcome.json`,
    items: numbered('plan/items', 'jsonl'),
    plannedLosses: numbered('plan/losses', 'jsonl'),
    plannedLinks: numbered('plan/links', 'jsonl'),
    changed: numbered('plan/changed', 'jsonl'),
    /** Values that are set back to the backup's. */
    plannedOverwrites: numbered('plan/overwritten', 'jsonl'),
    /** Objects of the target that came after the backup. */
    cameLater: numbered('plan/came-later', 'jsonl'),
    people: `${root}/people.json`,
    /** What the input says has become of objects, as the plan found it. */
    same: `${root}/same.json`,
    usersTemplate: `${root}/users-template.csv`,
    configurationPlan: `${root}/configuration-plan.json`,
    configuration: `${root}/configuration.json`,
    /** What "Plan restore" has read of the target when it hands back, by the cursor that it hands back. */
    targetRead: numbered('target/part', 'json'),
    /** Objects of the target that differ from the backup when the plan is made, as the site gives them, by shard of the backup. */
    differing: (shard: number) => `${root}/differing/${String(shard).padStart(5, '0')}/`,
    /** What histories of objects of the target say of who has changed what, in files as they were read. */
    history: numbered('histories/part', 'jsonl'),
    histories: `${root}/histories/`,
    before: (typeId: string) => `${root}/before/${typeId}.json`,
    allBefore: `${root}/before/`,
    objectPlan: `${root}/object-plan.json`,
    reused: numbered('reused/part', 'json'),
    batch: numbered('batches/objects', 'json'),
    commentBatch: numbered('batches/comments', 'json'),
    /** How far the comments are, from one step to the next. */
    commentsReached: `${root}/comments.json`,
    /**
     * What stood in objects that are written to although they were there, a line each. Personal data that is of use for a time only,
     * so it lies where it can be removed by itself.
     */
    beforeImages: (batch: number, part: number) =>
      `${allBeforeImages}${restore}/${String(batch).padStart(5, '0')}.${String(part).padStart(5, '0')}.jsonl`,
    ofBeforeImages: `${allBeforeImages}${restore}/`,
    losses: (stage: string) => `${root}/losses/${stage}.json`,
    requests: (worker: string) => `${root}/requests/${worker}.json`,
    allRequests: `${root}/requests/`,
    /** Attributes of the target that are relaxed, until that is put back. */
    relaxed: `${root}/relaxed.json`,
    verification: `${root}/verification.json`,
    /** How far "Verify restore" has come, by the cursor that it hands back. */
    verified: numbered('verified/part', 'json'),
    /** What "Report restore" gave: a second try gives the same. */
    result: `${root}/result.json`,
    report: `${root}/report.json`,
    reportText: `${root}/report.txt`,
    reportPage: `${root}/report.html`,
    lossLines: `${root}/losses.jsonl`,
    differenceLines: `${root}/differences.jsonl`,
    changedLines: `${root}/changed.jsonl`,
    overwrittenLines: `${root}/overwritten.jsonl`,
    keyTable: `${root}/keys.csv`,
    linkTable: `${root}/links.csv`,
    /** Of an undo: what it was asked for, what it has found, what it is to do, and what it has done. */
    undoChoices: `${root}/undo.json`,
    looked: numbered('undo/looked', 'json'),
    undoPlan: `${root}/undo/plan.json`,
    undoBatch: numbered('undo/batch', 'json'),
    undoneBatch: numbered('undo/done', 'json'),
    undoneConfiguration: `${root}/undo/configuration.json`,
    undoVerified: numbered('undo/verified', 'json'),
    /** Of the linking of issues: what alone was asked for, what is to be done, and what was found. */
    relinkChoices: `${root}/relink.json`,
    relinkPlan: `${root}/relink/plan.json`,
    relinkBatch: numbered('relink/batch', 'json'),
    relinkedBatch: numbered('relink/done', 'json'),
    issueLines: `${root}/issues.jsonl`,
    undoVerification: `${root}/undo/verification.json`,
    stays: `${root}/stays.jsonl`,
    referencesByHand: `${root}/references-by-hand.csv`,
  };
}

/** What undos of a restore are about to delete, and what came of them. */
export function undoneKeys(restore: string) {
  return {
    undone: `undone/${restore}.json`,
    deleting: (undo: string, batch: number) => `undone/${restore}/${undo}.${String(batch).padStart(5, '0')}.json`,
    allDeleting: `undone/${restore}/`,
  };
}

export type RestoreKeys = ReturnType<typeof restoreKeys>;

export type JournalKeys = ReturnType<typeof journalKeys>;

/** Journals of all restores of a site, into whatever sites. */
export const journalsOf = (sourceWorkspaceId: string) => `journals/${sourceWorkspaceId}/`;

/**
 * Journals belong to a pair of sites, not to a restore: what one restore has created the next one must know. Together
 * they are the id map; nothing in them is ever removed.
 */
export function journalKeys(sourceWorkspaceId: string, targetWorkspaceId: string) {
  const root = `${journalsOf(sourceWorkspaceId)}${targetWorkspaceId}`;
  const numbered = (folder: string) => (restore: string, number: number) =>
    `${root}/${folder}/${restore}.${String(number).padStart(5, '0')}.json`;
  return {
    all: `${root}/`,
    configuration: (restore: string) => `${root}/configuration/${restore}.json`,
    allConfiguration: `${root}/configuration/`,
    objects: numbered('objects'),
    allObjects: `${root}/objects/`,
    links: numbered('links'),
    allLinks: `${root}/links/`,
    comments: numbered('comments'),
    allComments: `${root}/comments/`,
    /** How a restore has left the objects: the last that it writes before its report. */
    left: numbered('left'),
    allLeft: `${root}/left/`,
    /** Fields of issues: what stood in them, and what was written. */
    issues: numbered('issues'),
    allIssues: `${root}/issues/`,
  };
}
