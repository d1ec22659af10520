import type { WorkStore } from '../../ports/work-store.ts';
import { createJson, needJson, writeJson } from '../../work-store/json-file.ts';
import { SwappedFile } from '../../work-store/swapped-file.ts';
import type { ConfigurationIntents } from '../id-map/configuration-journal.ts';
import type { JournalKeys } from '../restore-keys.ts';

/** A field of an issue that was written, or was about to be: ids of objects, in order. */
export interface WrittenField {
  readonly issue: string;
  /** Key of the issue, for people. */
  readonly key: string;
  readonly field: string;
  readonly name: string;
  /** What stood there just before, and what was to stand there. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Those of both that were not there any more: a site may drop them by itself. */
  readonly gone: readonly string[];
  /** `open`: nobody has read it back. `done`: it was read back so. `refused`: the site did not store it. */
  readonly state: 'open' | 'done' | 'refused';
}

/** The journal of one batch of issues as it lies in the work store; by issue and field. */
export interface IssueJournalFile {
  readonly restore: string;
  readonly entries: Readonly<Record<string, WrittenField>>;
}

/** `10001 customfield_10100` */
export const fieldOfIssue = ({ issue, field }: Pick<WrittenField, 'issue' | 'field'>) => `${issue} ${field}`;

/**
 * The journal of one batch of writes to issues. What is about to be written is announced before it is sent, with a write that
 * succeeds only where nobody else has written: a worker that loses that condition has a rival, and stops.
 */
export class IssueJournal {
  readonly #restore: string;
  readonly #file: SwappedFile;
  readonly #entries: Map<string, WrittenField>;
  #isSaved = true;

  private constructor(file: SwappedFile, { restore, entries }: IssueJournalFile) {
    this.#restore = restore;
    this.#file = file;
    this.#entries = new Map(Object.entries(entries));
  }

  /** One that was begun before. Throws DamagedWorkFileError. */
  static async open(work: WorkStore, key: string): Promise<IssueJournal> {
    const { file, contents } = await SwappedFile.open<IssueJournalFile>(work, key);
    return new IssueJournal(file, contents);
  }

  of(field: Pick<WrittenField, 'issue' | 'field'>): WrittenField | undefined {
    return this.#entries.get(fieldOfIssue(field));
  }

  /** Notes something in memory; the next write takes it along. */
  note(entry: WrittenField): void {
    this.#entries.set(fieldOfIssue(entry), entry);
    this.#isSaved = false;
  }

  /** Writes what was noted since the last write, where there is anything. Throws LockLostError. */
  async saveNoted(): Promise<void> {
    if (!this.#isSaved) await this.save();
  }

  /** Writes everything noted so far. Throws LockLostError. */
  async save(): Promise<void> {
    await this.#file.write(
      (): IssueJournalFile => ({ restore: this.#restore, entries: Object.fromEntries(this.#entries) }),
    );
    this.#isSaved = true;
  }
}

/** Numbers of the journals of issues that a restore has, which go on where issues are linked once more. */
export async function nextIssueJournal(work: WorkStore, keys: JournalKeys, restore: string): Promise<number> {
  let next = 0;
  for await (const key of work.list(`${keys.allIssues}${restore}.`)) {
    next = Math.max(next, Number(key.split('.').at(-2)) + 1);
  }
  return next;
}

/**
 * Begins journals, empty, and has the journal of the restore's configuration name them: from that moment on one that is not there is
 * one that was lost.
 */
export async function beginIssueJournals(
  work: WorkStore,
  keys: JournalKeys,
  restore: string,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<void> {
  const journals = Array.from({ length: count }, (_, number) => keys.issues(restore, from + number));
  if (journals.length === 0) return;
  for (const key of journals) await createJson<IssueJournalFile>(work, key, { restore, entries: {} });
  const configuration = await needJson<ConfigurationIntents>(work, keys.configuration(restore));
  // Version 0.1.0 named none, and a list of some would say that these are all.
  if (configuration.files === undefined) return;
  const files = [...new Set([...configuration.files, ...journals])];
  await writeJson<ConfigurationIntents>(work, keys.configuration(restore), { ...configuration, files });
}

/**
 * What a restore has written to issues, and what stood there before the first time: where issues were linked more than once, and
 * what stood there in between was its own work, that is one write.
 */
export async function writtenFields(work: WorkStore, keys: JournalKeys, restore: string): Promise<WrittenField[]> {
  const written = new Map<string, WrittenField>();
  for await (const key of work.list(`${keys.allIssues}${restore}.`)) {
    const { entries } = await needJson<IssueJournalFile>(work, key);
    for (const [name, entry] of Object.entries(entries)) {
      if (entry.state === 'refused') continue;
      const earlier = written.get(name);
      const goesOn = earlier !== undefined && holdsSame(entry.before, earlier.after, earlier.gone);
      const gone = [...new Set([...entry.gone, ...(goesOn ? earlier.gone : [])])];
      written.set(name, { ...entry, gone, before: goesOn ? earlier.before : entry.before });
    }
  }
  return [...written.values()];
}

/** The last word of all journals on a field of an issue. */
export interface LeftField extends WrittenField {
  /** Whose word it is. */
  readonly restore: string;
}

/**
 * How restores have left fields of issues, by issue and field: of several the last word counts. One that is `open` was announced by
 * a worker that died: nobody knows whether it was written.
 */
export async function leftFields(work: WorkStore, keys: JournalKeys): Promise<ReadonlyMap<string, LeftField>> {
  const left = new Map<string, LeftField>();
  for await (const key of work.list(keys.allIssues)) {
    const { restore, entries } = await needJson<IssueJournalFile>(work, key);
    for (const [name, entry] of Object.entries(entries)) {
      if (entry.state !== 'refused') left.set(name, { ...entry, restore });
    }
  }
  return left;
}

/** Whether a field holds what it is to hold, whatever the order, and whatever became of what is gone: sites drop that, or keep it. */
export function holdsSame(today: readonly string[], wanted: readonly string[], gone: Iterable<string>): boolean {
  const dropped = new Set(gone);
  const rest = (ids: readonly string[]) => JSON.stringify(ids.filter((id) => !dropped.has(id)).toSorted());
  return rest(today) === rest(wanted);
}
