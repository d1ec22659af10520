import type { Manifest } from '../../backup-format/manifest.ts';
import { DifferingObjects } from '../../comparison/differing-objects.ts';
import { IdRows } from '../../comparison/id-rows.ts';
import type { ApiRecord } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import type { Shard } from '../../reading/stored-objects.ts';
import type { Deadline } from '../../runs/deadline.ts';
import type { BackupAbsences } from '../backup-absences.ts';
import { type Chosen, isChosenPlace } from '../chosen.ts';
import type { diffKeys } from '../diff-keys.ts';
import { type Side, type SideAttribute, type SideType, typesOf } from '../side.ts';
import type { SiteDiffRequest } from '../site-diff.ts';
import { BackupObjects, sightDigest } from './backup-objects.ts';
import { FoundLines } from './found-lines.ts';
import type { LiveProgress } from './live-progress.ts';

export interface LiveInput {
  readonly services: Services;
  readonly request: SiteDiffRequest;
  readonly reader: AssetsReader;
  readonly keys: ReturnType<typeof diffKeys>;
  readonly manifest: Manifest;
  readonly source: BackupSource;
  readonly absences: BackupAbsences;
  /** The backup. */
  readonly left: Side;
  /** The site, as the first invocation has seen it. */
  readonly right: Side;
  readonly live: LiveConfiguration;
  readonly chosen: Chosen;
  readonly deadline: Deadline;
  readonly progress: LiveProgress;
}

/** One invocation of a comparison with a site: what is known of both sides, and how far it has come. */
export class LiveComparison {
  readonly input: LiveInput;
  readonly lines: FoundLines;
  readonly differing: DifferingObjects;
  readonly shards: readonly Shard[];
  readonly leftTypes: ReadonlyMap<string, SideType>;
  readonly rightTypes: ReadonlyMap<string, SideType>;
  /** Of either side, by id. */
  readonly #attributes: ReadonlyMap<string, SideAttribute>;
  #left: BackupObjects | undefined;
  #newcomers: IdRows | undefined;

  constructor(input: LiveInput) {
    const { services, request, keys, source, left, right, progress } = input;
    this.input = input;
    this.lines = new FoundLines(services.work, keys, request.from, progress);
    this.differing = new DifferingObjects(services.work, keys, request.from);
    this.leftTypes = new Map(typesOf(left).map((type) => [type.id, type]));
    this.rightTypes = new Map(typesOf(right).map((type) => [type.id, type]));
    this.#attributes = new Map([right, left].flatMap(typesOf).flatMap(({ attributes }) => [...(attributes ?? [])]));
    this.shards = source.manifest.schemas.flatMap(({ id: schemaId, objectTypes }) =>
      objectTypes.flatMap(({ id: typeId, objectsMeta }) =>
        objectsMeta.flatMap((key) => {
          const file = source.file(key);
          return file ? [{ file, schemaId, typeId }] : [];
        }),
      ),
    );
  }

  get progress(): LiveProgress {
    return this.input.progress;
  }

  /** Types of the site whose objects stream past: of schemas that the backup is known to have, or not to have. */
  get swept(): string[] {
    const { left, chosen } = this.input;
    const ofLeft = new Set(left.schemas.map(({ id }) => id));
    const isKnown = new Map(
      this.input.right.schemas.map((schema) => [
        schema.id,
        ofLeft.has(schema.id) || left.absences.ofSchema(schema) === undefined,
      ]),
    );
    return [...this.rightTypes.values()]
      .filter((type) => isKnown.get(type.schema.id) && isChosenPlace(chosen, type))
      .map(({ id }) => id);
  }

  /** Whether objects of one of the backup's types are asked for. */
  isAskedFor(leftTypeId: string): boolean {
    return isChosenPlace(this.input.chosen, this.leftTypes.get(leftTypeId));
  }

  /** What an object comes to, on either side. */
  digestOf(object: ApiRecord, typeId: string): string {
    const type = this.rightTypes.get(typeId) ?? this.leftTypes.get(typeId);
    return sightDigest(object, { typeId, schemaKeys: this.#schemaKeys(type) }, this.#attributes);
  }

  #schemaKeys(type: SideType | undefined): readonly string[] {
    const id = type?.schema.id;
    const [left, right] = [this.input.left, this.input.right].map(({ schemas }) =>
      schemas.find((one) => one.id === id),
    );
    return [left?.key, right?.key].filter((key) => key !== undefined);
  }

  get objectsInBackup(): number {
    return this.shards.reduce((sum, { file }) => sum + file.records, 0);
  }

  /** When they have been read. */
  async left(): Promise<BackupObjects> {
    if (!this.#left) {
      const { services, keys, progress } = this.input;
      const objects = this.objectsInBackup;
      this.#left = await BackupObjects.load(services.work, keys, { parts: progress.parts, objects });
      if (progress.sight !== '') this.#left.expected.takeUp(progress.sight);
    }
    return this.#left;
  }

  get newcomers(): IdRows {
    this.#newcomers ??= IdRows.of(this.progress.newcomers);
    return this.#newcomers;
  }

  /** They are all seen. */
  forgetNewcomers(): void {
    this.#newcomers = undefined;
    this.progress.newcomers = '';
  }

  /** Why an object of one of the backup's types may be there although the site does not show it. */
  doubtOf(type: SideType): string | undefined {
    return this.input.right.absences.ofObjects(type);
  }

  /** Puts everything away, and gives how far this invocation has come. */
  async handBack(): Promise<LiveProgress> {
    const { progress } = this;
    await this.differing.putAway({ all: true });
    const files = await this.lines.close();
    return {
      ...progress,
      ...(this.#left && { sight: this.#left.expected.sight }),
      ...(this.#newcomers && { newcomers: this.#newcomers.text }),
      comparison: progress.comparison && { ...progress.comparison, sight: '' },
      unplaced: [...progress.unplaced, ...this.differing.unplacedFiles],
      files: [...progress.files, ...files],
      counts: this.lines.counts,
      configuration: this.lines.configuration,
    };
  }
}
