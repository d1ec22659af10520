import type { OverwrittenObject, UntouchedObject } from './undo-files.ts';

const referredFromElsewhere = 'something else refers to it';
const referredByWhatStays = 'an object that stays refers to it';

/**
 * Which of the objects that a restore has made can go: none that something else refers to, and none that one which stays refers
 * to, for that would lose the reference.
 */
export class GoingObjects {
  readonly #going: Map<string, UntouchedObject>;
  /** Ids of what refers to an object, once for each attribute, as far as it will not any more when all is done. */
  readonly #referrers = new Map<string, string[]>();
  readonly #stays: (readonly [UntouchedObject, reason: string])[] = [];

  constructor(untouched: Iterable<UntouchedObject>, overwritten: Iterable<OverwrittenObject>) {
    const all = [...untouched];
    this.#going = new Map(all.map((object) => [object.target, object]));
    for (const { target, refersTo } of all) for (const to of refersTo) this.#refer(target, to);
    for (const { id, attributes, stillRefersTo } of overwritten) {
      for (const { refersTo } of attributes) for (const to of refersTo) this.#refer(id, to);
      for (const to of stillRefersTo) this.stay(to, referredFromElsewhere);
    }
  }

  get all(): readonly UntouchedObject[] {
    return [...this.#going.values()];
  }

  has(id: string): boolean {
    return this.#going.has(id);
  }

  /** Those that stay by now of what was to go, with why, each told once. */
  takeStaying(): (readonly [UntouchedObject, reason: string])[] {
    return this.#stays.splice(0);
  }

  /** So does what it refers to, and what that refers to. */
  stay(id: string, reason: string): void {
    const waiting = [[id, reason] as const];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const object = this.#going.get(next[0]);
      if (!object) continue;
      this.#going.delete(object.target);
      this.#stays.push([object, next[1]]);
      waiting.push(...object.refersTo.map((to) => [to, referredByWhatStays] as const));
    }
  }

  /** It, what it refers to, and what that refers to. */
  withReferred(id: string): ReadonlySet<string> {
    const ids = new Set([id]);
    for (const each of ids) for (const to of this.#going.get(each)?.refersTo ?? []) ids.add(to);
    return ids;
  }

  /** It keeps what it was to lose. */
  keeps({ attributes }: Pick<OverwrittenObject, 'attributes'>): void {
    for (const { refersTo } of attributes) for (const to of refersTo) this.stay(to, referredByWhatStays);
  }

  /** It does not refer to these any more, since it is gone or was set back. */
  refersNoMore(id: string, refersTo: readonly string[]): void {
    for (const to of refersTo) {
      const referrers = this.#referrers.get(to);
      // One of its attributes; the others may refer to it still.
      const at = referrers?.indexOf(id) ?? -1;
      if (at >= 0) referrers?.splice(at, 1);
    }
  }

  gone(object: UntouchedObject): void {
    this.#going.delete(object.target);
    this.refersNoMore(object.target, object.refersTo);
  }

  /** Whether nothing refers to it but what will not any more. */
  isReferredToAsKnown({ target, inbound }: Pick<UntouchedObject, 'target' | 'inbound'>): boolean {
    // Whether the count is of objects or of references is not documented. One of objects is this, and one of references is this
    // where none refers by two attributes; whatever else it is, something that is not known may hide in it.
    return inbound === new Set(this.#referrers.get(target)).size;
  }

  checkInbound(object: Pick<UntouchedObject, 'target' | 'inbound'>): void {
    if (!this.isReferredToAsKnown(object)) this.stay(object.target, referredFromElsewhere);
  }

  #refer(from: string, to: string): void {
    const referrers = this.#referrers.get(to);
    if (referrers) referrers.push(from);
    else this.#referrers.set(to, [from]);
  }
}
