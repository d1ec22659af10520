import type { ActivityShards } from '../backup-format/activity-shards.ts';
import { fileListKey, manifestKey, schemaKeys, schemaListKey } from '../backup-format/keys.ts';
import {
  type Manifest,
  type ManifestSchema,
  manifestFile,
  type StoredFile,
  sha256,
} from '../backup-format/manifest.ts';
import { arrayFile, recordFile } from '../backup-format/record-files.ts';
import type { ApiRecord, JsonRecord } from '../model/json.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { drillKeys } from './drill-keys.ts';

/** A schema of the sample, as it is to be restored. */
export interface SampledSchema {
  readonly stored: ManifestSchema;
  readonly record: ApiRecord;
  readonly properties: JsonRecord | undefined;
  readonly types: readonly ApiRecord[];
  readonly statusTypes: readonly ApiRecord[];
  readonly referenceTypes: readonly JsonRecord[];
  readonly icons: readonly JsonRecord[];
  readonly attributes: ReadonlyMap<string, readonly ApiRecord[]>;
  /** By type. */
  readonly objects: ReadonlyMap<string, readonly ApiRecord[]>;
}

export interface SampleToWrite {
  readonly manifest: Manifest;
  readonly schemas: readonly SampledSchema[];
  readonly globalStatusTypes: readonly ApiRecord[];
  readonly globalReferenceTypes: readonly JsonRecord[];
  /** Files of the backup that belong to the sample: history and comments of its objects, with those of others where they share a file. */
  readonly activity: readonly StoredFile[];
}

/**
 * What stands for the site that was backed up: were it itself, a restore into that site would take what is there for what was backed up,
 * and write into it.
 */
export const sampleOf = (workspaceId: string) => `sample-of-${workspaceId}`;

/** Files of activity that hold nothing of the sample are not there. */
function listedAlone(activity: ActivityShards | null, listed: ReadonlySet<string>): ActivityShards | null {
  const kept = (shards: ActivityShards['history']) => shards.map((keys) => keys.filter((key) => listed.has(key)));
  return activity && { ...activity, history: kept(activity.history), comments: kept(activity.comments) };
}

/** Writes the sample into the drill's folder, as a backup of the same name; the manifest last. Written again it is the same. */
export async function writeSample(work: WorkStore, sample: SampleToWrite): Promise<void> {
  const { manifest } = sample;
  const files: StoredFile[] = [];
  const put = async (key: string, bytes: Uint8Array, records: number) => {
    await work.write(drillKeys.stored(key), new TextDecoder().decode(bytes));
    files.push({ key, bytes: bytes.length, sha256: sha256(bytes), records });
  };
  const list = (key: string, records: readonly JsonRecord[]) =>
    put(key, arrayFile(records.map((record) => JSON.stringify(record))), records.length);
  const schemas: ManifestSchema[] = [];
  const listed = new Set(sample.activity.map(({ key }) => key));
  for (const schema of sample.schemas) {
    const keys = schemaKeys(manifest.name, schema.stored.folder);
    await put(keys.config('objectschema'), recordFile(schema.record), Object.keys(schema.record).length);
    if (schema.properties)
      await put(
        keys.config('objectschema_properties'),
        recordFile(schema.properties),
        Object.keys(schema.properties).length,
      );
    await list(keys.config('objecttypes'), schema.types);
    await list(keys.config('statustypes'), schema.statusTypes);
    await list(keys.config('referencetypes'), schema.referenceTypes);
    await list(keys.config('global_statustypes'), sample.globalStatusTypes);
    await list(keys.config('global_referencetypes'), sample.globalReferenceTypes);
    await list(keys.config('icons'), schema.icons);
    const objectTypes: ManifestSchema['objectTypes'][number][] = [];
    for (const type of schema.stored.objectTypes) {
      const attributes = schema.attributes.get(type.id);
      if (attributes) await list(keys.attributes(type), attributes);
      const objects = schema.objects.get(type.id) ?? [];
      if (objects.length > 0) await list(keys.objectsMeta(type), objects);
      objectTypes.push({
        ...type,
        expected: objects.length,
        stored: objects.length,
        objectsMeta: objects.length > 0 ? [keys.objectsMeta(type)] : [],
        objects: [],
        attributes: attributes ? keys.attributes(type) : null,
        activity: listedAlone(type.activity, listed),
      });
    }
    schemas.push({ ...schema.stored, objectTypes });
  }
  await list(
    schemaListKey(manifest.name),
    sample.schemas.map(({ record }) => record),
  );
  const all = [...files, ...sample.activity];
  const key = fileListKey(manifest.name, 1);
  const bytes = new TextEncoder().encode(all.map((file) => `${JSON.stringify(file)}\n`).join(''));
  await work.write(drillKeys.stored(key), new TextDecoder().decode(bytes));
  const { seal: _, ...rest } = manifest;
  const ofSample: Manifest = {
    ...rest,
    site: { ...manifest.site, workspaceId: sampleOf(manifest.site.workspaceId) },
    schemas,
    // What the backup lacks the report says; a restore would count it with the losses of this sample.
    ...{ status: 'complete', notOffered: [], gaps: [], notices: [], measured: [], suspicions: [] },
    fileLists: [{ key, bytes: bytes.length, sha256: sha256(bytes), records: all.length }],
  };
  await work.write(drillKeys.stored(manifestKey(manifest.name)), new TextDecoder().decode(manifestFile(ofSample)));
}
