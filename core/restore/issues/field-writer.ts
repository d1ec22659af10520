import { NotFoundError, PermissionRefusedError, RequestRefusedError } from '../../errors.ts';
import type { IssueRecord, IssuesReader } from '../../ports/issues-reader.ts';
import type { IssuesWriter } from '../../ports/issues-writer.ts';
import { sideBySide } from '../../side-by-side.ts';
import { idsInField, issuesNow, mayNotEdit, notThere, objectsToSend, storedNothing } from './issue-fields.ts';
import { holdsSame, type WrittenField } from './issue-journal.ts';

/** A field of an issue that is to be written, and the issue as it was seen just before. */
export interface FieldToWrite {
  readonly field: WrittenField;
  readonly seen: IssueRecord;
}

const withoutGone = (field: WrittenField): WrittenField => ({
  ...field,
  after: field.after.filter((id) => !field.gone.includes(id)),
  gone: [],
});

/** By issue and field, why it could not be written; null where it was, and was read back. */
export type WrittenFields = ReadonlyMap<FieldToWrite, string | null>;

const inFlight = 8;
/** First writes that may be sent once more to find out whether the site ignores the form as a whole. */
const mostTrials = 3;

/**
 * Writes fields of issues and reads them back. Watchers are not told, where the site allows that to this login: where it refuses, or
 * stores nothing of the first that is written, the same is sent once more so that they are told, and what is read back then counts.
 */
export class FieldWriter {
  readonly #reader: IssuesReader;
  readonly #writer: IssuesWriter;
  readonly #workspaceId: string;
  /** Undefined until something was read back. */
  #notifies: boolean | undefined;
  #trials = 0;

  constructor(reader: IssuesReader, writer: IssuesWriter, workspaceId: string) {
    this.#reader = reader;
    this.#writer = writer;
    this.#workspaceId = workspaceId;
  }

  /** Fields of one issue one after the other, of several side by side. */
  async write(changes: readonly FieldToWrite[]): Promise<WrittenFields> {
    const results = new Map<FieldToWrite, string | null>();
    let open = [...changes];
    while (this.#notifies === undefined && open.length > 0) {
      const [first, ...others] = open;
      if (first) results.set(first, await this.#try(first));
      open = others;
    }
    const sent: FieldToWrite[] = [];
    const byIssue = Map.groupBy(open, ({ field }) => field.issue);
    await sideBySide(byIssue.values(), inFlight, async (ofIssue) => {
      for (const change of ofIssue) {
        const refused = await this.#send(change, this.#notifies ?? false);
        if (refused === undefined) sent.push(change);
        else results.set(change, refused);
      }
    });
    for (const [change, reason] of await this.#readBack(sent)) results.set(change, reason);
    const hidden = sent.filter((change) => results.get(change) === storedNothing && change.field.gone.length > 0);
    for (const change of hidden) {
      const rest = { ...change, field: withoutGone(change.field) };
      results.set(change, await this.#sendAndRead(rest, this.#notifies ?? false));
    }
    return results;
  }

  async #try(change: FieldToWrite): Promise<string | null> {
    const reason = await this.#sendAndRead(change, false);
    if (reason === null) this.#notifies ??= false;
    if (reason !== storedNothing || this.#notifies !== undefined) return reason;
    this.#trials += 1;
    const now = await this.#sendAndRead(change, true);
    if (now === null) this.#notifies = true;
    else if (this.#trials >= mostTrials) this.#notifies = false;
    return now;
  }

  async #sendAndRead(change: FieldToWrite, notifies: boolean): Promise<string | null> {
    const reason = (await this.#send(change, notifies)) ?? (await this.#stored(change));
    // What is not there any more may be what the site hid behind its success.
    if (reason !== storedNothing || change.field.gone.length === 0) return reason;
    return this.#sendAndRead({ ...change, field: withoutGone(change.field) }, notifies);
  }

  async #stored(change: FieldToWrite): Promise<string | null> {
    return (await this.#readBack([change])).get(change) ?? null;
  }

  /** The reason where it was refused. */
  async #send(change: FieldToWrite, notifies: boolean): Promise<string | undefined> {
    try {
      return await this.#set(change, change.field.after, notifies);
    } catch (error) {
      if (error instanceof NotFoundError) return notThere;
      if (error instanceof PermissionRefusedError && !notifies) {
        const refused = await this.#send(change, true);
        // It was the mail that this login may not keep back.
        if (refused === undefined) this.#notifies = true;
        return refused;
      }
      if (error instanceof PermissionRefusedError) return mayNotEdit;
      if (!(error instanceof RequestRefusedError)) throw error;
      return this.#withoutGone(change, notifies, error);
    }
  }

  /** What is not there any more may be what the site refuses. */
  async #withoutGone(
    change: FieldToWrite,
    notifies: boolean,
    refusal: RequestRefusedError,
  ): Promise<string | undefined> {
    const rest = withoutGone(change.field).after;
    const reason = refusal.saying([], 'the site does not let the field be set');
    if (rest.length === change.field.after.length) return reason;
    try {
      return await this.#set(change, rest, notifies);
    } catch (error) {
      if (error instanceof RequestRefusedError || error instanceof PermissionRefusedError) return reason;
      throw error;
    }
  }

  async #set({ field, seen }: FieldToWrite, ids: readonly string[], notifies: boolean): Promise<undefined> {
    const objects = objectsToSend(ids, this.#workspaceId, seen.fields[field.field]);
    await this.#writer.setObjects(field.issue, field.field, objects, { notifies });
    return undefined;
  }

  /** From the issues themselves: a success may hide that nothing was stored. */
  async #readBack(changes: readonly FieldToWrite[]): Promise<WrittenFields> {
    const results = new Map<FieldToWrite, string | null>();
    if (changes.length === 0) return results;
    const issues = new Set(changes.map(({ field }) => field.issue));
    const { found, reasons } = await issuesNow(this.#reader, issues, new Set(changes.map(({ field }) => field.field)));
    for (const change of changes) {
      const { issue, field, after, gone } = change.field;
      const record = found.get(issue);
      const now = record && idsInField(record, field);
      if (!record) results.set(change, reasons.get(issue) ?? notThere);
      else results.set(change, now && holdsSame(now, after, gone) ? null : storedNothing);
    }
    return results;
  }
}
