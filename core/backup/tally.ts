import type { ActivityLine } from '../backup-format/activity-list.ts';
import type { ListedAttribute } from '../backup-format/attribute-list.ts';
import { leftOutOfNone } from '../backup-format/left-out.ts';
import type { ActivityCounts, ManifestObjectType, ManifestSchema, StoredFile } from '../backup-format/manifest.ts';
import type { ManifestIssueField } from '../backup-format/manifest-issue-field.ts';
import { readableCount } from '../counted.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { Gap, Notice, NotOffered } from '../model/outcome.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson } from '../work-store/json-file.ts';
import { ActivityTally } from './activity/tally-activity.ts';
import { failureLimit, tooManyFailures } from './gaps.ts';
import { groupedGaps } from './grouped-gaps.ts';
import { IndexedObjects, type IndexOfShard, linesWithoutActivity } from './indexed-objects.ts';
import {
  type BackupPlan,
  type ConfigurationRecord,
  type ExportedType,
  type FailureRecord,
  type IssueLinksRecord,
  type ObjectsRecord,
  type SchemaToExport,
  type StepRecord,
  type TypeBatch,
  workKeys,
} from './work-files.ts';

type Counted = 'schemas' | 'objectTypes' | 'attributes' | 'objects' | 'attributeValues' | 'icons';
type CountedActivity = 'historyEntries' | 'comments' | 'historyRead' | 'commentsRead';

const noActivity: ActivityCounts = { read: 0, carried: 0, missing: 0, oldest: null };

interface Sinks {
  onFile(file: StoredFile): Promise<void>;
  onAttribute(attribute: ListedAttribute): Promise<void>;
  /** What the backup has of one object. */
  onActivity(line: ActivityLine): Promise<void>;
}

/**
 * Holds what the steps recorded against what was planned. Everything planned has a record, or becomes a gap here: a
 * step that died, or a map that lost a child, cannot leave a hole that nobody sees.
 */
export class Tally {
  schemas: readonly ManifestSchema[] = [];
  activity: Readonly<Record<ActivityKind, ActivityCounts>> = { history: noActivity, comments: noActivity };
  /** `ShardIndex` files of all stored objects. */
  readonly indexes: IndexOfShard[] = [];
  #objects: IndexedObjects | undefined;
  issueLinks: readonly ManifestIssueField[] | null = null;
  gaps: Gap[] = [];
  readonly notices: Notice[] = [];
  readonly notOffered: NotOffered[] = [];
  readonly counts: Record<Counted | CountedActivity, number> = {
    schemas: 0,
    objectTypes: 0,
    attributes: 0,
    objects: 0,
    attributeValues: 0,
    icons: 0,
    historyEntries: 0,
    comments: 0,
    historyRead: 0,
    commentsRead: 0,
  };
  /** Icons whose images are no PNG; types of several schemas may show the same one. */
  readonly #otherImages = new Set<string>();
  readonly #notOfferedBy: (NotOffered & { readonly schemaKey: string })[] = [];
  readonly #work: WorkStore;
  readonly #keys: ReturnType<typeof workKeys>;
  readonly #schemas: Omit<ManifestSchema, 'base'>[] = [];
  readonly #sinks: Sinks;

  constructor(work: WorkStore, backup: string, sinks: Sinks) {
    this.#work = work;
    this.#keys = workKeys(backup);
    this.#sinks = sinks;
  }

  /** Throws TooManyFailuresError where the steps together failed too often, though none of them did. */
  async run(plan: BackupPlan): Promise<void> {
    this.gaps.push(...plan.gaps);
    this.notices.push(...(plan.notices ?? []));
    for (const file of plan.files) await this.#sinks.onFile(file);
    for (const schema of plan.schemas) await this.#addSchema(schema);
    this.#tellOfImages();
    this.#settleNotOffered();
    this.#objects = await IndexedObjects.read(this.#work, this.indexes);
    await this.#addActivity(plan, this.#objects);
    await this.#addIssueLinks(plan);
    this.#checkFailures();
    this.gaps = groupedGaps(this.gaps);
  }

  /** Which objects are stored, once it has run. */
  get objects(): IndexedObjects {
    if (!this.#objects) throw new Error('Nothing was tallied yet.');
    return this.#objects;
  }

  /** No single step may have failed often enough to stop, and yet all together did. */
  #checkFailures(): void {
    for (const kind of ['objects', 'counts'] as const) {
      const ofKind = this.gaps.filter((gap) => gap.kind === kind);
      if (ofKind.length >= failureLimit(this.counts.objectTypes))
        throw tooManyFailures(kind, ofKind.length, ofKind.at(-1)?.reason);
    }
  }

  async #addSchema(schema: SchemaToExport): Promise<void> {
    const record = await readJson<ConfigurationRecord>(this.#work, this.#keys.configuration(schema.id));
    if (!record)
      await this.#addHole('configuration', schema.id, {
        kind: 'configuration',
        what: `configuration of ${schema.key}`,
        schemaKey: schema.key,
      });
    else await this.#addRecord(record);
    for (const id of record?.otherImages ?? []) this.#otherImages.add(id);
    for (const entry of record?.notOffered ?? []) this.#notOfferedBy.push({ ...entry, schemaKey: schema.key });
    for (const [type, attributes] of record?.attributes ?? []) {
      for (const [id, name] of attributes) await this.#sinks.onAttribute({ type, id, name });
    }
    const objectTypes: ManifestObjectType[] = [];
    for (const type of record?.objectTypes ?? []) objectTypes.push(await this.#addType(schema, type));
    this.#schemas.push({ ...schema, objectTypes });
  }

  #tellOfImages(): void {
    const { size } = this.#otherImages;
    if (size === 0) return;
    const [are, they] =
      size === 1
        ? ['image of 1 icon is', 'it is stored as it is']
        : [`images of ${readableCount(size)} icons are`, 'they are stored as they are'];
    const message = `The ${are} no PNG: ${they}. A restore can upload PNG images only.`;
    this.notices.push({ kind: 'image-kind', message });
  }

  /** A site has an endpoint or it has not: what it offers for one schema and not for another has failed for that one. */
  #settleNotOffered(): void {
    for (const { what, reason, schemaKey } of this.#notOfferedBy) {
      const isMissing = this.#notOfferedBy.filter((entry) => entry.what === what).length === this.#schemas.length;
      if (!isMissing) {
        this.gaps.push({ kind: 'checks', what, error: 'NotFoundError', reason, schemaKey });
      } else if (!this.notOffered.some((entry) => entry.what === what)) this.notOffered.push({ what, reason });
    }
  }

  async #addType(schema: SchemaToExport, type: ExportedType): Promise<ManifestObjectType> {
    const record = await readJson<ObjectsRecord>(this.#work, this.#keys.objects(type.id));
    if (record) await this.#addRecord(record);
    else {
      const batches = (await readJson<TypeBatch[]>(this.#work, this.#keys.objectBatches)) ?? [];
      const batch = batches.find(({ types }) => types.some(({ id }) => id === type.id));
      const what = `objects of ${type.name}`;
      await this.#addHole('objects', String(batch?.number ?? ''), {
        kind: 'objects',
        what,
        schemaKey: schema.key,
        objectTypeId: type.id,
      });
    }
    for (const [at, key] of (record?.indexes ?? []).entries()) {
      this.indexes.push({ typeId: type.id, key, shard: record?.indexes.length === 1 ? undefined : at });
    }
    return {
      id: type.id,
      name: type.name,
      expected: record?.expected ?? null,
      stored: record?.stored ?? 0,
      objectsMeta: record?.objectsMeta ?? [],
      objects: record?.objects ?? [],
      attributes: type.attributes,
      activity: null,
      ...leftOutOfNone,
    };
  }

  async #addActivity(plan: BackupPlan, objects: IndexedObjects): Promise<void> {
    const onLine = (line: ActivityLine) => this.#sinks.onActivity(objects.told(line));
    if (!plan.options.activity) {
      for await (const line of linesWithoutActivity(this.#work, plan.run.backup)) await onLine(line);
    }
    const activity = new ActivityTally(this.#work, plan, {
      onRecord: (record) => this.#addRecord(record),
      onLine,
      onHole: (batch, place) => this.#addHole('activity', String(batch), place),
    });
    await activity.run();
    this.gaps.push(...activity.gaps);
    this.notOffered.push(...activity.notOffered);
    Object.assign(this.counts, activity.records);
    this.activity = activity.counts;
    this.schemas = activity.inSchemas(this.#schemas, (typeId) => objects.leftOut(typeId));
  }

  async #addIssueLinks({ options }: BackupPlan): Promise<void> {
    if (!options.issueLinks) return;
    const record = await readJson<IssueLinksRecord>(this.#work, this.#keys.issueLinks);
    if (!record) return this.#addHole('issues', 'all', { kind: 'issues', what: 'issues that hold objects' });
    await this.#addRecord(record);
    this.issueLinks = record.fields;
    this.notOffered.push(...record.notOffered);
  }

  async #addRecord(record: StepRecord): Promise<void> {
    for (const file of record.files) await this.#sinks.onFile(file);
    this.gaps.push(...record.gaps);
    this.notices.push(...record.notices);
    for (const name of Object.keys(this.counts) as (keyof Tally['counts'])[])
      this.counts[name] += record.counts[name] ?? 0;
  }

  async #addHole(kind: FailureRecord['kind'], id: string, place: Omit<Gap, 'error' | 'reason'>): Promise<void> {
    const failure = await readJson<FailureRecord>(this.#work, this.#keys.failure(kind, id));
    this.gaps.push({
      ...place,
      error: failure?.error ?? 'NoRecord',
      reason: failure?.reason ?? 'The step that should have stored it ended without a record.',
    });
  }
}
