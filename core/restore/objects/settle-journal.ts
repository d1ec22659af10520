import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import { needJson } from '../../work-store/json-file.ts';
import { EarlierRestores } from '../id-map/earlier-restores.ts';
import { type ObjectEntry, ObjectJournal, type ObjectJournalFile, type OpenEntry } from '../id-map/object-journal.ts';
import { readBefore } from '../plan-files.ts';
import type { JournalKeys } from '../restore-keys.ts';
import { settleObjects } from './settle-objects.ts';

/**
 * Finds out what became of creates whose answers were lost, and writes it into their journal: what is not there is forgotten,
 * so that it is made. Gives the entries of what is, or may be, there.
 * @param hasMade whether an object of the target is known to have been made of something else
 */
export async function settleJournal(
  services: Services,
  reader: AssetsReader,
  journal: ObjectJournal,
  hasMade: (targetId: string) => boolean,
): Promise<ReadonlyMap<string, ObjectEntry>> {
  const entries = new Map<string, ObjectEntry>();
  const open = openEntries(journal);
  if (open.size === 0) return entries;
  const before = await readBefore(services.work, journal.restore, new Set(open.values().map(({ type }) => type)));
  const isClaimed = (id: string, typeId: string) => hasMade(id) || before.get(typeId)?.has(id) === true;
  const settled = await settleObjects(services, reader, { open, isClaimed, newest: newestOf(journal) });
  for (const [source, outcome] of settled) {
    const entry = open.get(source);
    if (!entry) continue;
    if (outcome.state === 'absent') {
      journal.forget(source);
      continue;
    }
    const { schema, type, pending, losses } = entry;
    const known = { schema, type, ...outcome, ...(pending && { pending }), ...(losses && { losses }) };
    journal.note(source, known);
    entries.set(source, known);
  }
  await journal.save();
  return entries;
}

/** The same for whatever stopped restores had under way. Nothing is created here; what is not there is planned anew. */
export async function settleEarlierRestores(
  services: Services,
  reader: AssetsReader,
  { journals: keys, restore: asking }: { journals: JournalKeys; restore: string },
): Promise<void> {
  const { work } = services;
  const journals: ObjectJournal[] = [];
  for await (const key of work.list(keys.allObjects)) {
    const { entries } = await needJson<ObjectJournalFile>(work, key);
    if (Object.values(entries).some(({ state }) => state === 'open'))
      journals.push(await ObjectJournal.open(work, key));
  }
  for (const journal of journals) {
    // Anew for each: what one journal turns out to have made is no candidate for the next.
    const earlier = await EarlierRestores.read(work, keys, asking);
    await settleJournal(services, reader, journal, (id) => earlier.isClaimed(id));
  }
}

export function openEntries(journal: ObjectJournal): Map<string, OpenEntry> {
  const open = new Map<string, OpenEntry>();
  for (const [source, entry] of journal.entries) if (entry.state === 'open') open.set(source, entry);
  return open;
}

/** The newest object that a journal knows to have been created. */
function newestOf(journal: ObjectJournal): string | undefined {
  let newest: string | undefined;
  for (const entry of journal.entries.values()) {
    if (entry.state !== 'created') continue;
    if (newest === undefined || Number(entry.target) > Number(newest)) newest = entry.target;
  }
  return newest;
}
