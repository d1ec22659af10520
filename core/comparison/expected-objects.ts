import { base64, bytesOfBase64 } from '../base64.ts';
import { DigestColumn } from './digest-column.ts';
import { IdRows } from './id-rows.ts';

/** What became of an object that was expected: nothing yet, seen and alike, seen and not alike. */
export type Seen = 'unseen' | 'equal' | 'differs';

const states: readonly Seen[] = ['unseen', 'equal', 'differs'];

/**
 * The left of a comparison: by the id under which an object is expected on the right, its number on the left and the digest of
 * its values as the right would have them. No value is held: 25 bytes an object, 4 more where numbers are not those of the order in which
 * they come, and 5 to 10 for finding it, since there may be a million.
 */
export class ExpectedObjects {
  readonly #rows: IdRows;
  readonly #capacity: number;
  /** Undefined as long as each number is that of the row. */
  #numbers: Uint32Array | undefined;
  readonly #digests: DigestColumn;
  readonly #states: Uint8Array;

  /** @param capacity the most that may be expected */
  constructor(capacity: number) {
    this.#rows = new IdRows(capacity);
    this.#capacity = capacity;
    this.#digests = new DigestColumn(capacity);
    this.#states = new Uint8Array(capacity);
  }

  get count(): number {
    return this.#rows.count;
  }

  /** Bytes held, whatever the values. */
  get bytes(): number {
    return this.#rows.bytes + (this.#numbers?.byteLength ?? 0) + this.#digests.bytes + this.#states.byteLength;
  }

  /** One object may be expected under several ids, but each id is that of one: false where it is another's already. */
  expect(number: number, id: string, digest: string): boolean {
    const row = this.#rows.add(id);
    if (row === undefined) return false;
    if (row >= this.#capacity) throw new RangeError(`More than the ${this.#capacity} objects that were said.`);
    if (number !== row) this.#numbers ??= Uint32Array.from({ length: this.#capacity }, (_, index) => index);
    if (this.#numbers) this.#numbers[row] = number;
    this.#digests.set(row, digest);
    return true;
  }

  /** The number of the object that is expected under an id. */
  numberOf(id: string): number | undefined {
    const row = this.#rows.rowOf(id);
    return row === undefined || !this.#numbers ? row : this.#numbers[row];
  }

  /** Notes what was seen under an id, and says whether it is alike; undefined where nothing is expected there. */
  see(id: string, digest: string): Exclude<Seen, 'unseen'> | undefined {
    const row = this.#rows.rowOf(id);
    if (row === undefined) return undefined;
    const seen = this.#digests.is(row, digest) ? 'equal' : 'differs';
    this.#states[row] = states.indexOf(seen);
    return seen;
  }

  /** Notes that an object is not alike, whatever its values say. */
  differs(id: string): void {
    const row = this.#rows.rowOf(id);
    if (row !== undefined) this.#states[row] = states.indexOf('differs');
  }

  seen(id: string): Seen | undefined {
    const row = this.#rows.rowOf(id);
    return row === undefined ? undefined : states[this.#states[row] ?? 0];
  }

  /** What was seen, a byte each, for the next invocation, which expects the same in the same order. */
  get sight(): string {
    return base64(this.#states.subarray(0, this.count));
  }

  takeUp(sight: string): void {
    const read = bytesOfBase64(sight);
    if (read.length !== this.count) {
      throw new RangeError(`${read.length} objects were expected before, and ${this.count} are now.`);
    }
    this.#states.set(read);
  }
}
