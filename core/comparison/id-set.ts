import { base64, bytesOfBase64, hashOf, keyOf } from './expected-objects.ts';

const smallest = 1024;

/** Ids of objects, of which nobody knows beforehand how many there will be: some 20 bytes each. As a text it goes from one invocation to the next. */
export class IdSet {
  #slots = new Float64Array(smallest).fill(Number.NaN);
  #count = 0;

  static of(text: string): IdSet {
    const set = new IdSet();
    for (const key of new Float64Array(bytesOfBase64(text).buffer)) set.#add(key);
    return set;
  }

  /** False where it was there already. */
  add(id: string): boolean {
    return this.#add(keyOf(id));
  }

  get text(): string {
    return base64(new Uint8Array(this.#slots.filter((key) => !Number.isNaN(key)).buffer));
  }

  #add(key: number): boolean {
    if (this.#count * 2 >= this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    let slot = hashOf(key) & mask;
    for (; !Number.isNaN(this.#slots[slot]); slot = (slot + 1) & mask) if (this.#slots[slot] === key) return false;
    this.#slots[slot] = key;
    this.#count += 1;
    return true;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Float64Array(before.length * 2).fill(Number.NaN);
    this.#count = 0;
    for (const key of before) if (!Number.isNaN(key)) this.#add(key);
  }
}
