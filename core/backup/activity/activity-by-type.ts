import { activityLine } from '../../backup-format/activity-records.ts';
import { schemaKeys } from '../../backup-format/keys.ts';
import type { StoredFile } from '../../backup-format/manifest.ts';
import type { ActivityKind } from '../../model/activity.ts';
import type { BackupStore } from '../../ports/backup-store.ts';
import { storeFile } from '../store-file.ts';
import type { ActivityUnit, FinishedShard, UnfinishedFiles, UnfinishedUnit } from '../work-files.ts';
import type { ActivityLayout, ActivityObject, StoredActivity } from './activity-layout.ts';
import { ActivityShardFile } from './activity-shard-file.ts';
import type { CarryOver } from './carry-over.ts';

interface Place {
  readonly backups: BackupStore;
  readonly backup: string;
  readonly carryOver: CarryOver;
  readonly strays: string[];
}

/** The files of one kind of a unit: copied from the base as they are, or written anew. */
type UnitFiles = { readonly copied: readonly StoredFile[] } | { readonly written: ActivityShardFile };

const filesIn = (files: UnitFiles) => ('copied' in files ? files.copied : files.written.stored);

/**
 * A file for the histories, and one for the comments, of each shard of a type. It is stored when the last object of the shard is
 * done; what is in hand of it when an invocation ends goes to the next one.
 */
export class ActivityByType implements ActivityLayout {
  readonly #place: Place;
  /** With the number of each unit's first object. */
  readonly #units: readonly { readonly unit: ActivityUnit; readonly start: number }[];
  readonly #from: number;
  readonly #earlier: UnfinishedUnit | undefined;
  readonly #files = new Map<ActivityUnit, { [Kind in ActivityKind]?: Promise<UnitFiles> }>();

  /**
   * @param from the number of the object that this invocation begins with
   * @param earlier what the one before has left of its unit; undefined where it is the first object of one
   */
  constructor(
    place: Place,
    units: readonly ActivityUnit[],
    { from, earlier }: { from: number; earlier: UnfinishedUnit | undefined },
  ) {
    this.#place = place;
    this.#from = from;
    this.#earlier = earlier;
    let start = 0;
    this.#units = units.map((unit) => {
      start += unit.objects.length;
      return { unit, start: start - unit.objects.length };
    });
  }

  async keep(kind: ActivityKind, object: ActivityObject, records: readonly string[]): Promise<void> {
    const line = records.length === 0 ? undefined : activityLine(kind, object.id, records);
    await this.#add(await this.#open(kind, object), object, line);
  }

  async carry(kind: ActivityKind, object: ActivityObject): Promise<boolean> {
    const files = await this.#open(kind, object);
    if ('copied' in files) return true;
    const line = await this.#place.carryOver.line(kind, object);
    if (line === undefined) return false;
    await this.#add(files, object, line);
    return true;
  }

  isUnfinished(unit: ActivityUnit, to: number): boolean {
    return this.#unfinishedAt(to)?.unit === unit;
  }

  async stored(to: number): Promise<StoredActivity> {
    const files: StoredFile[] = [];
    const shards: FinishedShard[] = [];
    for (const { unit, start } of this.#units) {
      const end = start + unit.objects.length;
      if (end <= this.#from || end > to) continue;
      const { history, comments } = await this.#opened(unit);
      files.push(...filesIn(history), ...filesIn(comments));
      const keys = { history: filesIn(history).map(keyOf), comments: filesIn(comments).map(keyOf) };
      shards.push({ typeId: unit.type.id, shard: unit.shard, shards: unit.shards, ...keys });
    }
    const last = this.#unfinishedAt(to);
    if (!last) return { files, shards, finished: to };
    const { history, comments } = await this.#opened(last.unit);
    const unfinished = { history: inHand(history), comments: inHand(comments) };
    return { files, shards, finished: last.start, unfinished };
  }

  #unfinishedAt(to: number) {
    return this.#units.find(({ unit, start }) => start < to && to < start + unit.objects.length);
  }

  async #opened(unit: ActivityUnit): Promise<Readonly<Record<ActivityKind, UnitFiles>>> {
    const { history, comments } = this.#files.get(unit) ?? {};
    if (!history || !comments) throw new Error(`Nothing was done of shard ${unit.shard} of type ${unit.type.id}.`);
    return { history: await history, comments: await comments };
  }

  #open(kind: ActivityKind, object: ActivityObject): Promise<UnitFiles> {
    const ofUnit = this.#files.get(object.unit) ?? {};
    this.#files.set(object.unit, ofUnit);
    ofUnit[kind] ??= this.#begin(kind, object);
    return ofUnit[kind];
  }

  async #begin(kind: ActivityKind, object: ActivityObject): Promise<UnitFiles> {
    const { unit } = object;
    const first = object.number - object.place;
    const earlier = first < this.#from ? this.#earlier : undefined;
    if (earlier?.files[kind].isCopied) return { copied: earlier.files[kind].stored };
    const whole = earlier ? undefined : this.#place.carryOver.wholeFiles(kind, object);
    const copied = whole && (await this.#copies(kind, unit, whole));
    if (copied) return { copied };
    const store = (part: number, bytes: Uint8Array, lines: number) =>
      storeFile(this.#place.backups, this.#keyFor(kind, unit, part), bytes, lines, this.#place.strays);
    const before = { stored: [], lines: [], ...earlier?.files[kind], done: earlier?.done ?? 0 };
    return { written: new ActivityShardFile(unit.objects.length, store, before) };
  }

  /** Undefined where one of them is not there as it was written. */
  async #copies(
    kind: ActivityKind,
    unit: ActivityUnit,
    whole: readonly StoredFile[],
  ): Promise<readonly StoredFile[] | undefined> {
    const copied: StoredFile[] = [];
    for (const [index, file] of whole.entries()) {
      const { carryOver, strays } = this.#place;
      const copy = await carryOver.copy(file, this.#keyFor(kind, unit, index + 1), strays);
      if (!copy) return undefined;
      copied.push(copy);
    }
    return copied;
  }

  async #add(files: UnitFiles, { place }: ActivityObject, line: string | undefined): Promise<void> {
    if ('written' in files) await files.written.add(place, line);
  }

  #keyFor(kind: ActivityKind, { schema, type, shard, shards }: ActivityUnit, part: number): string {
    const keys = schemaKeys(this.#place.backup, schema.folder);
    return keys.activityShard(kind, type, shards === 1 ? undefined : shard + 1, part);
  }
}

const keyOf = ({ key }: StoredFile) => key;

function inHand(files: UnitFiles): UnfinishedFiles {
  return 'copied' in files
    ? { stored: files.copied, isCopied: true, lines: [] }
    : { stored: files.written.stored, isCopied: false, lines: files.written.waiting };
}
