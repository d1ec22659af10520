import { schemaKeys } from '../backup-format/keys.ts';
import type { StoredFile } from '../backup-format/manifest.ts';
import { arrayFile } from '../backup-format/record-files.ts';
import { NotFoundError } from '../errors.ts';
import type { ObjectId } from '../model/ids.ts';
import type { Json } from '../model/json.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { isTimeShort } from '../runs/deadline.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { sideBySide } from '../side-by-side.ts';
import { needJson, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { GapCollector } from './gaps.ts';
import { storeFile, strayNotices } from './store-file.ts';
import {
  type ActivityBatch,
  type ActivityBatchFile,
  type ActivityKind,
  type ActivityRecord,
  type SchemaToExport,
  workKeys,
} from './work-files.ts';

/** Objects in flight, each with two requests: enough to use 1,000 requests a minute where an answer takes four seconds. */
const inFlight = 64;

/**
 * Stores history and comments of a batch's objects, from the object at `from` on. Hands back where to go on, or null
 * when the batch is done. Running it again for the same part stores nothing twice.
 */
export async function exportActivity(
  services: Services,
  { run, batch, from }: { run: Run; batch: ActivityBatch; from: number },
): Promise<{ next: number | null }> {
  await checkSiteLock(services, run);
  const { groups } = await needJson<ActivityBatchFile>(services.work, batch.key);
  const objects = groups.flatMap(({ schema, objectIds }) => objectIds.map((id) => ({ schema, id: id as ObjectId })));
  const reader = services.site.reader(run.workspace, batch.budget);
  const part = new ActivityPart(services, run, batch, reader);
  let to = from;
  const untilTimeIsShort = function* () {
    for (; to < objects.length && (to === from || !isTimeShort(services)); to += 1)
      yield objects[to] as (typeof objects)[0];
  };
  await sideBySide(untilTimeIsShort(), inFlight, ({ schema, id }) => part.exportObject(schema, id));
  await writeJson<ActivityRecord>(services.work, workKeys(run.backup).activity(batch.number, from), {
    from,
    to,
    ...part.record(),
  });
  await recordRequests(services.work, workKeys(run.backup).allRequests, reader);
  return { next: to < objects.length ? to : null };
}

class ActivityPart {
  readonly #services: Services;
  readonly #run: Run;
  readonly #reader: AssetsReader;
  readonly #gaps: GapCollector;
  readonly #kinds: readonly ActivityKind[];
  readonly #files: StoredFile[] = [];
  readonly #strays: string[] = [];
  readonly #gone = new Set<string>();
  readonly #counts = { historyRead: 0, historyEntries: 0, commentsRead: 0, comments: 0 };

  constructor(services: Services, run: Run, batch: ActivityBatch, reader: AssetsReader) {
    this.#services = services;
    this.#run = run;
    this.#reader = reader;
    this.#gaps = new GapCollector(services.reporter, batch.failureLimit);
    this.#kinds = batch.kinds;
  }

  async exportObject(schema: SchemaToExport, id: ObjectId): Promise<void> {
    const keys = schemaKeys(this.#run.backup, schema.folder);
    const reads = this.#kinds.map((kind) =>
      this.#read(kind, schema, id, keys[kind](id), () =>
        kind === 'history' ? this.#reader.history(id) : this.#comments(id),
      ),
    );
    // Both are awaited even if one fails: no request may go on after the step has ended.
    for (const result of await Promise.allSettled(reads)) if (result.status === 'rejected') throw result.reason;
    this.#services.reporter.advanced('activity', 1);
  }

  record() {
    const message = `${this.#gone.size} objects were deleted after they were stored, before their activity was read.`;
    return {
      files: this.#files,
      counts: this.#counts,
      gaps: this.#gaps.gaps,
      notices: [
        ...(this.#gone.size === 0
          ? []
          : [{ kind: 'vanished-while-reading' as const, message, objectIds: [...this.#gone] }]),
        ...strayNotices(this.#strays),
      ],
    };
  }

  async #read(
    kind: ActivityKind,
    schema: SchemaToExport,
    id: ObjectId,
    key: string,
    read: () => Promise<Json[]>,
  ): Promise<void> {
    const place = { kind, what: `${kind} of object ${id}`, schemaKey: schema.key, objectId: id };
    const records = await this.#gaps.try(place, async () => {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof NotFoundError) || (await this.#reader.object(id))) throw error;
        this.#gone.add(id);
        return [];
      }
    });
    if (!records) return;
    this.#counts[kind === 'history' ? 'historyRead' : 'commentsRead'] += 1;
    if (records.length === 0) return;
    const lines = records.map((record) => JSON.stringify(record));
    const file = await storeFile(this.#services.backups, key, arrayFile(lines), records.length, this.#strays);
    this.#files.push(file);
    this.#counts[kind === 'history' ? 'historyEntries' : 'comments'] += file.records;
  }

  /** The site has comments (that was found out before), so "not offered" now can only mean that the object is gone. */
  async #comments(id: ObjectId): Promise<Json[]> {
    const answer = await this.#reader.comments(id);
    if (!answer.offered) throw new NotFoundError(`The site has no comments of object ${id}: ${answer.reason}`);
    return answer.value;
  }
}
