import type { WorkStore } from '../ports/work-store.ts';
import type { ObjectJournalFile } from '../restore/id-map/object-journal.ts';
import { journalKeys } from '../restore/restore-keys.ts';
import { needJson } from '../work-store/json-file.ts';

/**
 * What restores of a site into itself have made, by its id: the id of what it was made of. Throws DamagedWorkFileError where a journal
 * cannot be read.
 */
export async function madeAgain(work: WorkStore, workspaceId: string): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  for await (const key of work.list(journalKeys(workspaceId, workspaceId).allObjects)) {
    const { entries } = await needJson<ObjectJournalFile>(work, key);
    for (const [source, entry] of Object.entries(entries)) {
      if (entry.state === 'created') made.set(entry.target, source);
    }
  }
  return made;
}
