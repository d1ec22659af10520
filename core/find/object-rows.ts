import { columnDigest, DigestColumn } from '../comparison/digest-column.ts';
import { IdRows } from '../comparison/id-rows.ts';

/** Of an object as it stands in the night that was looked at last: whether the words are in it. */
export const verdict = { unknown: 0, no: 1, yes: 2 } as const;

/** Of a night that is not there. */
export const noNight = 0xffff;

/**
 * What is known of every object of a site that any night has, in columns by row: some 70 bytes each, and up to twice that where columns
 * have just grown, since there may be a million; and no value. Nights are numbered from the newest, 0, and looked at in this order, so that "at last" is the oldest so far.
 */
export class ObjectRows {
  readonly #ids = new IdRows();
  readonly #digests = new DigestColumn();
  readonly #values = new DigestColumn();
  #capacity = 1_024;
  /** Number of the type that it has in the oldest night so far. */
  type = new Uint32Array(this.#capacity);
  verdict = new Uint8Array(this.#capacity);
  isAbsent = new Uint8Array(this.#capacity);
  /** Whether it is not on the newest night that could tell. */
  isGone = new Uint8Array(this.#capacity);
  /** Whether it is one of those that are looked for. */
  isFound = new Uint8Array(this.#capacity);
  newestSeen = new Uint16Array(this.#capacity);
  oldestSeen = new Uint16Array(this.#capacity);
  nightsSeen = new Uint16Array(this.#capacity);
  /** The oldest night so far that has shown its absence, since it was seen. */
  absentIn = new Uint16Array(this.#capacity);
  newestMatch = new Uint16Array(this.#capacity);
  oldestMatch = new Uint16Array(this.#capacity);
  nightsMatching = new Uint16Array(this.#capacity);

  get count(): number {
    return this.#ids.count;
  }

  /** Bytes held, whatever the values. */
  get bytes(): number {
    const columns = [this.type, this.verdict, this.isAbsent, this.isGone, this.isFound, ...this.#nightColumns()];
    const own = columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return this.#ids.bytes + this.#digests.bytes + this.#values.bytes + own;
  }

  rowOf(id: string): number | undefined {
    return this.#ids.rowOf(id);
  }

  /** Of an object that no night so far had. */
  add(id: string): number {
    const row = this.#ids.add(id);
    if (row === undefined) throw new Error(`Object ${id} has a row already.`);
    if (row === this.#capacity) this.#grow();
    this.newestMatch[row] = noNight;
    this.oldestMatch[row] = noNight;
    return row;
  }

  /** Takes the digests of an older night, and says what is other than in the newer one. */
  take(row: number, digest: string, values: string | undefined): 'same' | 'touched' | 'changed' {
    const [whole, ofValues] = [columnDigest(digest), values === undefined ? noDigest : columnDigest(values)];
    const isSame = this.#digests.is(row, whole);
    const isKnown = ofValues !== noDigest && !this.#values.is(row, noDigest);
    const hasSameValues = this.#values.is(row, ofValues);
    if (!isSame) this.#digests.set(row, whole);
    if (!hasSameValues) this.#values.set(row, ofValues);
    if (isSame) return 'same';
    return isKnown && hasSameValues ? 'touched' : 'changed';
  }

  #nightColumns(): Uint16Array[] {
    return [
      ...[this.newestSeen, this.oldestSeen, this.nightsSeen, this.absentIn],
      ...[this.newestMatch, this.oldestMatch, this.nightsMatching],
    ];
  }

  #grow(): void {
    this.#capacity *= 2;
    const bytes = (column: Uint8Array<ArrayBuffer>) => copied(column, new Uint8Array(this.#capacity));
    const nights = (column: Uint16Array<ArrayBuffer>) => copied(column, new Uint16Array(this.#capacity));
    this.type = copied(this.type, new Uint32Array(this.#capacity));
    this.verdict = bytes(this.verdict);
    this.isAbsent = bytes(this.isAbsent);
    this.isGone = bytes(this.isGone);
    this.isFound = bytes(this.isFound);
    this.newestSeen = nights(this.newestSeen);
    this.oldestSeen = nights(this.oldestSeen);
    this.nightsSeen = nights(this.nightsSeen);
    this.absentIn = nights(this.absentIn);
    this.newestMatch = nights(this.newestMatch);
    this.oldestMatch = nights(this.oldestMatch);
    this.nightsMatching = nights(this.nightsMatching);
  }
}

function copied<Column extends Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
  from: Column,
  to: Column,
): Column {
  to.set(from);
  return to;
}

const noDigest = '0'.repeat(32);
