import type { WorkStore } from '../../ports/work-store.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import { type StoredIssueField, storedIssueFields, storedIssueLinks } from '../../reading/stored-issue-links.ts';
import { writeJson } from '../../work-store/json-file.ts';
import type { RestoreKeys } from '../restore-keys.ts';

/** A field of an issue with what it held when it was backed up. */
export interface HeldObjects {
  readonly issue: string;
  /** Key of the issue at that time. */
  readonly key: string;
  readonly field: string;
  readonly name: string;
  readonly before: readonly string[];
}

/** Fields of issues that are looked at; all of one issue stand together, in a batch of at most 100 issues. */
export interface RelinkBatch {
  readonly fields: readonly HeldObjects[];
}

/** What a linking of issues is to do: batches, whose journals are numbered from `firstJournal` on. */
export interface RelinkPlanFile {
  readonly batches: number;
  readonly issues: number;
  readonly firstJournal: number;
}

const issuesABatch = 100;
/** Issues that are looked at together just before they are written to: few, so that little happens in between. */
export const issuesAGroup = 20;

/** Requests for looks at issues, and for reading those back that are written to. */
export function lookRequests(held: number, written: number): number {
  return Math.ceil(held / issuesABatch) + 2 * Math.ceil(written / issuesAGroup);
}

/** The fields of a backup's issues that held something of which `isConcerned` says that it is to be looked at. */
export async function heldObjects(
  source: BackupSource,
  isConcerned: (objectId: string) => boolean,
): Promise<{ readonly fields: readonly StoredIssueField[]; readonly held: readonly HeldObjects[] } | undefined> {
  const fields = await storedIssueFields(source);
  if (!fields) return undefined;
  const held: HeldObjects[] = [];
  for (const field of fields) {
    for await (const { issueId, issueKey, objectIds } of storedIssueLinks(source, field)) {
      if (!objectIds.some(isConcerned)) continue;
      held.push({ issue: issueId, key: issueKey, field: field.id, name: field.name, before: objectIds });
    }
  }
  return { fields, held };
}

/** Leaves the batches for the steps to come; gives how many there are. */
export async function writeRelinkBatches(
  work: WorkStore,
  keys: RestoreKeys,
  held: readonly HeldObjects[],
): Promise<{ readonly batches: number; readonly issues: number }> {
  const issues = [...Map.groupBy(held, ({ issue }) => issue).values()];
  const batches = Math.ceil(issues.length / issuesABatch);
  for (let number = 0; number < batches; number += 1) {
    const fields = issues.slice(number * issuesABatch, (number + 1) * issuesABatch).flat();
    await writeJson<RelinkBatch>(work, keys.relinkBatch(number), { fields });
  }
  return { batches, issues: issues.length };
}
