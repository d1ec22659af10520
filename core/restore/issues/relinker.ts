import type { RestoreRun } from '../../model/restore.ts';
import type { IssueRecord, IssuesReader } from '../../ports/issues-reader.ts';
import type { Services } from '../../ports/services.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import type { FieldToWrite, FieldWriter } from './field-writer.ts';
import { type HeldObjects, issuesAGroup } from './issue-batches.ts';
import { idsInField, issuesNow, notReadable } from './issue-fields.ts';
import { fieldOfIssue, holdsSame, type IssueJournal, type LeftField, type WrittenField } from './issue-journal.ts';
import type { LiveObjects } from './objects-today.ts';
import { lossesOfField, type RelinkedField, somebodysWork } from './relinked-fields.ts';
import { relinkedValue } from './relinked-value.ts';

interface RelinkerInput {
  readonly services: Pick<Services, 'work' | 'runs' | 'clock' | 'reporter'>;
  readonly run: RestoreRun;
  readonly reader: IssuesReader;
  readonly live: LiveObjects;
  /** The restore whose objects are linked, and whose journals say so. */
  readonly restore: string;
  /** As restores have left them. */
  readonly left: ReadonlyMap<string, LeftField>;
  /** Undefined of a dry run. */
  readonly writer: FieldWriter | undefined;
}

/** A field that a worker which died has written, as is seen now. */
interface Settled {
  readonly settled: WrittenField;
  readonly record: IssueRecord;
}

type Judged = RelinkedField | FieldToWrite | Settled;

/** Makes fields of issues hold what was made in the place of what they held, batch by batch. */
export class Relinker {
  readonly #input: RelinkerInput;

  constructor(input: RelinkerInput) {
    this.#input = input;
  }

  /** @param journal undefined of a dry run */
  async run(fields: readonly HeldObjects[], journal: IssueJournal | undefined): Promise<RelinkedField[]> {
    const { reporter } = this.#input.services;
    const { writer, live } = this.#input;
    await live.learn(fields.flatMap(({ before }) => before));
    const done: RelinkedField[] = [];
    const open: HeldObjects[] = [];
    for (const [held, judged] of await this.#look(fields, journal)) {
      if (!('seen' in judged)) done.push(this.#told(held, judged));
      else if (writer && journal) open.push(held);
      else done.push(this.#linked(held, judged.field, judged.seen));
    }
    await journal?.saveNoted();
    const issues = [...Map.groupBy(open, ({ issue }) => issue).values()];
    reporter.advanced('issues', new Set(fields.map(({ issue }) => issue)).size - issues.length);
    for (let at = 0; at < issues.length; at += issuesAGroup) {
      const group = issues.slice(at, at + issuesAGroup);
      if (writer && journal) done.push(...(await this.#write(group.flat(), writer, journal)));
      reporter.advanced('issues', group.length);
    }
    return done;
  }

  /** Looks once more, announces what is about to be written, writes it, and notes what came of it. */
  async #write(group: readonly HeldObjects[], writer: FieldWriter, journal: IssueJournal): Promise<RelinkedField[]> {
    const { services, run } = this.#input;
    await checkSiteLock(services, run);
    const done: RelinkedField[] = [];
    const changes = new Map<FieldToWrite, HeldObjects>();
    for (const [held, judged] of await this.#look(group, journal)) {
      if ('seen' in judged) changes.set(judged, held);
      else done.push(this.#told(held, judged));
    }
    await journal.saveNoted();
    if (changes.size === 0) return done;
    for (const { field } of changes.keys()) journal.note(field);
    await journal.save();
    for (const [change, reason] of await writer.write([...changes.keys()])) {
      const held = changes.get(change);
      if (!held) continue;
      journal.note({ ...change.field, state: reason === null ? 'done' : 'refused' });
      if (reason !== null) services.reporter.event('warn', 'write.refused', { kind: 'issue', source: held.issue });
      done.push(
        reason === null ? this.#linked(held, change.field, change.seen) : this.#lost(held, reason, change.seen),
      );
    }
    await journal.save();
    return done;
  }

  /** What is settled by this look is noted in the journal. */
  async #look(fields: readonly HeldObjects[], journal: IssueJournal | undefined): Promise<[HeldObjects, Judged][]> {
    const issues = new Set(fields.map(({ issue }) => issue));
    const { found, reasons } = await issuesNow(this.#input.reader, issues, new Set(fields.map(({ field }) => field)));
    return fields.flatMap((held): [HeldObjects, Judged][] => {
      const record = found.get(held.issue);
      const judged = record ? this.#judge(held, record, journal) : this.#lost(held, reasons.get(held.issue) ?? '');
      if (judged && 'settled' in judged) journal?.note(judged.settled);
      const isConcerned =
        judged && (!('outcome' in judged) || judged.outcome !== 'lost' || lossesOfField(judged).length > 0);
      return isConcerned ? [[held, judged]] : [];
    });
  }

  /** Undefined where nothing of what it held is gone. */
  #judge(held: HeldObjects, record: IssueRecord, journal: IssueJournal | undefined): Judged | undefined {
    const today = idsInField(record, held.field);
    if (!today) return this.#lost(held, notReadable, record);
    const objects = this.#input.live.for(today);
    const value = relinkedValue(held.before, today, objects);
    const counts = this.#counts(held, today);
    const told = { ...placeOf(held, record), notRestored: counts.notRestored, notLinked: 0 };
    if (value.what === 'untouched') return counts.notRestored > 0 ? { ...told, outcome: 'lost' } : undefined;
    // What is lost in what somebody has changed nobody can say.
    if (value.what === 'somebody') return { ...told, outcome: 'other', reason: somebodysWork, notRestored: 0 };
    if (value.what !== 'write') {
      const ours = journal && this.#announced(held, journal);
      if (ours && holdsSame(today, ours.after, ours.gone)) return { settled: { ...ours, state: 'done' }, record };
      return { ...told, outcome: 'already' };
    }
    if (this.#isTakenOut(held, today)) return { ...told, outcome: 'other', reason: somebodysWork, notRestored: 0 };
    const field = { issue: held.issue, key: record.key, field: held.field, name: held.name, before: today };
    return { field: { ...field, after: value.after, gone: value.gone, state: 'open' }, seen: record };
  }

  /** What this run has announced and not told of yet, or an earlier one for the same restore that nobody has settled. */
  #announced(held: HeldObjects, journal: IssueJournal): WrittenField | undefined {
    const own = journal.of(held);
    if (own) return own.state === 'refused' ? undefined : own;
    const { restore, ...earlier } = this.#input.left.get(fieldOfIssue(held)) ?? {};
    return restore === this.#input.restore && 'state' in earlier && earlier.state === 'open' ? earlier : undefined;
  }

  /** A restore has had the field hold something that is there and that it does not hold any more: what a site drops is gone. */
  #isTakenOut(held: HeldObjects, today: readonly string[]): boolean {
    const { isAlive } = this.#input.live.for(today);
    const left = this.#input.left.get(fieldOfIssue(held));
    return (
      left?.state === 'done' && left.after.some((id) => isAlive(id) && !held.before.includes(id) && !today.includes(id))
    );
  }

  #counts({ before }: HeldObjects, today: readonly string[]) {
    const { isAlive, counterpart } = this.#input.live.for(today);
    const gone = before.filter((id) => !isAlive(id));
    const made = gone.filter((id) => counterpart(id) !== undefined);
    return { notRestored: gone.length - made.length, notLinked: made.length };
  }

  #lost(held: HeldObjects, reason: string, record?: IssueRecord): RelinkedField {
    return { ...placeOf(held, record), outcome: 'lost', reason, ...this.#counts(held, []) };
  }

  #told(held: HeldObjects, judged: RelinkedField | Settled): RelinkedField {
    return 'settled' in judged ? this.#linked(held, judged.settled, judged.record) : judged;
  }

  #linked(held: HeldObjects, { before, after }: WrittenField, record: IssueRecord): RelinkedField {
    const { notRestored } = this.#counts(held, before);
    return { ...placeOf(held, record), outcome: 'linked', before, after, notRestored, notLinked: 0 };
  }
}

function placeOf({ issue, key, field, name }: HeldObjects, record?: IssueRecord) {
  const isMoved = record !== undefined && record.key !== key;
  return { issue, key, field, name, ...(isMoved && { keyNow: record.key }) };
}
