import type { WorkStore } from '../../ports/work-store.ts';
import { sideBySide } from '../../side-by-side.ts';
import { damagedFile } from '../../work-store/damaged-file.ts';
import { createJson, missingFile, needJson } from '../../work-store/json-file.ts';
import { type JournalKeys, restoreKeys } from '../restore-keys.ts';
import type { CommentsFile } from './comment-journal.ts';
import { type ConfigurationIntents, listJournals } from './configuration-journal.ts';
import type { LinksFile } from './earlier-restores.ts';
import type { ObjectJournalFile } from './object-journal.ts';

const writesAtOnce = 16;

/**
 * Begins all journals of a restore, empty and before its configuration's journal is written, which names them. So from that
 * moment on a journal that is not there is one that was lost, never one that was not begun, wherever a run was stopped. Gives the
 * keys of what must be there from now on.
 * @param counts numbers of batches, as the plan says them
 */
export async function beginJournals(
  work: WorkStore,
  keys: JournalKeys,
  restore: string,
  counts: { readonly batches: number; readonly commentBatches: number },
): Promise<string[]> {
  const files = await Array.fromAsync(work.list(restoreKeys(restore).allBefore));
  const objects: ObjectJournalFile = { restore, entries: {} };
  const links: LinksFile = { restore, done: [] };
  const comments: CommentsFile = { restore, objects: {} };
  const journals = [
    ...Array.from({ length: counts.batches }, (_, number) => [keys.objects(restore, number), objects] as const),
    ...Array.from({ length: counts.batches }, (_, number) => [keys.links(restore, number), links] as const),
    ...Array.from(
      { length: counts.commentBatches },
      (_, number) => [keys.comments(restore, number), comments] as const,
    ),
  ];
  await sideBySide(journals, writesAtOnce, ([key, empty]) => createJson(work, key, empty));
  return [...files, ...journals.map(([key]) => key)];
}

/**
 * Looks whether the id map is whole, before anything goes by it: what a lost journal knows to be made would be made once more.
 * Each configuration's journal names the others of its restore; and none of these stands without it, unless it is empty, as
 * one is that was begun just before the run was stopped. Changes nothing. Throws DamagedWorkFileError.
 */
export async function checkJournals(work: WorkStore, keys: JournalKeys): Promise<void> {
  const journals = await listJournals(work, keys);
  const unnamed: string[] = [];
  const configured = new Set<string>();
  for await (const key of work.list(keys.allConfiguration)) {
    const { restore, files, schemaKeys, finishedKeys } = await needJson<ConfigurationIntents>(work, key);
    configured.add(restore);
    const there = new Set(journals.get(restore));
    if (files === undefined) unnamed.push(...there);
    // Once a restore is at its end nothing is settled by what was there before it.
    const isFinished = schemaKeys.every((schema) => finishedKeys.includes(schema));
    const { allBefore } = restoreKeys(restore);
    if (files && !isFinished) for await (const before of work.list(allBefore)) there.add(before);
    for (const file of files ?? []) {
      if (!there.has(file) && !(isFinished && file.startsWith(allBefore))) throw missingFile(work, file);
    }
  }
  for (const [restore, files] of journals) {
    if (configured.has(restore)) continue;
    for (const file of files) {
      if (!isEmpty(await needJson<object>(work, file))) throw missingFile(work, keys.configuration(restore));
    }
  }
  if (unnamed.length > 0) await checkUnnamed(work, keys, unnamed);
}

const isEmpty = (journal: object) =>
  Object.values(journal).every((part) => typeof part !== 'object' || part === null || Object.keys(part).length === 0);

/**
 * Journals of 0.1.0 are named nowhere, so they are held to one another: what was linked, or commented on, was made, and a
 * journal of objects says so.
 */
async function checkUnnamed(work: WorkStore, keys: JournalKeys, journals: readonly string[]): Promise<void> {
  const made = new Set<string>();
  for await (const key of work.list(keys.allObjects)) {
    const { entries } = await needJson<ObjectJournalFile>(work, key);
    for (const entry of Object.values(entries)) if (entry.state === 'created') made.add(entry.target);
  }
  for (const key of journals) {
    if (key.startsWith(keys.allObjects)) continue;
    const { done, objects } = await needJson<Partial<LinksFile & CommentsFile>>(work, key);
    const isLost = [...(done ?? []), ...Object.keys(objects ?? {})].some((target) => !made.has(target));
    if (!isLost) continue;
    throw damagedFile(
      work,
      keys.allObjects,
      `lacks a journal: ${work.addressOf(key)} speaks of objects that no journal there says were made`,
    );
  }
}
