import type { ActivityLine, ActivityState } from '../../backup-format/activity-list.ts';
import { counted } from '../../counted.ts';
import { NotFoundError } from '../../errors.ts';
import { type ActivityKind, activityKinds } from '../../model/activity.ts';
import type { Json } from '../../model/json.ts';
import type { Gap, Notice } from '../../model/outcome.ts';
import type { Run } from '../../model/run.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import { GapCollector } from '../gaps.ts';
import { gapOfObjects, groupedGaps } from '../grouped-gaps.ts';
import { strayNotices } from '../store-file.ts';
import type { ActivityBatch, ActivityRecord, GivenUp, UnfinishedUnit } from '../work-files.ts';
import type { ActivityLayout, ActivityObject } from './activity-layout.ts';
import { ActivityReads } from './activity-reads.ts';
import type { CarryOver } from './carry-over.ts';

interface PartInput {
  readonly batch: ActivityBatch;
  readonly reader: AssetsReader;
  readonly givenUp: GivenUp;
  /** Kinds that the site refuses for every object, so that none is asked for it. */
  readonly refused: readonly ActivityKind[];
  readonly layout: ActivityLayout;
  readonly carryOver: CarryOver;
  /** The number of the first object, and what an earlier invocation has left of its unit. */
  readonly from: number;
  readonly earlier: UnfinishedUnit | undefined;
  readonly strays: readonly string[];
}

/** What one invocation does of a batch: decides of each object and kind whether it is read or carried over, and says what it has. */
export class ActivityPart {
  readonly #services: Services;
  readonly #run: Run;
  readonly #input: PartInput;
  readonly #gaps: GapCollector;
  readonly #reads: ReadonlyMap<ActivityKind, ActivityReads>;
  readonly #objects: ActivityObject[] = [];
  readonly #states = new Map<ActivityObject, { [Kind in ActivityKind]?: ActivityState }>();
  readonly #gone = new Set<string>();
  /** What cannot be carried over, and is not asked of this site. */
  readonly #lost = new Map<ActivityKind, ActivityObject[]>();
  #to = 0;

  constructor(services: Services, run: Run, input: PartInput) {
    this.#services = services;
    this.#run = run;
    this.#input = input;
    const { batch, reader, givenUp } = input;
    const gaps = new GapCollector(services.reporter, reader);
    this.#gaps = gaps;
    this.#reads = new Map(
      batch.kinds.map((kind) => [
        kind,
        new ActivityReads(kind, {
          services,
          gaps,
          givenUpBefore: givenUp[kind] ?? 0,
          until: Date.parse(batch.until),
          read: (object, isSecond) => this.#read(kind, object, isSecond),
          missed: (object, why) => this.#missed(kind, object, why),
          groupOf: (object) => this.#groupOf(object),
        }),
      ]),
    );
  }

  async exportObject(object: ActivityObject): Promise<void> {
    this.#objects.push(object);
    await ofAll(activityKinds.map((kind) => this.#begin(kind, object)));
    this.#services.reporter.advanced('activity', 1);
  }

  /** @param to the number of the object that the next invocation begins with */
  async end(to: number): Promise<void> {
    this.#to = to;
    await ofAll([...this.#reads.values()].map((reads) => reads.end()));
    for (const [kind, lost] of this.#lost) this.#nameLost(kind, lost);
  }

  get givenUp(): GivenUp {
    return Object.fromEntries([...this.#reads.values()].map(({ kind, givenUp }) => [kind, givenUp]));
  }

  /** What is to be left in the work store; of the unit that goes on in the next invocation only what that one needs. */
  async result(): Promise<{ record: ActivityRecord; unfinished: UnfinishedUnit | undefined }> {
    const { from, earlier, layout, carryOver, strays } = this.#input;
    const { files, shards, finished, unfinished } = await layout.stored(this.#to);
    const lines = [...(earlier?.objects ?? []), ...this.#lines()];
    const first = from - (earlier?.done ?? 0);
    const [done, open] = [lines.slice(0, finished - first), lines.slice(finished - first)];
    const openIds = new Set(open.map(({ object }) => object));
    const isOpen = ({ objectId, objectIds }: Gap) => openIds.has(objectId ?? objectIds?.[0] ?? '');
    const gaps = [...(earlier?.gaps ?? []), ...this.#gaps.gaps];
    const record: ActivityRecord = {
      from,
      to: this.#to,
      files,
      counts: {},
      gaps: groupedGaps(gaps.filter((gap) => !isOpen(gap))),
      notices: [...this.#goneNotices(), ...carryOver.notices(), ...strayNotices(strays)],
      objects: done,
      shards,
    };
    if (!unfinished) return { record, unfinished };
    const openGaps = groupedGaps(gaps.filter(isOpen));
    return { record, unfinished: { done: open.length, objects: open, gaps: openGaps, files: unfinished } };
  }

  async #begin(kind: ActivityKind, object: ActivityObject): Promise<void> {
    const reads = this.#reads.get(kind);
    if (reads && object.planned[kind].isRead) return reads.begin(object);
    const isRefused = this.#input.refused.includes(kind);
    const isThere = typeof object.planned[kind].base?.read === 'string';
    // A kind that the site does not give at all tonight, and once gave: on the night on which it does again, all is asked for.
    const missed = !reads && (isRefused || isThere) ? 'failed' : undefined;
    if (await this.#carry(kind, object, missed)) return;
    if (reads) return reads.begin(object);
    if (!isRefused && isThere) this.#lost.set(kind, [...(this.#lost.get(kind) ?? []), object]);
    await this.#keepNothing(kind, object, missed);
  }

  async #read(kind: ActivityKind, object: ActivityObject, isSecond: boolean): Promise<void> {
    const records = await this.#records(kind, object, isSecond);
    // It may only have been out of sight for a while: should it be there on the next night, it is asked for.
    if (!records) return void (await this.#missed(kind, object, 'failed'));
    const texts = records.map((record) => JSON.stringify(record));
    await this.#input.layout.keep(kind, object, texts);
    this.#note(kind, object, { read: this.#run.startedAt, records: texts.length });
  }

  /** Keeps what the base has instead, if it has it. Gives its date. */
  async #missed(
    kind: ActivityKind,
    object: ActivityObject,
    why: 'failed' | 'not-reached',
  ): Promise<string | undefined> {
    if (await this.#carry(kind, object, why)) return object.planned[kind].base?.read ?? undefined;
    await this.#keepNothing(kind, object, why);
    return undefined;
  }

  /** Whether the base has got it, and has it still. */
  async #carry(kind: ActivityKind, object: ActivityObject, missed?: ActivityState['missed']): Promise<boolean> {
    const { base } = object.planned[kind];
    if (!base || base.read === null) return false;
    const { layout } = this.#input;
    if (base.records === 0) await layout.keep(kind, object, []);
    else if (!(await layout.carry(kind, object))) return false;
    this.#note(kind, object, { read: base.read, records: base.records, ...(missed && { missed }) });
    return true;
  }

  async #keepNothing(kind: ActivityKind, object: ActivityObject, missed?: ActivityState['missed']): Promise<void> {
    await this.#input.layout.keep(kind, object, []);
    this.#note(kind, object, { read: null, records: 0, ...(missed && { missed }) });
  }

  #note(kind: ActivityKind, object: ActivityObject, state: ActivityState): void {
    this.#states.set(object, { ...this.#states.get(object), [kind]: state });
  }

  /** In the order of the batch. */
  #lines(): ActivityLine[] {
    return this.#objects
      .sort((a, b) => a.number - b.number)
      .map((object) => {
        const { history, comments } = this.#states.get(object) ?? {};
        if (!history || !comments) throw new Error(`Nothing became of the activity of object ${object.id}.`);
        return { object: object.id, type: object.unit.type.id, digest: object.planned.digest, history, comments };
      });
  }

  /** Undefined where the object is gone. A 404 can be a fault of a moment: only the second one, of an object that is not there either, says so. */
  async #records(kind: ActivityKind, { id }: ActivityObject, isSecond: boolean): Promise<Json[] | undefined> {
    const { reader } = this.#input;
    try {
      return kind === 'history' ? await reader.history(id) : await this.#comments(id);
    } catch (error) {
      if (!isSecond || !(error instanceof NotFoundError) || (await reader.object(id))) throw error;
      this.#gone.add(id);
      return undefined;
    }
  }

  /** The site has comments (that was found out before), so "not offered" now can only mean that the object is gone. */
  async #comments(id: ActivityObject['id']): Promise<Json[]> {
    const answer = await this.#input.reader.comments(id);
    if (!answer.offered) throw new NotFoundError(`The site has no comments of object ${id}: ${answer.reason}`);
    return answer.value;
  }

  #goneNotices(): Notice[] {
    if (this.#gone.size === 0) return [];
    const its = this.#gone.size === 1 ? 'its' : 'their';
    const message = `${counted(this.#gone.size, 'object was', 'objects were')} deleted after being stored, before ${its} activity was read.`;
    return [{ kind: 'vanished-while-reading', message, objectIds: [...this.#gone] }];
  }

  #nameLost(kind: ActivityKind, lost: readonly ActivityObject[]): void {
    const reason = `The files of the earlier backup that had the ${kind} of these objects are damaged or missing, and the site does not offer any.`;
    for (const objects of Map.groupBy(lost, (object) => this.#groupOf(object)).values()) {
      const ids = objects.map(({ id }) => id);
      const schemaKey = objects[0]?.unit.schema.key ?? '';
      this.#gaps.addGap({ ...gapOfObjects(kind, ids.length, ids), schemaKey, error: 'DamagedBackupError', reason });
    }
  }

  #groupOf({ unit }: ActivityObject): string {
    return JSON.stringify([unit.schema.key, this.#input.layout.isUnfinished(unit, this.#to)]);
  }
}

/** All are awaited even if one fails: no request may go on after the step has ended. */
async function ofAll(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
}
