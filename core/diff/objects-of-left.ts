import { ExpectedObjects } from '../comparison/expected-objects.ts';
import { type ActivityKind, activityKinds } from '../model/activity.ts';
import { CountColumn } from './count-column.ts';
import type { ActivityCountsOf, ObjectSummary } from './each-summary.ts';
import type { SideType } from './side.ts';

/**
 * All objects of the left by the ids under which the right would have them: where each is, the digest of its values, and how many
 * comments and entries of its history there were and are. No value and no text is held: 35 bytes an object, and 5 to 10 for finding it.
 */
export class ObjectsOfLeft {
  readonly #expected: ExpectedObjects;
  readonly #types: readonly SideType[];
  readonly #numberOfType: ReadonlyMap<string, number>;
  readonly #typeOf: Uint16Array | Uint32Array;
  readonly #before: Columns;
  readonly #after: Columns;
  readonly #madeOf: ReadonlyMap<string, string>;
  /** Of objects that a restore has made, and that stand for one of the left: the ids of the other side. */
  readonly #leftOf = new Map<string, string>();
  readonly #rightOf = new Map<string, string>();
  /** By the number of the type: how many there are, and how many the right has. */
  readonly #all: number[];
  readonly #met: number[];

  /**
   * @param capacity the most that there may be
   * @param madeOf by the id of an object that a restore has made the one of what it was made of
   */
  constructor(capacity: number, types: readonly SideType[], madeOf: ReadonlyMap<string, string> = new Map()) {
    this.#expected = new ExpectedObjects(capacity);
    this.#types = types;
    this.#numberOfType = new Map(types.map(({ id }, number) => [id, number]));
    this.#typeOf = types.length > 0xffff ? new Uint32Array(capacity) : new Uint16Array(capacity);
    this.#before = columns(capacity);
    this.#after = columns(capacity);
    this.#madeOf = madeOf;
    this.#all = types.map(() => 0);
    this.#met = types.map(() => 0);
  }

  /** Of an object that stands in a backup twice the first counts. */
  add({ id, type, digest }: ObjectSummary): void {
    const number = this.#expected.count;
    const ofType = this.#numberOfType.get(type.id) ?? 0;
    // No digest is like none.
    if (!this.#expected.expect(number, id, digest ?? '')) return;
    this.#typeOf[number] = ofType;
    this.#all[ofType] = (this.#all[ofType] ?? 0) + 1;
  }

  addCounts(id: string, counts: ActivityCountsOf): void {
    const number = this.#expected.numberOf(id);
    if (number !== undefined) note(this.#before, number, counts);
  }

  /**
   * Holds an object of the right against them: `new` is not on the left, `made` may be what a restore has made of one, `twice` was met
   * before, `differs` is still to be looked at, because its values, its type or nobody knows what is other.
   */
  meet({ id, type, digest }: ObjectSummary): 'new' | 'made' | 'twice' | 'equal' | 'differs' {
    const number = this.#expected.numberOf(id);
    if (number === undefined) return this.#madeOf.has(id) ? 'made' : 'new';
    if (this.#expected.seen(id) !== 'unseen') return 'twice';
    const ofType = this.#note(number);
    const seen = this.#expected.see(id, digest ?? '');
    if (seen === 'equal' && this.#types[ofType]?.id === type.id) return 'equal';
    this.#expected.differs(id);
    return 'differs';
  }

  /**
   * When all of the right has been met: takes what a restore has made for the object that it was made of, where the right has that one no
   * more, and says so. It is to be looked at, since its key is another.
   */
  meetMade(id: string): boolean {
    const seen = new Set<string>();
    for (let of = this.#madeOf.get(id); of !== undefined && !seen.has(of); of = this.#madeOf.get(of)) {
      seen.add(of);
      const number = this.#expected.numberOf(of);
      if (number === undefined || this.#expected.seen(of) !== 'unseen') continue;
      this.#note(number);
      this.#expected.differs(of);
      this.#leftOf.set(id, of);
      this.#rightOf.set(of, id);
      return true;
    }
    return false;
  }

  /** Of one that the right has; gives the number of its type. */
  #note(number: number): number {
    const ofType = this.#typeOf[number] ?? 0;
    this.#met[ofType] = (this.#met[ofType] ?? 0) + 1;
    return ofType;
  }

  /** True where an object that was equal is now to be looked at: a count is another one than on the left, and both are known. */
  meetCounts(id: string, counts: ActivityCountsOf): boolean {
    const number = this.#expected.numberOf(this.idOnLeft(id));
    if (number === undefined) return false;
    note(this.#after, number, counts);
    const isOther = activityKinds.some((kind) => {
      const [before, after] = [this.#before[kind].get(number), this.#after[kind].get(number)];
      return before !== undefined && after !== undefined && before !== after;
    });
    if (!isOther || this.stateOf(id) !== 'equal') return false;
    this.#expected.differs(this.idOnLeft(id));
    return true;
  }

  /** What is known of both sides, by the id on the right. */
  countsOf(id: string): { readonly before: ActivityCountsOf; readonly after: ActivityCountsOf } {
    const number = this.#expected.numberOf(this.idOnLeft(id)) ?? -1;
    return { before: known(this.#before, number), after: known(this.#after, number) };
  }

  /** The type of an object, by its id on the right; undefined where the left does not have it. */
  typeOf(id: string): SideType | undefined {
    const number = this.#expected.numberOf(this.idOnLeft(id));
    return number === undefined ? undefined : this.#types[this.#typeOf[number] ?? 0];
  }

  /** What became of it, by its id on the right. */
  stateOf(id: string) {
    return this.#expected.seen(this.idOnLeft(id));
  }

  /** The id on the left of an object that has this one on the right, and the other way round. */
  idOnLeft(id: string): string {
    return this.#leftOf.get(id) ?? id;
  }

  idOnRight(id: string): string {
    return this.#rightOf.get(id) ?? id;
  }

  /** By ids on the left, where the right has another. */
  get rightOf(): ReadonlyMap<string, string> {
    return this.#rightOf;
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
