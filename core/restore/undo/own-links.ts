import type { Staying } from '../../model/undo.ts';
import type { IssueRecord, IssuesReader } from '../../ports/issues-reader.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { idsInField, issuesNow, notReadable } from '../issues/issue-fields.ts';
import { holdsSame, type WrittenField, writtenFields } from '../issues/issue-journal.ts';
import type { JournalKeys } from '../restore-keys.ts';

/** What a look at fields of issues that a restore has written has found. */
export interface LookedLinks {
  /** Still as the restore left them, so that they can be set back. */
  readonly toSetBack: readonly WrittenField[];
  /** Issue and object, where nothing but what the restore wrote connects them. */
  readonly ours: readonly (readonly [issue: string, object: string])[];
  readonly stays: readonly Staying[];
  readonly seen: ReadonlyMap<string, IssueRecord>;
}

/**
 * The issues that a restore has made to hold what it made. What is connected by these alone nobody has touched.
 */
export class OwnLinks {
  readonly fields: number;
  /** All fields of an issue stand in one part. */
  readonly parts: readonly (readonly WrittenField[])[];
  /** Ids of all fields in which an issue may hold objects, as far as the backup knows. */
  readonly #fields: readonly string[];
  readonly #ours = new Map<string, Set<string>>();

  private constructor(all: readonly WrittenField[], fields: readonly string[]) {
    this.fields = all.length;
    this.parts = byIssues(all);
    this.#fields = fields;
  }

  /** @param restore the one that is undone */
  static async read(
    work: WorkStore,
    keys: JournalKeys,
    restore: string,
    fields: readonly { readonly id: string }[],
  ): Promise<OwnLinks> {
    const all = await writtenFields(work, keys, restore);
    return new OwnLinks(all, [...new Set([...fields.map(({ id }) => id), ...all.map(({ field }) => field)])]);
  }

  isOurs(issue: string, object: string): boolean {
    return this.#ours.get(issue)?.has(object) ?? false;
  }

  /** Takes what a look has found for known, or what is known of an issue back. */
  know(issue: string, objects: Iterable<string>): void {
    this.#ours.set(issue, new Set(objects));
  }

  knowAll(ours: LookedLinks['ours']): void {
    for (const [issue, pairs] of Map.groupBy(ours, ([of]) => of)) {
      this.know(
        issue,
        pairs.map(([, object]) => object),
      );
    }
  }

  /** Looks at fields, all of an issue among them, as they are now. */
  async look(reader: IssuesReader, fields: readonly WrittenField[]): Promise<LookedLinks> {
    const byIssue = Map.groupBy(fields, ({ issue }) => issue);
    const { found, reasons } = await issuesNow(reader, new Set(byIssue.keys()), new Set(this.#fields));
    const toSetBack: WrittenField[] = [];
    const ours: [string, string][] = [];
    const stays: Staying[] = [];
    for (const [issue, written] of byIssue) {
      const record = found.get(issue);
      const states = written.map((field) => [field, stateOf(field, record, reasons.get(issue))] as const);
      for (const [field, state] of states) {
        if (state === 'as left') toSetBack.push(field);
        else if (state !== 'as before') stays.push(stayingField(field, state.reason));
      }
      const known = states.filter(([, state]) => typeof state === 'string').map(([field]) => field);
      const others = record ? this.#heldElsewhere(record, known) : undefined;
      for (const object of new Set(known.flatMap(({ after }) => after))) {
        if (others && !others.has(object)) ours.push([issue, object]);
      }
    }
    return { toSetBack, ours, stays, seen: found };
  }

  /** What an issue holds by fields that the restore did not write, or that are not as it left them; undefined where one is unknown. */
  #heldElsewhere(record: IssueRecord, known: readonly WrittenField[]): Set<string> | undefined {
    const fields = this.#fields.filter((id) => !known.some(({ field }) => field === id));
    const held = fields.map((field) => idsInField(record, field));
    return held.includes(undefined) ? undefined : new Set(held.flatMap((ids) => ids ?? []));
  }
}

const issuesAPart = 100;

/** Fields of issues in parts, each of which has all of its issues. */
export function byIssues(fields: readonly WrittenField[]): WrittenField[][] {
  const issues = [...Map.groupBy(fields, ({ issue }) => issue).values()];
  const count = Math.ceil(issues.length / issuesAPart);
  return Array.from({ length: count }, (_, at) => issues.slice(at * issuesAPart, (at + 1) * issuesAPart).flat());
}

type FieldState = 'as left' | 'as before' | { readonly reason: string };

function stateOf(field: WrittenField, record: IssueRecord | undefined, reason = ''): FieldState {
  if (!record) return { reason };
  const now = idsInField(record, field.field);
  if (!now) return { reason: notReadable };
  // Where the restore has only put back what stood there anyway, nothing is to be undone.
  if (holdsSame(now, field.before, goneBefore(field))) return 'as before';
  return holdsSame(now, field.after, field.gone) ? 'as left' : { reason: 'somebody has changed it since the restore' };
}

/** What stood in a field and was gone even then: a site may drop it, or not take it back. */
export function goneBefore({ before, after, gone }: WrittenField): string[] {
  return [...new Set([...gone, ...before.filter((id) => !after.includes(id))])];
}

export function stayingField({ issue, key, name }: WrittenField, reason: string): Staying {
  return { kind: 'issue', source: issue, where: key, attribute: name, values: 1, reason };
}
