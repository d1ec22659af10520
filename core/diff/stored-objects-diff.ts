import type { Manifest, StoredFile } from '../backup-format/manifest.ts';
import { recordLines } from '../backup-format/record-lines.ts';
import { idOf } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import type { Reporter } from '../ports/reporter.ts';
import type { BackupSource } from '../reading/backup-source.ts';
import { fullPath } from '../reading/named-type.ts';
import { type Chosen, isChosenPlace, noSuchObject } from './chosen.ts';
import type { DiffLine, TypeCounts } from './diff-lines.ts';
import { type ActivityCountsOf, eachSummary, type ObjectSummary, shardsOf } from './each-summary.ts';
import { LeftRecords } from './left-records.ts';
import type { NotCompared } from './not-compared.ts';
import { ObjectComparison } from './object-line.ts';
import { ObjectsOfLeft } from './objects-of-left.ts';
import { type Side, type SideType, typesOf } from './side.ts';
import { TypeTallies } from './type-tallies.ts';

interface BothSides<Of> {
  readonly left: Of;
  readonly right: Of;
}

/** An object of the right. */
interface FoundObject {
  readonly id: string;
  readonly object: ApiRecord;
}

interface StoredObjectsInput {
  readonly reporter: Reporter;
  readonly sources: BothSides<BackupSource>;
  readonly sides: BothSides<Side>;
  readonly chosen: Chosen;
  readonly notCompared: NotCompared;
  readonly madeOf?: ReadonlyMap<string, string>;
  onLine(line: DiffLine): Promise<void> | void;
}

/**
 * The objects of two backups: which are new, gone or other is known from the lists of both; only files of types in which there are such
 * are read, and of them only these objects parsed.
 */
export class StoredObjectsDiff {
  readonly #input: StoredObjectsInput;
  readonly #left: ObjectsOfLeft;
  readonly #tallies: TypeTallies;
  readonly #comparison: ObjectComparison;
  readonly #records: LeftRecords;
  /** What restores have made of something that the right may have no more. */
  readonly #made = new Map<string, { readonly object: ObjectSummary; counts: ActivityCountsOf }>();
  /** By the id of a type: objects of the right that are to be looked at. */
  readonly #toLookAt = new Map<string, number>();
  /** Objects that the right may have twice, with the type of the one that is taken: empty before, `told` after. */
  readonly #twice: Map<string, string>;
  readonly #twiceOnLeft: ReadonlySet<string>;
  #isChosenThere = false;

  constructor(input: StoredObjectsInput) {
    const { sources, sides, chosen, madeOf } = input;
    this.#input = input;
    this.#left = new ObjectsOfLeft(sources.left.manifest.counts.objects, typesOf(sides.left), madeOf);
    this.#tallies = new TypeTallies([...typesOf(sides.right), ...typesOf(sides.left)]);
    this.#comparison = new ObjectComparison(chosen, this.#left.rightOf);
    this.#records = new LeftRecords(sources.left, (id, typeId) => this.#fateOf(id, typeId));
    this.#twiceOnLeft = twiceIn(sources.left.manifest);
    this.#twice = new Map([...twiceIn(sources.right.manifest)].map((id) => [id, '']));
  }

  /** Throws WrongInputError where the object that was asked for is on neither side. */
  async run(): Promise<void> {
    const { reporter, sources, sides, chosen } = this.#input;
    reporter.planned('comparison', sources.left.manifest.counts.objects + sources.right.manifest.counts.objects);
    await eachSummary(sources.left, byId(sides.left), {
      onObject: (object) => {
        this.#left.add(object);
        this.#noteChosen(object);
      },
      onCounts: (id, counts) => this.#left.addCounts(id, counts),
    });
    await eachSummary(sources.right, byId(sides.right), {
      onObject: (object) => {
        this.#meet(object);
        this.#noteChosen(object);
      },
      onCounts: (id, counts) => this.#meetCounts(id, counts),
    });
    for (const { object, counts } of this.#made.values()) this.#meetMade(object, counts);
    if (chosen.object && !this.#isChosenThere) {
      throw noSuchObject(chosen.object.text, [sides.left, sides.right], chosen);
    }
    for (const type of typesOf(sides.right)) await this.#lookAt(type);
    if (!chosen.attributes) for (const type of typesOf(sides.left)) await this.#tellRemoved(type);
  }

  get counts(): TypeCounts[] {
    return this.#tallies.all;
  }

  #noteChosen({ id, type }: ObjectSummary): void {
    this.#input.reporter.advanced('comparison', 1);
    const { chosen } = this.#input;
    const { object } = chosen;
    if (object?.id !== id || !isChosenPlace(chosen, type)) return;
    if (object.schemaKey === undefined || object.schemaKey === type.schema.key) this.#isChosenThere = true;
  }

  #meet(object: ObjectSummary): void {
    const { id, type } = object;
    if (this.#twice.get(id)) return;
    if (this.#twice.has(id)) this.#twice.set(id, type.id);
    const met = this.#left.meet(object);
    if (met === 'made') this.#made.set(id, { object, counts: {} });
    else if (met === 'new') this.#meetNew(object);
    else if (met !== 'twice' && this.#isChosen(id, type)) {
      if (met === 'equal') this.#tallies.count(type, 'same');
      else this.#willLookAt(type);
    }
  }

  #meetMade(object: ObjectSummary, counts: ActivityCountsOf): void {
    if (!this.#left.meetMade(object.id)) {
      this.#meetNew(object);
      return;
    }
    this.#left.meetCounts(object.id, counts);
    if (this.#isChosen(object.id, object.type)) this.#willLookAt(object.type);
  }

  #meetNew(object: ObjectSummary): void {
    const { id, type } = object;
    if (!this.#isChosen(id, type)) return;
    const reason = this.#absence(this.#input.sides.left, object);
    if (reason === undefined) this.#willLookAt(type);
    else this.#input.notCompared.addObjects(1, fullPath(type), reason);
  }

  #meetCounts(id: string, counts: ActivityCountsOf): void {
    const made = this.#made.get(id);
    if (made) made.counts = counts;
    if (this.#input.chosen.attributes || !this.#left.meetCounts(id, counts)) return;
    // What was equal is of the same type on both sides.
    const type = this.#left.typeOf(id);
    if (!type || !this.#isChosen(id, type)) return;
    this.#tallies.count(type, 'same', -1);
    this.#willLookAt(type);
  }

  #willLookAt({ id }: SideType): void {
    this.#toLookAt.set(id, (this.#toLookAt.get(id) ?? 0) + 1);
  }

  /** Why an object that a side does not have may be there all the same. */
  #absence({ absences }: Side, { id, type }: Pick<ObjectSummary, 'id' | 'type'>): string | undefined {
    return absences.ofObjects(type) ?? absences.ofObject(id);
  }

  #isChosen(idOnRight: string, type: SideType): boolean {
    const { chosen } = this.#input;
    const wanted = chosen.object?.id;
    const isObject = wanted === undefined || wanted === idOnRight || wanted === this.#left.idOnLeft(idOnRight);
    return isObject && isChosenPlace(chosen, this.#left.typeOf(idOnRight), type);
  }

  /** Those of a type of the right that are new, or may be other than they were. */
  async #lookAt(type: SideType): Promise<void> {
    const { sources } = this.#input;
    let left = this.#toLookAt.get(type.id) ?? 0;
    const files = left > 0 ? shardsOf(sources.right, type.id) : [];
    for (const file of files) {
      if (left === 0) return;
      const objects = await this.#chosenIn(file, type);
      left -= objects.length;
      await this.#tell(type, objects);
    }
  }

  /** Of a file of the right, once all of it was as the lists say. */
  async #chosenIn(file: StoredFile, type: SideType): Promise<FoundObject[]> {
    const { sources } = this.#input;
    const found: FoundObject[] = [];
    for await (const lines of recordLines(sources.right.pieces(file))) {
      for (const { id, parse } of lines) if (this.#isToBeLookedAt(id, type)) found.push({ id, object: parse() });
    }
    return found;
  }

  #isToBeLookedAt(id: string, type: SideType): boolean {
    if (this.#left.stateOf(id) === 'equal' || !this.#isChosen(id, type)) return false;
    if (this.#twice.has(id)) {
      if (this.#twice.get(id) !== type.id) return false;
      this.#twice.set(id, 'told');
    }
    return this.#left.typeOf(id) !== undefined || this.#absence(this.#input.sides.left, { id, type }) === undefined;
  }

  /** Of one file, in its order. */
  async #tell(type: SideType, objects: readonly FoundObject[]): Promise<void> {
    const wanted = Map.groupBy(objects, ({ id }) => this.#left.typeOf(id));
    const before = new Map<string, ApiRecord>();
    for (const [ofType, those] of wanted) {
      if (!ofType) continue;
      const ids = new Set(those.map(({ id }) => this.#left.idOnLeft(id)));
      for (const [id, record] of await this.#records.find(ofType.id, ids)) before.set(id, record);
    }
    for (const { id, object } of objects) {
      const { before: had, after: has } = this.#left.countsOf(id);
      const record = before.get(this.#left.idOnLeft(id));
      const leftType = this.#left.typeOf(id);
      const left = record && leftType && { object: record, type: leftType, counts: had };
      const line = this.#comparison.line(left, { object, type, counts: has });
      if (left) this.#tallies.count(type, line ? 'changed' : 'same');
      else if (line) this.#tallies.count(type, 'added');
      if (line) await this.#input.onLine(line);
    }
  }

  /** By an id on the left, and the type in which it was come upon. */
  #fateOf(id: string, typeId: string): 'asked-for' | 'gone' | undefined {
    const idOnRight = this.#left.idOnRight(id);
    const type = this.#left.typeOf(idOnRight);
    if (type?.id !== typeId) return undefined;
    const state = this.#left.stateOf(idOnRight);
    if (state === 'differs') return 'asked-for';
    return state === 'unseen' && this.#isChosen(idOnRight, type) ? 'gone' : undefined;
  }

  /** Those of a type of the left that the right has nowhere. */
  async #tellRemoved(type: SideType): Promise<void> {
    const { sides, chosen, notCompared } = this.#input;
    const { absences } = sides.right;
    const number = this.#left.notMet(type);
    if (number === 0 || !isChosenPlace(chosen, type)) return;
    const reason = absences.ofObjects(type);
    if (reason !== undefined && !chosen.object) {
      notCompared.addObjects(number, fullPath(type), reason);
      return;
    }
    const told = new Set<string>();
    for await (const object of this.#records.gone(type.id)) {
      const id = idOf<'object'>(object);
      const unknown = reason ?? absences.ofObject(id);
      const line = this.#comparison.line({ object, type }, undefined);
      // It may stand in the backup twice, under the same type.
      if (!line || told.has(id)) continue;
      if (this.#twiceOnLeft.has(id)) told.add(id);
      if (unknown === undefined) {
        this.#tallies.count(type, 'removed');
        await this.#input.onLine(line);
      } else notCompared.addObjects(1, fullPath(type), unknown);
    }
  }
}

/** Objects that may stand in a backup twice, because they became another type's while it was made. */
function twiceIn({ notices }: Manifest): Set<string> {
  return new Set(notices.flatMap(({ kind, objectIds = [] }) => (kind === 'moved-while-reading' ? objectIds : [])));
}

const byId = (side: Side) => new Map(typesOf(side).map((type) => [type.id, type]));
