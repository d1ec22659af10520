import type { ManifestObjectType } from '../backup-format/manifest.ts';
import { DamagedBackupError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, textOf } from '../model/json.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { Reporter } from '../ports/reporter.ts';
import { Changes } from './changes.ts';
import type { IsAsked } from './chosen-types.ts';
import { type FindRequest, mostKept } from './found.ts';
import type { Night, TypePlace } from './night.ts';
import { type Attributes, AttributesRead, type ListedObject, NightObjects } from './night-objects.ts';
import { noNight, ObjectRows, verdict } from './object-rows.ts';
import type { Match, SearchWords } from './search-words.ts';
import { TypeLook } from './type-look.ts';

/** An object as it was found. */
export interface KeptObject {
  readonly row: number;
  readonly schema: string;
  readonly type: string;
  readonly id: string;
  readonly key: string;
  readonly label: string;
  readonly matches: readonly Match[];
}

/** A type, by its number: as it is in the newest night that has it. */
export interface KnownType extends TypePlace {
  readonly schema: string;
  readonly name: string;
}

/**
 * Looks through the nights of one site, from the newest to the oldest. What a list says is as it was in the night after is not read
 * again: a file is read only where an object in it is other than there, or not there at all.
 */
export class SiteSearch {
  readonly rows = new ObjectRows();
  readonly changes = new Changes();
  readonly types: KnownType[] = [];
  /** In the order in which they were found; at most `mostKept`. */
  readonly kept: KeptObject[] = [];
  /** By night: how many of the objects that are found hold the words there. */
  readonly matching: number[];
  found = 0;
  /** Whether objects of a type are looked for at all. */
  readonly isAsked: IsAsked;
  readonly unread: { readonly backup: string; readonly reason: string }[] = [];
  readonly #nights: readonly Night[];
  readonly #backups: BackupStore;
  readonly #reporter: Reporter;
  readonly #request: FindRequest;
  readonly #words: SearchWords;
  readonly #attributes = new AttributesRead();
  readonly #typeNumbers = new Map<string, number>();
  /** By schema: the newest night that has it. */
  readonly #newestWith = new Map<string, number>();

  /** @param nights the newest first */
  constructor(
    { backups, reporter }: { readonly backups: BackupStore; readonly reporter: Reporter },
    nights: readonly Night[],
    {
      request,
      words,
      isAsked,
    }: { readonly request: FindRequest; readonly words: SearchWords; readonly isAsked: IsAsked },
  ) {
    this.#backups = backups;
    this.#reporter = reporter;
    this.#nights = nights;
    this.#request = request;
    this.#words = words;
    this.isAsked = isAsked;
    this.matching = nights.map(() => 0);
  }

  async run(): Promise<void> {
    for (const number of this.#nights.keys()) {
      await this.#look(number);
      this.#endNight(number);
    }
  }

  async #look(number: number): Promise<void> {
    const night = this.#nights[number];
    if (!night) return;
    const { counts } = night.manifest;
    let objects: NightObjects;
    try {
      objects = await NightObjects.open(this.#backups, night, this.#attributes);
    } catch (error) {
      this.#notRead(night, error);
      night.unreadable();
      this.#reporter.advanced('verification', counts.objects);
      return;
    }
    const { schemas } = night.manifest;
    for (const { id } of schemas) if (!this.#newestWith.has(id)) this.#newestWith.set(id, number);
    const looks = schemas.flatMap((schema) =>
      schema.objectTypes.map((type) => {
        const isAsked = this.isAsked({ schemaId: schema.id, typeId: type.id });
        const typeNumber = this.#numberOf(schema, type);
        return new TypeLook(this, { number, objects, schema, type, typeNumber, isAsked });
      }),
    );
    const byType = new Map(looks.map((look) => [look.type.id, look]));
    try {
      for await (const line of objects.listed()) byType.get(line.type)?.list(line);
    } catch (error) {
      this.#notRead(night, error);
    }
    for (const look of looks) {
      try {
        await look.judge();
      } catch (error) {
        this.#notRead(night, error);
        if (!look.isListed) night.damaged(look.place);
      }
      this.#reporter.advanced('verification', look.type.stored);
    }
  }

  /** Notes that an object stands in a night. Gives its row, and whether somebody has to look whether the words are in it. */
  see(line: ListedObject, number: number, type: number): { readonly row: number; readonly isOpen: boolean } {
    const { rows, changes } = this;
    const known = rows.rowOf(line.object);
    const row = known ?? rows.add(line.object);
    if (known !== undefined && rows.oldestSeen[row] === number) return { row, isOpen: false };
    const other = rows.take(row, line.digest, line.values);
    if (known === undefined) {
      const newer = this.#oldestWithout(type, number);
      if (newer !== noNight) changes.add(row, { kind: 'deleted', older: number, newer });
      rows.isGone[row] = this.#isGone(newer) ? 1 : 0;
      rows.newestSeen[row] = number;
    } else if (rows.isAbsent[row]) {
      changes.add(row, { kind: 'deleted', older: number, newer: rows.absentIn[row] ?? noNight });
      rows.isAbsent[row] = 0;
    } else if (other !== 'same') {
      changes.add(row, { kind: other, older: number, newer: rows.oldestSeen[row] ?? noNight });
    }
    if (known === undefined || other !== 'same') rows.verdict[row] = verdict.unknown;
    rows.type[row] = type;
    rows.oldestSeen[row] = number;
    rows.nightsSeen[row] = (rows.nightsSeen[row] ?? 0) + 1;
    return { row, isOpen: this.isOpen(row, number) };
  }

  /** Finds out of an object that stands in a night whether the words are in it. */
  look(
    row: number,
    object: ApiRecord,
    { attributes, ...of }: { attributes: Attributes; schema: string; type: string },
  ) {
    const { rows } = this;
    const matches = this.#words.find(object, attributes);
    rows.verdict[row] = matches ? verdict.yes : verdict.no;
    if (!matches || rows.isFound[row]) return;
    rows.isFound[row] = 1;
    this.found += 1;
    if (this.kept.length === mostKept) return;
    const [key, label] = [textOf(object.objectKey) ?? '', textOf(object.label) ?? ''];
    this.kept.push({ row, ...of, id: idOf(object), key, label, matches });
  }

  #numberOf(schema: { readonly id: string; readonly key: string }, { id, name }: ManifestObjectType): number {
    const place = `${schema.id} ${id}`;
    const known = this.#typeNumbers.get(place);
    if (known !== undefined) return known;
    const number = this.types.push({ schemaId: schema.id, typeId: id, schema: schema.key, name }) - 1;
    this.#typeNumbers.set(place, number);
    return number;
  }

  /** Whether nobody knows yet of an object in a night if the words are in it, and it matters. */
  isOpen(row: number, number: number): boolean {
    const { rows } = this;
    if (rows.verdict[row] !== verdict.unknown) return false;
    if (rows.isFound[row]) return true;
    const { at, deletedSince } = this.#request;
    if (deletedSince !== undefined) return rows.isGone[row] === 1;
    const { schemaId = '' } = this.types[rows.type[row] ?? 0] ?? {};
    return at === undefined || (rows.isGone[row] === 0 && this.#newestWith.get(schemaId) === number);
  }

  /** Whether what `newer` was the first to lack is gone, and was not before the time that is asked for. */
  #isGone(newer: number): boolean {
    const startedAt = this.#nights[newer]?.startedAt;
    return startedAt !== undefined && startedAt >= (this.#request.deletedSince ?? startedAt);
  }

  /** The oldest of the nights after `number` that would have an object of a type, and so show that it is gone. */
  #oldestWithout(type: number, number: number): number {
    const place = this.types[type];
    for (let newer = number - 1; place && newer >= 0; newer -= 1)
      if (this.#nights[newer]?.silenceOn(place, this.#nights[number]) === undefined) return newer;
    return noNight;
  }

  /** Counts the night for what stands in it, and takes note of what does not. */
  #endNight(number: number): void {
    const night = this.#nights[number];
    if (!night) return;
    const { rows } = this;
    const tells = this.types.map((place) => night.silenceOn(place) === undefined);
    // Of what is hidden, and was accepted, it depends on the night that has the object.
    const mayTell = this.types.map((place) => night.silenceOn(place, night) === undefined);
    const tellsOf = (row: number) => {
      const type = rows.type[row] ?? 0;
      const place = this.types[type];
      if (tells[type] || !mayTell[type] || !place) return tells[type] === true;
      return night.silenceOn(place, this.#nights[rows.oldestSeen[row] ?? noNight]) === undefined;
    };
    for (let row = 0; row < rows.count; row += 1) {
      if (rows.oldestSeen[row] === number) {
        if (rows.isFound[row] !== 1 || rows.verdict[row] !== verdict.yes) continue;
        if (rows.nightsMatching[row] === 0) rows.newestMatch[row] = number;
        rows.oldestMatch[row] = number;
        rows.nightsMatching[row] = (rows.nightsMatching[row] ?? 0) + 1;
        this.matching[number] = (this.matching[number] ?? 0) + 1;
      } else if (tellsOf(row)) {
        if (!rows.isAbsent[row])
          this.changes.add(row, { kind: 'appeared', older: number, newer: rows.oldestSeen[row] ?? noNight });
        rows.isAbsent[row] = 1;
        rows.absentIn[row] = number;
      }
    }
  }

  #notRead({ name }: Night, error: unknown): void {
    if (!(error instanceof DamagedBackupError)) throw error;
    this.unread.push({ backup: name, reason: error.message });
  }
}
