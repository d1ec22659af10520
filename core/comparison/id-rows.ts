import { createHash } from 'node:crypto';
import { base64, bytesOfBase64 } from '../base64.ts';

const free = 0xffff_ffff;

/**
 * Numbers ids in the order in which they come, from 0: columns of typed arrays hold what is known of each, since there may be a million.
 * 8 bytes an id, 5 to 10 for finding it, and where it has to grow up to twice that.
 */
export class IdRows {
  #ids: Float64Array;
  /** Open addressing: the row of an id, or `free`. */
  #slots: Uint32Array;
  #count = 0;

  /** @param capacity how many are likely; it grows beyond */
  constructor(capacity = 1_024) {
    this.#ids = new Float64Array(capacity);
    this.#slots = slotsFor(capacity);
  }

  /** What `text` has given: it goes from one invocation to the next. */
  static of(text: string): IdRows {
    const rows = new IdRows();
    rows.#take(new Float64Array(bytesOfBase64(text).buffer));
    return rows;
  }

  get text(): string {
    return base64(new Uint8Array(this.#ids.slice(0, this.#count).buffer));
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#ids.byteLength + this.#slots.byteLength;
  }

  /** The row that the id gets; undefined where it has one already. */
  add(id: string): number | undefined {
    const key = keyOf(id);
    const slot = this.#slotOf(key);
    if (this.#slots[slot] !== free) return undefined;
    const row = this.#count;
    if (row === this.#ids.length) {
      this.#grow();
      return this.add(id);
    }
    this.#ids[row] = key;
    this.#slots[slot] = row;
    this.#count += 1;
    return row;
  }

  rowOf(id: string): number | undefined {
    const row = this.#slots[this.#slotOf(keyOf(id))];
    return row === free ? undefined : row;
  }

  /** The id of a row; undefined where it is no whole number. */
  numberAt(row: number): number | undefined {
    const id = this.#ids[row];
    return row < this.#count && id !== undefined && id >= 0 ? id : undefined;
  }

  #grow(): void {
    const ids = new Float64Array(Math.max(1, this.#ids.length * 2));
    ids.set(this.#ids);
    this.#index(ids);
  }

  #take(ids: Float64Array): void {
    this.#count = ids.length;
    this.#index(ids);
  }

  #index(ids: Float64Array): void {
    this.#ids = ids;
    this.#slots = slotsFor(ids.length);
    for (let row = 0; row < this.#count; row += 1) this.#slots[this.#slotOf(ids[row] ?? 0)] = row;
  }

  #slotOf(key: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(key) & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot] ?? free;
      if (row === free || this.#ids[row] === key) return slot;
    }
  }
}

const slotsFor = (capacity: number) =>
  new Uint32Array(2 ** Math.ceil(Math.log2(capacity + capacity / 4 + 2))).fill(free);

/** Documented ids are whole numbers. Any other is taken by 52 bits of its hash, as a number that no id is. */
function keyOf(id: string): number {
  if (/^(?:0|[1-9]\d{0,14})$/.test(id)) return Number(id);
  return -1 - Number.parseInt(createHash('sha256').update(id).digest('hex').slice(0, 13), 16);
}

function hashOf(key: number): number {
  const low = (key % 0x1_0000_0000) | 0;
  const high = Math.floor(key / 0x1_0000_0000) | 0;
  const mixed = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
