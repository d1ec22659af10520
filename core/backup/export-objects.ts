import { schemaKeys } from '../backup-format/keys.ts';
import type { AttributeSays } from '../backup-format/object-values.ts';
import { idOf } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { Gap, Notice } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { pagesOf, type SweepProgress } from '../reading/page-sweep.ts';
import { mostPagesAtOnce } from '../reading/pages-ahead.ts';
import { Deadline } from '../runs/deadline.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { Slots } from '../side-by-side.ts';
import { readJson, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { GapCollector } from './gaps.ts';
import { ShardWriter, type StoredShards, saysOf } from './shard-writer.ts';
import { strayNotices } from './store-file.ts';
import { TypeSweep } from './type-sweep.ts';
import { nameUnlisted } from './unlisted-attributes.ts';
import { type ObjectsRecord, type TypeBatch, type TypeToExport, workKeys } from './work-files.ts';

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
  await checkSiteLock(services, run);
  const reader = services.site.reader(run.workspace, batch.budget);
  const gaps = new GapCollector(services.reporter, reader, { limit: batch.failureLimit });
  let isDone = true;
  const deadline = new Deadline(services);
  // Types side by side have no more pages under way than one large type has by itself, and in memory what those hold.
  const slots = new Slots(mostPagesAtOnce);
  for (const type of batch.types) {
    await slots.run(async () => {
      // Before it is asked for time: to pass over a type that is done is no headway.
      if (await services.work.read(workKeys(run.backup).objects(type.id))) return;
      if (!deadline.mayBegin()) {
        isDone = false;
        return;
      }
      const isTypeDone = await exportType(services, run, type, { reader, gaps: gaps.part() });
      isDone &&= isTypeDone;
    }, pagesOf(type.objectCount));
  }
  await slots.idle();
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
    { ...place, attributes: await attributesOf(services, type) },
    earlier && { shards: earlier.shards, stored: earlier.sweep.seen.map(([id]) => id) },
  );
  const sweep = new TypeSweep(services, { reader, type, writer, gaps }, earlier?.sweep);
  const what = `objects of ${type.name}`;
  const outcome = await gaps.try({ kind: 'objects', what, schemaKey: type.schema.key, objectTypeId: type.id }, () =>
    sweep.run(),
  );
  if (outcome === 'out-of-time') {
    await writer.flush();
    const shards = { ...writer.shards, notOffered: [...writer.notOffered], unlisted: [...writer.unlisted] };
    await writeJson<TypeProgress>(work, keys.sweep(type.id), {
      sweep: sweep.progress,
      shards,
      ...(gaps.gaps.length > 0 && { gaps: gaps.gaps }),
    });
    return false;
  }
  await writer.flush(true);
  const { unlisted, objectCount: stored } = writer;
  const late = await nameUnlisted(reader, gaps, type, [...unlisted]);
  await writeJson<ObjectsRecord>(work, keys.objects(type.id), {
    typeId: type.id,
    expected: outcome?.expected ?? null,
    stored,
    objectsMeta: writer.shards.objectsMeta,
    objects: writer.shards.objects,
    indexes: writer.shards.indexes,
    files: writer.shards.files,
    counts: { objects: stored, attributeValues: writer.shards.values },
    unlisted: [...unlisted],
    gaps: gaps.gaps,
    notices: [
      ...(outcome?.notices ?? []),
      ...late,
      ...strayNotices(writer.shards.strays, { schemaKey: type.schema.key }),
      ...optionNotices([...writer.notOffered], type),
    ],
  });
  return true;
}

/** Told once a type, by the names of the selects alone. */
function optionNotices(selects: readonly string[], { id, name, schema }: TypeToExport): Notice[] {
  if (selects.length === 0) return [];
  const message = `Objects of ${name} have values that their selects no longer offer (${selects.join(', ')}): they are stored as they are. A restore that makes the select anew gives it these options until the objects are made; one that finds it does so with --relax-constraints.`;
  return [{ kind: 'option-not-offered', message, schemaKey: schema.key, objectTypeId: id }];
}

/** What a type's attributes say of themselves, by their ids, as they were stored. */
export async function attributesOf({ backups }: Services, type: TypeToExport): Promise<Map<string, AttributeSays>> {
  if (type.attributes === null) return new Map();
  const text = new TextDecoder().decode(await backups.read(type.attributes));
  return new Map((JSON.parse(text) as ApiRecord[]).map((attribute) => [idOf(attribute), saysOf(attribute)]));
}
