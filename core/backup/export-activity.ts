import { schemaKeys } from '../backup-format/keys.ts';
import type { StoredFile } from '../backup-format/manifest.ts';
import { arrayFile } from '../backup-format/record-files.ts';
import { counted } from '../counted.ts';
import { KeyExistsError, NotFoundError, VersionConflictError } from '../errors.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { ObjectId } from '../model/ids.ts';
import type { Json } from '../model/json.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { isTimeShort } from '../runs/deadline.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { sideBySide } from '../side-by-side.ts';
import { needJson, readJson, readVersionedJson, swapJson, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { type ActivityObject, ActivityReads, inFlight } from './activity-reads.ts';
import { GapCollector } from './gaps.ts';
import { groupedGaps } from './grouped-gaps.ts';
import { storeFile, strayNotices } from './store-file.ts';
import {
  type ActivityBatch,
  type ActivityBatchFile,
  type ActivityRecord,
  type GivenUp,
  workKeys,
} from './work-files.ts';

/**
 * Stores history and comments of a batch's objects, from the object at `from` on. Hands back where to go on, or null
 * when the batch is done. Running it again for the same part stores nothing twice. Whatever the site answers to these
 * requests is a gap at worst.
 */
export async function exportActivity(
  services: Services,
  { run, batch, from }: { run: Run; batch: ActivityBatch; from: number },
): Promise<{ next: number | null }> {
  const { work } = services;
  await checkSiteLock(services, run);
  const keys = workKeys(run.backup);
  const { groups } = await needJson<ActivityBatchFile>(work, batch.key);
  const objects = groups.flatMap(({ schema, objectIds }) => objectIds.map((id) => ({ schema, id: id as ObjectId })));
  const reader = services.site.reader(run.workspace, batch.budget);
  const givenUp = (await readJson<GivenUp>(work, keys.givenUp)) ?? {};
  const part = new ActivityPart(services, run, { batch, reader, givenUp });
  let to = from;
  const untilTimeIsShort = function* () {
    for (; to < objects.length && (to === from || !isTimeShort(services)); to += 1)
      yield objects[to] as (typeof objects)[0];
  };
  await sideBySide(untilTimeIsShort(), inFlight, (object) => part.exportObject(object));
  await part.end();
  await noteGivenUp(work, keys.givenUp, givenUp, part.givenUp);
  await writeJson<ActivityRecord>(work, keys.activity(batch.number, from), { from, to, ...part.record() });
  await recordRequests(work, keys.allRequests, reader);
  return { next: to < objects.length ? to : null };
}

/** Batches side by side write it, so it is written only where it changes, and over what was read just before. */
async function noteGivenUp(work: WorkStore, key: string, before: GivenUp, now: GivenUp): Promise<void> {
  const changed = (Object.keys(now) as ActivityKind[]).filter((kind) => (before[kind] ?? 0) !== now[kind]);
  while (changed.length > 0) {
    const there = await readVersionedJson<GivenUp>(work, key);
    const next: GivenUp = { ...there?.value };
    for (const kind of changed) next[kind] = now[kind] === 0 ? 0 : (there?.value[kind] ?? 0) + 1;
    try {
      await swapJson(work, key, next, there?.version);
      return;
    } catch (error) {
      if (!(error instanceof KeyExistsError || error instanceof VersionConflictError)) throw error;
    }
  }
}

class ActivityPart {
  readonly #services: Services;
  readonly #run: Run;
  readonly #reader: AssetsReader;
  readonly #gaps: GapCollector;
  readonly #reads: readonly ActivityReads[];
  readonly #files: StoredFile[] = [];
  readonly #strays: string[] = [];
  readonly #gone = new Set<string>();
  readonly #counts = { historyRead: 0, historyEntries: 0, commentsRead: 0, comments: 0 };

  constructor(
    services: Services,
    run: Run,
    { batch, reader, givenUp }: { batch: ActivityBatch; reader: AssetsReader; givenUp: GivenUp },
  ) {
    this.#services = services;
    this.#run = run;
    this.#reader = reader;
    const gaps = new GapCollector(services.reporter, reader);
    this.#gaps = gaps;
    this.#reads = batch.kinds.map((kind) => {
      const read = (object: ActivityObject, isSecond: boolean) => this.#read(kind, object, isSecond);
      return new ActivityReads(kind, { services, gaps, givenUpBefore: givenUp[kind] ?? 0, read });
    });
  }

  async exportObject(object: ActivityObject): Promise<void> {
    await this.#eachKind((reads) => reads.begin(object));
    this.#services.reporter.advanced('activity', 1);
  }

  async end(): Promise<void> {
    await this.#eachKind((reads) => reads.end());
  }

  get givenUp(): GivenUp {
    return Object.fromEntries(this.#reads.map(({ kind, givenUp }) => [kind, givenUp]));
  }

  record() {
    const message = `${counted(this.#gone.size, 'object was', 'objects were')} deleted after being stored, before its activity was read.`;
    return {
      files: this.#files,
      counts: this.#counts,
      gaps: groupedGaps(this.#gaps.gaps),
      notices: [
        ...(this.#gone.size === 0
          ? []
          : [{ kind: 'vanished-while-reading' as const, message, objectIds: [...this.#gone] }]),
        ...strayNotices(this.#strays),
      ],
    };
  }

  /** All are awaited even if one fails: no request may go on after the step has ended. */
  async #eachKind(work: (reads: ActivityReads) => Promise<void>): Promise<void> {
    for (const result of await Promise.allSettled(this.#reads.map(work)))
      if (result.status === 'rejected') throw result.reason;
  }

  async #read(kind: ActivityKind, { schema, id }: ActivityObject, isSecond: boolean): Promise<void> {
    const records = await this.#records(kind, id, isSecond);
    this.#counts[kind === 'history' ? 'historyRead' : 'commentsRead'] += 1;
    if (records.length === 0) return;
    const lines = records.map((record) => JSON.stringify(record));
    const key = schemaKeys(this.#run.backup, schema.folder)[kind](id);
    const file = await storeFile(this.#services.backups, key, arrayFile(lines), records.length, this.#strays);
    this.#files.push(file);
    this.#counts[kind === 'history' ? 'historyEntries' : 'comments'] += file.records;
  }

  /** A 404 can be a fault of a moment: only the second one, with an object that is not there either, means that it is gone. */
  async #records(kind: ActivityKind, id: ObjectId, isSecond: boolean): Promise<Json[]> {
    try {
      return kind === 'history' ? await this.#reader.history(id) : await this.#comments(id);
    } catch (error) {
      if (!isSecond || !(error instanceof NotFoundError) || (await this.#reader.object(id))) throw error;
      this.#gone.add(id);
      return [];
    }
  }

  /** The site has comments (that was found out before), so "not offered" now can only mean that the object is gone. */
  async #comments(id: ObjectId): Promise<Json[]> {
    const answer = await this.#reader.comments(id);
    if (!answer.offered) throw new NotFoundError(`The site has no comments of object ${id}: ${answer.reason}`);
    return answer.value;
  }
}
