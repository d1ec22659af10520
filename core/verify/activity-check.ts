import type { ActivityLine } from '../backup-format/activity-list.ts';
import type { ActivityPlace, ActivityPlaces } from '../backup-format/activity-places.ts';
import { activityHash, shardOf } from '../backup-format/activity-shards.ts';
import { manifestKey } from '../backup-format/keys.ts';
import type { Manifest, ManifestObjectType } from '../backup-format/manifest.ts';
import { counted, readableCount } from '../counted.ts';
import { type ActivityKind, activityKinds } from '../model/activity.ts';

interface Problem {
  readonly key: string;
  readonly problem: string;
}

/** What stands nowhere. */
const none = -1;

/**
 * Holds files of activity, lists of activity and objects against each other. There may be a million objects, so what is known of each
 * stands in columns, by the row that it got when it was first named, wherever that was. An object that went to another schema while it
 * was read stands in both, each by itself: then it has a row for each.
 */
export class ActivityCheck {
  readonly #manifest: Manifest;
  readonly #places: ActivityPlaces;
  readonly #rows = new Map<string, number>();
  /** Rows of objects that have one already, of another schema: by the schema's number and the id. */
  readonly #rowsToo = new Map<string, number>();
  /** By row: the number of the schema. */
  readonly #schemas: number[] = [];
  readonly #schemaOfType = new Map<string, number>();
  readonly #schemaOfFolder: ReadonlyMap<string, number>;
  /** Numbers of types; of an object that stands in several, which the other ones are. */
  readonly #types: number[] = [];
  readonly #typesToo = new Map<number, Set<number>>();
  readonly #typeNumbers: ReadonlyMap<string, number>;
  readonly #files = { history: new FileColumns(), comments: new FileColumns() };
  readonly #keys: string[] = [];
  /** By kind: records that the lists say; `none` of objects that they do not name. */
  readonly #listed: Readonly<Record<ActivityKind, number[]>> = { history: [], comments: [] };
  readonly #counts = { history: new Counts(), comments: new Counts() };
  /** By file: the first problem in it, and how many there are. */
  readonly #problems = new Map<string, { readonly first: string; count: number }>();
  #objects = 0;

  constructor(manifest: Manifest, places: ActivityPlaces) {
    this.#manifest = manifest;
    this.#places = places;
    const types = manifest.schemas.flatMap(({ objectTypes }) => objectTypes);
    this.#typeNumbers = new Map(types.map(({ id }, number) => [id, number]));
    this.#schemaOfFolder = new Map(manifest.schemas.map(({ folder }, number) => [folder, number]));
    for (const [number, { objectTypes }] of manifest.schemas.entries())
      for (const { id } of objectTypes) this.#schemaOfType.set(id, number);
  }

  /** How many objects the files of objects hold. */
  get objects(): number {
    return this.#objects;
  }

  hasObject(id: string): boolean {
    const row = this.#rows.get(id);
    return (
      row !== undefined && ((this.#types[row] ?? none) !== none || (this.#rowsToo.size > 0 && this.#isInAnother(id)))
    );
  }

  addObject(id: string, type: ManifestObjectType): void {
    const row = this.#row(id, this.#schemaOfType.get(type.id));
    const number = this.#typeNumbers.get(type.id) ?? none;
    if (this.#types[row] === none) {
      this.#types[row] = number;
      this.#objects += 1;
    } else this.#typesToo.set(row, (this.#typesToo.get(row) ?? new Set()).add(number));
  }

  addFile(key: string, place: ActivityPlace, objects: Iterable<readonly [id: string, records: number]>): void {
    const file = this.#keys.push(key) - 1;
    const schema = this.#schemaOfFolder.get(key.split('/')[1] ?? '');
    for (const [id, records] of objects) {
      const columns = this.#files[place.kind];
      const row = this.#row(id, schema);
      const isThere = (columns.file[row] ?? none) !== none;
      if (isThere) this.#problem(key, `holds ${place.kind} of object ${id}, which another line or file holds too.`);
      columns.file[row] = file;
      columns.records[row] = (isThere ? (columns.records[row] ?? 0) : 0) + records;
      if (!('shard' in place)) continue;
      const { number, count } = place.shard;
      if (shardOf(activityHash(id), count) !== number)
        this.#problem(key, `holds ${place.kind} of object ${id}, whose place is in another file of its type.`);
    }
  }

  addLines(key: string, lines: readonly ActivityLine[]): void {
    const { startedAt } = this.#manifest;
    for (const line of lines) {
      const row = this.#row(line.object, this.#schemaOfType.get(line.type));
      if (this.#listed.history[row] !== none) this.#problem(key, `names object ${line.object} twice.`);
      if (!this.#isOfType(row, line.type) && this.#types[row] !== none)
        this.#problem(key, `names object ${line.object} with another type than it has.`);
      for (const kind of activityKinds) {
        const { read, records } = line[kind];
        this.#listed[kind][row] = records;
        this.#counts[kind].add(read, startedAt);
        if (read !== null && !(Date.parse(read) <= Date.parse(startedAt)))
          this.#problem(
            key,
            `says that ${kind} of object ${line.object} was read after the backup's start, or at no time.`,
          );
        if (read === null && records > 0)
          this.#problem(key, `counts ${kind} of object ${line.object} that no backup has read.`);
      }
    }
  }

  /**
   * What does not agree. Only to be asked for where every file is as it was stored: a damaged one is missing here too, and was named
   * already. Format 1 has no lists, and says of activity only what its files hold.
   */
  problems(): Problem[] {
    const { options, formatVersion } = this.#manifest;
    if (formatVersion > 1) {
      for (const [id, row] of this.#rows) this.#checkRow(id, row);
      for (const [place, row] of this.#rowsToo) this.#checkRow(place.slice(place.indexOf(' ') + 1), row);
      this.#checkFilesNamed();
      if (options.activity !== false) {
        this.#checkNamed();
        this.#checkCounts();
      }
    }
    return [...this.#problems].map(([key, { first, count }]) => ({
      key,
      problem: count > 1 ? `${first} There are ${readableCount(count - 1)} more such things.` : first,
    }));
  }

  #checkRow(id: string, row: number): void {
    const isObject = this.#types[row] !== none;
    const elsewhere = this.hasObject(id) ? 'of another type' : 'not in the backup';
    for (const kind of activityKinds) {
      const key = this.#keys[this.#files[kind].file[row] ?? none];
      const held = this.#files[kind].records[row] ?? 0;
      const listed = this.#listed[kind][row] ?? none;
      const place = key === undefined ? undefined : this.#places.of(key);
      if (key !== undefined && !isObject) this.#problem(key, `holds ${kind} of object ${id}, which is ${elsewhere}.`);
      else if (key !== undefined && place && 'shard' in place && !this.#isOfType(row, place.shard.type.id))
        this.#problem(key, `holds ${kind} of object ${id}, which is of another type.`);
      else if (listed === none ? held > 0 : held !== listed) {
        const said = listed === none ? 'nothing' : readableCount(listed);
        const what = `the lists of activity say ${said} of ${kind} of object ${id}, and the files hold ${readableCount(held)}.`;
        this.#problem(manifestKey(this.#manifest.name), what);
      }
    }
    if (!isObject && this.#listed.history[row] !== none)
      this.#problem(
        manifestKey(this.#manifest.name),
        `the lists of activity name object ${id}, which is ${elsewhere}.`,
      );
  }

  /** The manifest says which files of many objects there are. */
  #checkFilesNamed(): void {
    const read = new Set(this.#keys);
    for (const key of this.#places.shards.keys())
      if (!read.has(key)) this.#problem(key, 'is named by the manifest, and by no list of files.');
  }

  /** Every object has a line, but where a gap says that nobody knows what became of its activity. */
  #checkNamed(): void {
    const without = this.#withoutLine();
    const inGaps = activityKinds.map((kind) =>
      this.#manifest.gaps
        .filter((gap) => gap.kind === kind)
        .reduce((sum, { objectId, objects }) => {
          return sum + (objects ?? (objectId === undefined ? this.#objects : 1));
        }, 0),
    );
    if (without > Math.max(...inGaps))
      this.#problem(
        manifestKey(this.#manifest.name),
        `the lists of activity lack ${counted(without, 'object')} of the backup.`,
      );
  }

  #withoutLine(): number {
    let without = 0;
    for (const row of this.#types.keys())
      if (this.#types[row] !== none && this.#listed.history[row] === none) without += 1;
    return without;
  }

  #checkCounts(): void {
    const { name, activity, counts, notOffered } = this.#manifest;
    const withoutLine = this.#withoutLine();
    for (const kind of activityKinds) {
      const found = this.#counts[kind];
      const stated = activity[kind];
      const missing = notOffered.some(({ what }) => what === kind) ? 0 : found.missing + withoutLine;
      const has = kind === 'history' ? counts.historyRead : counts.commentsRead;
      const pairs = [
        ['read', found.read, stated.read],
        ['carried over', found.carried, stated.carried],
        ['missing', missing, stated.missing],
        ['there', found.read + found.carried, has],
      ] as const;
      for (const [what, inLists, said] of pairs) {
        if (inLists !== said)
          this.#problem(
            manifestKey(name),
            `counts ${kind} of ${counted(said, 'object')} as ${what}, but the lists of activity say ${readableCount(inLists)}.`,
          );
      }
      if (found.oldest !== stated.oldest)
        this.#problem(
          manifestKey(name),
          `says that the oldest ${kind} is of ${stated.oldest}, but the lists of activity say ${found.oldest}.`,
        );
    }
  }

  #isOfType(row: number, typeId: string): boolean {
    const number = this.#typeNumbers.get(typeId) ?? none - 1;
    return this.#types[row] === number || this.#typesToo.get(row)?.has(number) === true;
  }

  #isInAnother(id: string): boolean {
    return this.#manifest.schemas.some((_, schema) => {
      const row = this.#rowsToo.get(`${schema} ${id}`);
      return row !== undefined && this.#types[row] !== none;
    });
  }

  /** @param schema its number; where nobody knows it, the object's first row is taken */
  #row(id: string, schema: number | undefined): number {
    const first = this.#rows.get(id);
    if (first === undefined) return this.#addRow(this.#rows, id, schema);
    const known = this.#schemas[first] ?? none;
    if (schema === undefined || known === schema) return first;
    if (known === none) {
      this.#schemas[first] = schema;
      return first;
    }
    const place = `${schema} ${id}`;
    return this.#rowsToo.get(place) ?? this.#addRow(this.#rowsToo, place, schema);
  }

  #addRow(rows: Map<string, number>, name: string, schema = none): number {
    const row = this.#types.push(none) - 1;
    rows.set(name, row);
    this.#schemas.push(schema);
    for (const kind of activityKinds) {
      this.#files[kind].file.push(none);
      this.#files[kind].records.push(0);
      this.#listed[kind].push(none);
    }
    return row;
  }

  #problem(key: string, problem: string): void {
    const known = this.#problems.get(key);
    if (known) known.count += 1;
    else this.#problems.set(key, { first: problem, count: 1 });
  }
}

/** Which file holds an object's activity, and how many records; `none` and 0 where there is none. */
class FileColumns {
  readonly file: number[] = [];
  readonly records: number[] = [];
}

class Counts {
  read = 0;
  carried = 0;
  missing = 0;
  oldest: string | null = null;

  add(read: string | null, startedAt: string): void {
    if (read === null) this.missing += 1;
    else if (read === startedAt) this.read += 1;
    else this.carried += 1;
    if (read !== null && (this.oldest === null || Date.parse(read) < Date.parse(this.oldest))) this.oldest = read;
  }
}
