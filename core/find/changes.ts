/** Of an object, from an older night to a newer one. `touched`: its values are the same, something else of its record is not. */
export type ChangeKind = 'changed' | 'touched' | 'appeared' | 'deleted';

const kinds: readonly ChangeKind[] = ['changed', 'touched', 'appeared', 'deleted'];

export interface RowChange {
  readonly kind: ChangeKind;
  readonly older: number;
  readonly newer: number;
}

/** What has become of objects between nights: 8 bytes each, and none where nothing has. */
export class Changes {
  #columns = new Uint32Array(2_048);
  #count = 0;

  add(row: number, { kind, older, newer }: RowChange): void {
    if (2 * this.#count === this.#columns.length) {
      const longer = new Uint32Array(2 * this.#columns.length);
      longer.set(this.#columns);
      this.#columns = longer;
    }
    this.#columns[2 * this.#count] = row * kinds.length + kinds.indexOf(kind);
    this.#columns[2 * this.#count + 1] = older * 0x1_0000 + newer;
    this.#count += 1;
  }

  /** Those of some rows, each row's from the newest to the oldest. */
  of(rows: Iterable<number>): Map<number, RowChange[]> {
    const found = new Map([...rows].map((row): [number, RowChange[]] => [row, []]));
    for (let at = 0; at < this.#count; at += 1) {
      const packed = this.#columns[2 * at] ?? 0;
      const nights = this.#columns[2 * at + 1] ?? 0;
      const kind = kinds[packed % kinds.length] ?? 'changed';
      const change = { kind, older: Math.floor(nights / 0x1_0000), newer: nights % 0x1_0000 };
      found.get(Math.floor(packed / kinds.length))?.push(change);
    }
    return found;
  }
}
