import { schemaKeys } from '../backup-format/keys.ts';
import { countValues } from '../backup-format/object-values.ts';
import { parseLosslessJson } from '../lossless-json.ts';
import { idOf } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { Notice } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { needJson, readJson, writeJson } from '../work-store/json-file.ts';
import { attributesOf } from './export-objects.ts';
import type { GapCollector } from './gaps.ts';
import { ShardWriter } from './shard-writer.ts';
import { strayNotices } from './store-file.ts';
import { nameUnlisted } from './unlisted-attributes.ts';
import { type ObjectsRecord, type ShardIndex, type TypeToExport, workKeys } from './work-files.ts';

/** What was stored of one type, when all types were read: what was missed is added, what became another type's is taken out. */
export class ReconciledType {
  readonly type: TypeToExport;
  /** Ids of the objects, by shard. */
  readonly shards: readonly (readonly string[])[];
  readonly #services: Services;
  readonly #run: Run;
  readonly #record: ObjectsRecord;

  private constructor(
    services: Services,
    run: Run,
    { type, record, shards }: { type: TypeToExport; record: ObjectsRecord; shards: readonly (readonly string[])[] },
  ) {
    this.#services = services;
    this.#run = run;
    this.#record = record;
    this.type = type;
    this.shards = shards;
  }

  /** Undefined where nothing was stored, because the step failed. */
  static async open(services: Services, run: Run, type: TypeToExport): Promise<ReconciledType | undefined> {
    const record = await readJson<ObjectsRecord>(services.work, workKeys(run.backup).objects(type.id));
    if (!record) return undefined;
    const shards: (readonly string[])[] = [];
    for (const key of record.indexes) shards.push((await needJson<ShardIndex>(services.work, key)).ids);
    return new ReconciledType(services, run, { type, record, shards });
  }

  /** Whether it was read undisturbed: the site counted just what was stored. */
  get isAsCounted(): boolean {
    return this.#record.expected === this.#record.stored;
  }

  /** Whether its reading failed, which is a gap: what is missing then is too much to be read one by one. */
  get hasFailed(): boolean {
    return this.#record.gaps.some(({ kind, objectId }) => kind === 'objects' && objectId === undefined);
  }

  /** Objects that are gaps by themselves. */
  get gapIds(): readonly string[] {
    return this.#record.gaps.flatMap(({ kind, objectId = [] }) => (kind === 'objects' ? objectId : []));
  }

  /** Objects, with the definitions of their attributes, go into shards of their own. */
  async add(
    objects: readonly { object: ApiRecord; attributes: readonly ApiRecord[] }[],
    reader: AssetsReader,
    gaps: GapCollector,
  ): Promise<void> {
    const writer = await this.#writer(this.#record, this.shards.flat());
    for (const { object, attributes } of objects) {
      writer.take(writer.entryOf(object, { attributes }));
      if (writer.isFull()) await writer.flush();
    }
    await writer.flush();
    const told = new Set(this.#record.unlisted);
    const unlisted = [...writer.unlisted].filter((id) => !told.has(id));
    await this.#write(writer, await nameUnlisted(reader, gaps, this.type, unlisted));
  }

  /** Each shard that holds one of these is written anew without it; the old one stays where it lies, and no list names it. */
  async takeOut(ids: ReadonlySet<string>): Promise<void> {
    const { objectsMeta, objects, indexes, files, counts } = this.#record;
    const isKept = this.shards.map((shard) => !shard.some((id) => ids.has(id)));
    const kept = <T>(list: readonly T[]) => list.filter((_, number) => isKept[number]);
    const dropped = new Set([...objectsMeta, ...objects].filter((_, at) => !isKept[at % objectsMeta.length]));
    const records: ApiRecord[] = [];
    for (const key of objectsMeta.filter((meta) => dropped.has(meta))) {
      const text = new TextDecoder().decode(await this.#services.backups.read(key));
      records.push(...(parseLosslessJson(text) as ApiRecord[]));
    }
    const values = records.reduce((sum, record) => sum + countValues(record), 0);
    const writer = await this.#writer(
      {
        ...this.#record,
        objectsMeta: kept(objectsMeta),
        objects: kept(objects),
        indexes: kept(indexes),
        files: files.filter(({ key }) => !dropped.has(key)),
        counts: { ...counts, attributeValues: (counts.attributeValues ?? 0) - values },
      },
      kept(this.shards).flat(),
    );
    for (const record of records) if (!ids.has(idOf(record))) writer.take(writer.entryOf(record, { attributes: [] }));
    await writer.flush();
    await this.#write(writer);
  }

  async #writer(record: ObjectsRecord, stored: readonly string[]): Promise<ShardWriter> {
    const { type } = this;
    const numbers = this.#record.indexes.map((key) => Number(/(\d+)\.json$/.exec(key)?.[1]));
    return new ShardWriter(
      this.#services,
      {
        backup: this.#run.backup,
        keys: schemaKeys(this.#run.backup, type.schema.folder),
        type,
        attributes: await attributesOf(this.#services, type),
      },
      {
        shards: {
          files: [...record.files],
          objectsMeta: [...record.objectsMeta],
          objects: [...record.objects],
          indexes: [...record.indexes],
          strays: [],
          unlisted: [...(record.unlisted ?? [])],
          values: record.counts.attributeValues ?? 0,
        },
        stored,
        next: Math.max(0, ...numbers) + 1,
      },
    );
  }

  async #write({ shards, unlisted, objectCount: stored }: ShardWriter, late: readonly Notice[] = []): Promise<void> {
    const { files, objectsMeta, objects, indexes, strays, values } = shards;
    const counts = { objects: stored, attributeValues: values };
    const record: ObjectsRecord = {
      ...this.#record,
      stored,
      expected: stored,
      files,
      objectsMeta,
      objects,
      indexes,
      unlisted: [...unlisted],
      counts,
      notices: [...this.#record.notices, ...late, ...strayNotices(strays, { schemaKey: this.type.schema.key })],
    };
    await writeJson<ObjectsRecord>(this.#services.work, workKeys(this.#run.backup).objects(this.type.id), record);
  }
}
