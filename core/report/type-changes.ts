import { isActivityList } from '../backup-format/activity-list.ts';
import type { Manifest } from '../backup-format/manifest.ts';
import { columnDigest, DigestColumn } from '../comparison/digest-column.ts';
import { IdRows } from '../comparison/id-rows.ts';
import { heldSchemas } from '../contents/held-schemas.ts';
import { DamagedBackupError } from '../errors.ts';
import { Night, type TypePlace } from '../find/night.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { BackupSource } from '../reading/backup-source.ts';

export interface ChangeCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

export interface TypeChanges extends ChangeCounts {
  /** Key. */
  readonly schema: string;
  /** Path: `Hardware/Laptop`. */
  readonly type: string;
}

/** What is other in the newer of two backups, by what both list of their objects. */
export interface ListedChanges {
  /** Types with a change alone. */
  readonly types: readonly TypeChanges[];
  /** Null: one of them has no such lists, and only a comparison of their files can tell. */
  readonly counts: ChangeCounts | null;
  /** Keys of schemas of which one of them does not tell all: what stands in the other one alone is not counted there. */
  readonly untold: readonly string[];
}

/**
 * Streams the lists of objects of two backups of one site, the older first, and reads no file of objects. Some 60 bytes an object of the older one
 * are held. An object goes by its id: one that was moved to another type is changed there. Throws DamagedBackupError.
 */
export async function changesByType(backups: BackupStore, left: Manifest, right: Manifest): Promise<ListedChanges> {
  const before = await ListedNight.open(backups, left);
  const now = await ListedNight.open(backups, right);
  if (!before.isListed || !now.isListed) return { types: [], counts: null, untold: [] };
  const counters = new Map<string, ChangeCounter>();
  const untold = new Set<string>();
  const count = ({ schema, path }: ListedType, change: keyof ChangeCounts) => {
    const name = JSON.stringify([schema, path]);
    const counter = counters.get(name) ?? { schema, type: path, added: 0, removed: 0, changed: 0 };
    counter[change] += 1;
    counters.set(name, counter);
  };
  const objects = new OlderObjects(left.counts.objects);
  for await (const { object, type, digest, values } of before.lines()) objects.add(object, { type, digest, values });
  for await (const { object, type, digest, values } of now.lines()) {
    const place = now.types.get(type);
    const found = objects.see(object, { type, digest, values });
    if (!place || found === 'same') continue;
    if (found === 'changed') count(place, 'changed');
    else if (before.night.silenceOn(place, now.night) === undefined) count(place, 'added');
    else untold.add(place.schema);
  }
  for (const type of objects.unseen()) {
    const place = before.types.get(type);
    if (!place) continue;
    if (now.night.silenceOn(place, before.night) === undefined) count(place, 'removed');
    else untold.add(place.schema);
  }
  const types = [...counters.values()];
  const sum = (change: keyof ChangeCounts) => types.reduce((total, type) => total + type[change], 0);
  return {
    types: types.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1)),
    counts: { added: sum('added'), removed: sum('removed'), changed: sum('changed') },
    untold: [...untold],
  };
}

type ChangeCounter = { -readonly [Name in keyof TypeChanges]: TypeChanges[Name] };

const nameOf = ({ schema, type }: TypeChanges) => `${schema} / ${type}`;

interface ListedType extends TypePlace {
  readonly schema: string;
  readonly path: string;
}

/** A backup whose objects are listed, and what its types are called. */
class ListedNight {
  readonly night: Night;
  /** By their ids. */
  readonly types: ReadonlyMap<string, ListedType>;
  readonly isListed: boolean;
  readonly #source: BackupSource;

  private constructor(source: BackupSource, types: ReadonlyMap<string, ListedType>) {
    const { manifest } = source;
    this.night = new Night(manifest);
    this.types = types;
    // Those of format 1 have no lists.
    this.isListed = manifest.counts.objects === 0 || source.recordsIn(isActivityList) > 0;
    this.#source = source;
  }

  static async open(backups: BackupStore, manifest: Manifest): Promise<ListedNight> {
    const source = await BackupSource.open(backups, manifest);
    const schemas = await heldSchemas(source);
    // A path that is not known would be another type's.
    for (const { damage } of schemas) if (damage !== null) throw new DamagedBackupError(damage);
    const types = schemas.flatMap(({ id: schemaId, key: schema, types }) =>
      types.map(({ id: typeId, path }): readonly [string, ListedType] => [typeId, { schemaId, typeId, schema, path }]),
    );
    return new ListedNight(source, new Map(types));
  }

  lines() {
    return this.#source.activityLines();
  }
}

/** What a list says of an object. */
interface Listed {
  readonly type: string;
  readonly digest: string;
  /** Of earlier nights there is none. */
  readonly values: string | undefined;
}

const noDigest = '0'.repeat(32);
const seen = -1;

class OlderObjects {
  readonly #ids: IdRows;
  readonly #digests: DigestColumn;
  readonly #values: DigestColumn;
  /** Places in `typeIds`, or `seen`. */
  readonly #types: number[] = [];
  readonly #typeIds: string[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(capacity: number) {
    this.#ids = new IdRows(capacity + 1);
    this.#digests = new DigestColumn(capacity + 1);
    this.#values = new DigestColumn(capacity + 1);
  }

  add(id: string, { type, digest, values }: Listed): void {
    const row = this.#ids.add(id);
    if (row === undefined) return;
    this.#digests.set(row, columnDigest(digest));
    this.#values.set(row, values === undefined ? noDigest : columnDigest(values));
    this.#types[row] = this.#numberOf(type);
  }

  /** Goes by values where both list these: a record is another one also where only its times are. */
  see(id: string, { type, digest, values }: Listed): 'new' | 'same' | 'changed' {
    const row = this.#ids.rowOf(id);
    if (row === undefined) return 'new';
    const isMoved = this.#types[row] !== this.#numberOf(type);
    this.#types[row] = seen;
    const hasValues = values !== undefined && !this.#values.is(row, noDigest);
    const isSame = hasValues ? this.#values.is(row, columnDigest(values)) : this.#digests.is(row, columnDigest(digest));
    return isSame && !isMoved ? 'same' : 'changed';
  }

  /** Types of those that the newer one has not shown. */
  *unseen(): Generator<string> {
    for (const type of this.#types) if (type !== seen) yield this.#typeIds[type] ?? '';
  }

  #numberOf(type: string): number {
    const known = this.#numbers.get(type);
    if (known !== undefined) return known;
    const number = this.#typeIds.push(type) - 1;
    this.#numbers.set(type, number);
    return number;
  }
}
