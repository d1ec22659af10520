import { harmlessJson } from '../../harmless.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson } from '../../work-store/json-file.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import type { RelinkPlanFile } from './issue-batches.ts';
import type { RelinkedBatch, RelinkedField } from './relinked-fields.ts';

const shownPlaces = 5;

/** What all batches have come to. */
export async function relinkedFields(work: WorkStore, keys: RestoreKeys): Promise<RelinkedField[]> {
  const { batches } = await needJson<RelinkPlanFile>(work, keys.relinkPlan);
  const fields: RelinkedField[] = [];
  for (let number = 0; number < batches; number += 1) {
    fields.push(...(await needJson<RelinkedBatch>(work, keys.relinkedBatch(number))).fields);
  }
  return fields;
}

/** A line for each field of an issue that was looked at. */
export async function writeIssueLines(work: WorkStore, keys: RestoreKeys, fields: readonly RelinkedField[]) {
  if (fields.length === 0) return null;
  await work.write(keys.issueLines, fields.map((field) => `${harmlessJson(field)}\n`).join(''));
  return keys.issueLines;
}

/** What is to be known of issues that were linked, or left since somebody has changed them. */
export function issueNotices(fields: readonly RelinkedField[]): string[] {
  const others = fields.filter(({ outcome }) => outcome === 'other').map(({ key, name }) => `${name} of ${key}`);
  const moved = fields.flatMap(({ key, keyNow }) => (keyNow === undefined ? [] : [`${key} is ${keyNow}`]));
  return [
    ...(others.length > 0
      ? [`Left as it is in issues, since somebody has changed it after the backup: ${named(others)}.`]
      : []),
    ...(moved.length > 0 ? [`Issues that have another key by now: ${named(moved)}.`] : []),
  ];
}

const named = (places: readonly string[]) => {
  const more = places.length - shownPlaces;
  return `${places.slice(0, shownPlaces).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};
