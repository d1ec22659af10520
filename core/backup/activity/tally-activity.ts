import type { ActivityLine } from '../../backup-format/activity-list.ts';
import type { ActivityShards } from '../../backup-format/activity-shards.ts';
import type {
  ActivityCounts,
  ManifestCounts,
  ManifestObjectType,
  ManifestSchema,
} from '../../backup-format/manifest.ts';
import { type ActivityKind, activityKinds } from '../../model/activity.ts';
import type { Gap, NotOffered } from '../../model/outcome.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson, readJson } from '../../work-store/json-file.ts';
import { carriedOf, gapOfObjects, sayingCarried } from '../grouped-gaps.ts';
import {
  type ActivityBatch,
  type ActivityBatchFile,
  type ActivityPlan,
  type ActivityRecord,
  type ActivityUnit,
  type BackupPlan,
  type FinishedShard,
  workKeys,
} from '../work-files.ts';
import { objectsOf } from './activity-layout.ts';

interface Sinks {
  onRecord(record: ActivityRecord): Promise<void>;
  onLine(line: ActivityLine): Promise<void>;
  /** A batch that ended without a record. */
  onHole(batch: number, place: Omit<Gap, 'error' | 'reason'>): Promise<void>;
}

/** Of one kind: how much there is, from where, and what has an older copy because nobody may be asked. */
interface Sums {
  read: number;
  carried: number;
  missing: number;
  oldest: string | null;
  records: number;
  readonly refused: string[];
}

/** What the batches of "Export activity" left, held against their plan: every object has a line, or is part of a gap. */
export class ActivityTally {
  gaps: readonly Gap[] = [];
  notOffered: readonly NotOffered[] = [];
  #plan: ActivityPlan | undefined;
  readonly #sums: Record<ActivityKind, Sums> = { history: noSums(), comments: noSums() };
  /** By type. */
  readonly #shards = new Map<string, Record<ActivityKind, (readonly string[])[]>>();
  readonly #work: WorkStore;
  readonly #backup: BackupPlan;
  readonly #sinks: Sinks;

  constructor(work: WorkStore, backup: BackupPlan, sinks: Sinks) {
    this.#work = work;
    this.#backup = backup;
    this.#sinks = sinks;
  }

  async run(): Promise<void> {
    const keys = workKeys(this.#backup.run.backup);
    this.#plan = await readJson<ActivityPlan>(this.#work, keys.activityPlan);
    if (!this.#plan) return;
    this.notOffered = this.#plan.notOffered;
    for (const batch of await needJson<ActivityBatch[]>(this.#work, keys.activityBatches)) await this.#addBatch(batch);
    this.gaps = this.#plan.gaps.map((gap) => {
      const refused = gap.kind === 'history' || gap.kind === 'comments' ? this.#sums[gap.kind].refused : [];
      return sayingCarried(gap, carriedOf(refused));
    });
  }

  get counts(): Readonly<Record<ActivityKind, ActivityCounts>> {
    return { history: this.#countsOf('history'), comments: this.#countsOf('comments') };
  }

  /** Objects whose activity the backup has, and how much of it. */
  get records(): Pick<ManifestCounts, 'historyRead' | 'historyEntries' | 'commentsRead' | 'comments'> {
    const { history, comments } = this.#sums;
    return {
      historyRead: history.read + history.carried,
      historyEntries: history.records,
      commentsRead: comments.read + comments.carried,
      comments: comments.records,
    };
  }

  /** The schemas, with what their activity was built upon and where it lies, and what else is known by now of each type. */
  inSchemas(
    schemas: readonly Omit<ManifestSchema, 'base'>[],
    knownOf: (typeId: string) => Partial<ManifestObjectType>,
  ): ManifestSchema[] {
    return schemas.map((schema) => ({
      ...schema,
      base: this.#plan?.bases[schema.id] ?? { backup: null, passedOver: [] },
      objectTypes: schema.objectTypes.map((type) => ({
        ...type,
        ...knownOf(type.id),
        activity: this.#shardsOf(type.id),
      })),
    }));
  }

  async #addBatch({ number, key, kinds }: ActivityBatch): Promise<void> {
    const keys = workKeys(this.#backup.run.backup);
    const batch = await needJson<ActivityBatchFile>(this.#work, key);
    for (const unit of batch.units) this.#expect(unit);
    const objects = objectsOf(batch);
    // They come in the order of the batch; those of a shard that was never finished do not come.
    let lines = 0;
    for (let from = 0; from < objects.length; ) {
      const part = await readJson<ActivityRecord>(this.#work, keys.activity(number, from));
      if (!part) break;
      await this.#sinks.onRecord(part);
      for (const shard of part.shards) this.#addShard(shard);
      for (const line of part.objects) await this.#addLine(line, kinds);
      lines += part.objects.length;
      from = part.to;
    }
    const missing = objects.slice(lines);
    for (const kind of activityKinds) this.#sums[kind].missing += missing.length;
    for (const ofSchema of Map.groupBy(missing, ({ unit }) => unit.schema.key).values()) {
      const ids = ofSchema.map(({ id }) => id);
      const schemaKey = ofSchema[0]?.unit.schema.key ?? '';
      for (const kind of kinds) await this.#sinks.onHole(number, { ...gapOfObjects(kind, ids.length, ids), schemaKey });
    }
  }

  async #addLine(line: ActivityLine, kinds: readonly ActivityKind[]): Promise<void> {
    for (const kind of activityKinds) {
      const { read, records, missed } = line[kind];
      const sums = this.#sums[kind];
      sums.records += records;
      if (read === null) sums.missing += 1;
      else if (read === this.#backup.run.startedAt) sums.read += 1;
      else sums.carried += 1;
      if (read !== null && (sums.oldest === null || read < sums.oldest)) sums.oldest = read;
      if (read !== null && missed && !kinds.includes(kind)) sums.refused.push(read);
    }
    await this.#sinks.onLine(line);
  }

  #expect({ type, shards }: Pick<ActivityUnit, 'type' | 'shards'>): void {
    if (this.#shards.has(type.id)) return;
    const none = () => Array.from({ length: shards }, (): readonly string[] => []);
    this.#shards.set(type.id, { history: none(), comments: none() });
  }

  #addShard({ typeId, shard, ...keys }: FinishedShard): void {
    for (const kind of activityKinds) this.#shards.get(typeId)?.[kind].splice(shard, 1, keys[kind]);
  }

  #shardsOf(typeId: string): ActivityShards | null {
    const { activity, activityFiles } = this.#backup.options;
    if (!activity || activityFiles === 'object') return null;
    const shards = this.#shards.get(typeId) ?? { history: [[]], comments: [[]] };
    return { count: shards.history.length, ...shards };
  }

  #countsOf(kind: ActivityKind): ActivityCounts {
    const { read, carried, missing, oldest } = this.#sums[kind];
    return { read, carried, missing, oldest };
  }
}

const noSums = (): Sums => ({ read: 0, carried: 0, missing: 0, oldest: null, records: 0, refused: [] });
