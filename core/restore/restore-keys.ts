import { createHash } from 'node:crypto';
import { backupName } from '../backup-format/keys.ts';

/** `2026-11-24_03-00-00_1a2b3c4d`: when its execution started (ISO 8601), and which it is: two may start in one second. */
export function restoreName(startedAt: string, executionId: string): string {
  return `${backupName(startedAt)}_${createHash('sha256').update(executionId).digest('hex').slice(0, 8)}`;
}

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
    before: (typeId: string) => `${root}/before/${typeId}.json`,
    allBefore: `${root}/before/`,
    objectPlan: `${root}/object-plan.json`,
    reused: numbered('reused/part', 'json'),
    batch: numbered('batches/objects', 'json'),
    commentBatch: numbered('batches/comments', 'json'),
    /** What stood in the objects that are written to although they were there, a line each: to undo it. */
    beforeImages: (batch: number, part: number) =>
      `${root}/before-images/${String(batch).padStart(5, '0')}.${String(part).padStart(5, '0')}.jsonl`,
    losses: (stage: string) => `${root}/losses/${stage}.json`,
    requests: (worker: string) => `${root}/requests/${worker}.json`,
    allRequests: `${root}/requests/`,
    verification: `${root}/verification.json`,
    /** How far "Verify restore" has come, by the cursor that it hands back. */
    verified: numbered('verified/part', 'json'),
    /** What "Report restore" gave: a second try gives the same. */
    result: `${root}/result.json`,
    report: `${root}/report.json`,
    reportText: `${root}/report.txt`,
    lossLines: `${root}/losses.jsonl`,
    differenceLines: `${root}/differences.jsonl`,
    changedLines: `${root}/changed.jsonl`,
    keyTable: `${root}/keys.csv`,
    linkTable: `${root}/links.csv`,
    referencesByHand: `${root}/references-by-hand.csv`,
  };
}

export type RestoreKeys = ReturnType<typeof restoreKeys>;

export type JournalKeys = ReturnType<typeof journalKeys>;

/**
 * Journals belong to a pair of sites, not to a restore: what one restore has created the next one must know. Together
 * they are the id map; nothing in them is ever removed.
 */
export function journalKeys(sourceWorkspaceId: string, targetWorkspaceId: string) {
  const root = `journals/${sourceWorkspaceId}/${targetWorkspaceId}`;
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
  };
}
