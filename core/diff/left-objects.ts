import { ExpectedObjects } from '../comparison/expected-objects.ts';
import { type ActivityKind, activityKinds } from '../model/activity.ts';
import { CountColumn } from './count-column.ts';
import type { ActivityCountsOf, ObjectSummary } from './each-object.ts';
import type { SideType } from './side.ts';

/**
 * All objects of the left by the ids under which the right would have them: where each is, the digest of its values, and how many
 * comments and entries of its history there were and are. No value and no text is held: 35 bytes an object, and 5 to 10 for finding it.
 */
export class LeftObjects {
  readonly #expected: ExpectedObjects;
  readonly #types: readonly SideType[];
  readonly #numberOfType: ReadonlyMap<string, number>;
  readonly #typeOf: Uint16Array | Uint32Array;
  readonly #before: Columns;
  readonly #after: Columns;
  readonly #sameAs: ReadonlyMap<string, string>;
  readonly #sameOnLeft: ReadonlyMap<string, string>;
  /** By the number of the type: how many there are, and how many the right has. */
  readonly #all: number[];
  readonly #met: number[];

  /**
   * @param capacity the most that there may be
   * @param sameAs by the id of an object the one that it has on the right, where that is another
   */
  constructor(capacity: number, types: readonly SideType[], sameAs: ReadonlyMap<string, string> = new Map()) {
    this.#expected = new ExpectedObjects(capacity);
    this.#types = types;
    this.#numberOfType = new Map(types.map(({ id }, number) => [id, number]));
    this.#typeOf = types.length > 0xffff ? new Uint32Array(capacity) : new Uint16Array(capacity);
    this.#before = columns(capacity);
    this.#after = columns(capacity);
    this.#sameAs = sameAs;
    this.#sameOnLeft = new Map([...sameAs].map(([left, right]) => [right, left]));
    this.#all = types.map(() => 0);
    this.#met = types.map(() => 0);
  }

  /** Of an object that stands in a backup twice the first counts. */
  add({ id, type, digest }: ObjectSummary): void {
    const number = this.#expected.count;
    const ofType = this.#numberOfType.get(type.id) ?? 0;
    // No digest is like none.
    if (!this.#expected.expect(number, this.#sameAs.get(id) ?? id, digest ?? '')) return;
    this.#typeOf[number] = ofType;
    this.#all[ofType] = (this.#all[ofType] ?? 0) + 1;
  }

  addCounts(id: string, counts: ActivityCountsOf): void {
    const number = this.#expected.numberOf(this.#sameAs.get(id) ?? id);
    if (number !== undefined) note(this.#before, number, counts);
  }

  /**
   * Holds an object of the right against them: `new` is not on the left, `twice` was met before, `differs` is still to be looked at,
   * because its values, its type or nobody knows what is other.
   */
  meet({ id, type, digest }: ObjectSummary): 'new' | 'twice' | 'equal' | 'differs' {
    const number = this.#expected.numberOf(id);
    if (number === undefined) return 'new';
    if (this.#expected.seen(id) !== 'unseen') return 'twice';
    const ofType = this.#typeOf[number] ?? 0;
    this.#met[ofType] = (this.#met[ofType] ?? 0) + 1;
    const seen = this.#expected.see(id, digest ?? '');
    if (seen === 'equal' && this.#types[ofType]?.id === type.id) return 'equal';
    this.#expected.differs(id);
    return 'differs';
  }

  /** True where an object that was equal is now to be looked at: a count is another one than on the left, and both are known. */
  meetCounts(id: string, counts: ActivityCountsOf): boolean {
    const number = this.#expected.numberOf(id);
    if (number === undefined) return false;
    note(this.#after, number, counts);
    const isOther = activityKinds.some((kind) => {
      const [before, after] = [this.#before[kind].get(number), this.#after[kind].get(number)];
      return before !== undefined && after !== undefined && before !== after;
    });
    if (!isOther || this.#expected.seen(id) !== 'equal') return false;
    this.#expected.differs(id);
    return true;
  }

  /** What is known of both sides, by the id on the right. */
  countsOf(id: string): { readonly before: ActivityCountsOf; readonly after: ActivityCountsOf } {
    const number = this.#expected.numberOf(id) ?? -1;
    return { before: known(this.#before, number), after: known(this.#after, number) };
  }

  /** The type of an object, by its id on the right; undefined where the left does not have it. */
  typeOf(id: string): SideType | undefined {
    const number = this.#expected.numberOf(id);
    return number === undefined ? undefined : this.#types[this.#typeOf[number] ?? 0];
  }

  /** What became of it, by its id on the right. */
  stateOf(id: string) {
    return this.#expected.seen(id);
  }

  /** The id on the left of an object that has this one on the right, and the other way round. */
  idOnLeft(id: string): string {
    return this.#sameOnLeft.get(id) ?? id;
  }

  idOnRight(id: string): string {
    return this.#sameAs.get(id) ?? id;
  }

  /** How many of a type the right does not have, when all of it has been met. */
  notMet({ id }: SideType): number {
    const number = this.#numberOfType.get(id) ?? -1;
    return (this.#all[number] ?? 0) - (this.#met[number] ?? 0);
  }
}

type Columns = Readonly<Record<ActivityKind, CountColumn>>;

const columns = (capacity: number): Columns => ({
  history: new CountColumn(capacity),
  comments: new CountColumn(capacity),
});

function note(counts: Columns, number: number, known: ActivityCountsOf): void {
  for (const kind of activityKinds) counts[kind].set(number, known[kind]);
}

function known(counts: Columns, number: number): ActivityCountsOf {
  return Object.fromEntries(
    activityKinds.flatMap((kind) => {
      const count = counts[kind].get(number);
      return count === undefined ? [] : [[kind, count] as const];
    }),
  );
}
