import { schemaKeys } from '../backup-format/keys.ts';
import { UnexpectedAnswerError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, textOf } from '../model/json.ts';
import type { Gap } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import type { SweepProgress } from '../reading/page-sweep.ts';
import { Deadline } from '../runs/deadline.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { sideBySide } from '../side-by-side.ts';
import { readJson, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { GapCollector } from './gaps.ts';
import { ShardWriter, type StoredShards } from './shard-writer.ts';
import { TypeSweep } from './type-sweep.ts';
import { type ObjectsRecord, type TypeBatch, type TypeToExport, workKeys } from './work-files.ts';

/** Types under way at once in one worker. Each holds up to one shard in memory. */
const typesAtOnce = 1;

/** How far a type was read when time ran short. */
interface TypeProgress {
  readonly sweep: SweepProgress;
  readonly shards: StoredShards;
  /** What could not be read until then, where there is such. */
  readonly gaps?: readonly Gap[];
}

/**
 * Stores all objects of the batch's types. Types that have a record are done and passed over, so the step may be run
 * again after a failure, and after it handed back (`isDone: false`) because time ran short.
 */
export async function exportObjects(
  services: Services,
  { run, batch }: { run: Run; batch: TypeBatch },
): Promise<{ isDone: boolean }> {
  await checkSiteLock(services, run.workspace.workspaceId, run.executionId);
  const reader = services.site.reader(run.workspace, batch.budget);
  const gaps = new GapCollector(services.reporter, batch.failureLimit);
  let isDone = true;
  const deadline = new Deadline(services);
  await sideBySide(batch.types, typesAtOnce, async (type) => {
    // Before it is asked for time: to pass over a type that is done is no headway.
    if (await services.work.read(workKeys(run.backup).objects(type.id))) return;
    if (!deadline.mayBegin()) {
      isDone = false;
      return;
    }
    const isTypeDone = await exportType(services, run, type, { reader, gaps: gaps.part() });
    isDone &&= isTypeDone;
  });
  await recordRequests(services.work, workKeys(run.backup).allRequests, reader);
  return { isDone };
}

async function exportType(
  services: Services,
  run: Run,
  type: TypeToExport,
  { reader, gaps }: { reader: AssetsReader; gaps: GapCollector },
): Promise<boolean> {
  const { work } = services;
  const keys = workKeys(run.backup);
  const earlier = await readJson<TypeProgress>(work, keys.sweep(type.id));
  gaps.gaps.push(...(earlier?.gaps ?? []));
  const place = { backup: run.backup, keys: schemaKeys(run.backup, type.schema.folder), type };
  const writer = new ShardWriter(
    services,
    { ...place, attributeNames: await attributeNames(services, type) },
    earlier && { shards: earlier.shards, stored: earlier.sweep.seen.map(([id]) => id) },
  );
  const sweep = new TypeSweep(services, { reader, type, writer, gaps }, earlier?.sweep);
  const what = `objects of ${type.name}`;
  const outcome = await gaps.try({ kind: 'objects', what, schemaKey: type.schema.key, objectTypeId: type.id }, () =>
    sweep.run(),
  );
  if (outcome === 'out-of-time') {
    sweep.adopt(await writer.flush());
    await writeJson<TypeProgress>(work, keys.sweep(type.id), {
      sweep: sweep.progress,
      shards: writer.shards,
      gaps: gaps.gaps,
    });
    return false;
  }
  const notices = [...(outcome?.notices ?? [])];
  const unseen = sweep.adopt(await writer.flush(true));
  if (outcome && unseen.length > 0) {
    const message = `${unseen.length} ${what} were stored by an earlier try of this run and are not on the site any more.`;
    notices.push({ kind: 'vanished-while-reading', message, objectTypeId: type.id, objectIds: unseen });
  }
  const { unlisted, objectCount: stored } = writer;
  if (type.attributes !== null && unlisted.size > 0) {
    const sentence = `Its objects have ${unlisted.size} attributes that its list of attributes does not name (${[...unlisted].slice(0, 5).join(', ')}).`;
    const where = { what: `attributes of object type ${type.name}`, schemaKey: type.schema.key, objectTypeId: type.id };
    gaps.add({ kind: 'configuration', ...where }, new UnexpectedAnswerError(sentence));
  }
  await writeJson<ObjectsRecord>(work, keys.objects(type.id), {
    typeId: type.id,
    expected: outcome?.expected ?? null,
    stored,
    objectsMeta: writer.shards.objectsMeta,
    objects: writer.shards.objects,
    indexes: writer.shards.indexes,
    files: writer.shards.files,
    counts: { objects: stored, attributeValues: writer.shards.values },
    gaps: gaps.gaps,
    notices,
  });
  return true;
}

async function attributeNames({ backups }: Services, type: TypeToExport): Promise<Map<string, string>> {
  if (type.attributes === null) return new Map();
  const text = new TextDecoder().decode(await backups.read(type.attributes));
  return new Map((JSON.parse(text) as ApiRecord[]).map((attribute) => [idOf(attribute), textOf(attribute.name) ?? '']));
}
