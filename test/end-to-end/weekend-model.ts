import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';

/** An object as answers show it: without empty texts, and without references to what is gone. */
interface SeenObject {
  readonly typeId: number;
  /** By attribute id; of references the ids of objects. */
  readonly values: ReadonlyMap<number, readonly string[]>;
  readonly comments: readonly string[];
}

export type Snapshot = ReadonlyMap<number, SeenObject>;

export function snapshotOf(site: SimulatedSite): Snapshot {
  const seen = [...site.objects.all()].map((object): [number, SeenObject] => {
    const values = site.typeAttributes(object.typeId).flatMap((attribute): [number, readonly string[]][] => {
      const isShown = (text: string) =>
        text !== '' && (attribute.kind !== 'reference' || site.objects.get(Number(text)) !== undefined);
      const texts = (object.values.get(attribute.id) ?? []).filter(isShown);
      return texts.length > 0 ? [[attribute.id, texts]] : [];
    });
    const comments = site.commentsOf(object.id).map(({ text }) => text);
    return [object.id, { typeId: object.typeId, values: new Map(values), comments }];
  });
  return new Map(seen);
}

/** What one restore says of itself: source id → target id of every object, and how many losses it names. */
export interface ToldByRestore {
  readonly objects: ReadonlyMap<string, string>;
  /** Everything was asked for, so all of the backup has to be there. */
  readonly isWhole: boolean;
}

/** A link that somebody took away: object, attribute, and the source id of what it led to. */
export const linkName = (object: number, attribute: number, member: number) => `${object} ${attribute} ${member}`;

/**
 * What is right after a restore in place, by the rules that people are told: what was deleted is back as it was; what people did
 * stands; a reference of what is still there comes back where nothing but deleted members was missing of it, and none comes
 * back twice. It knows states of the site only, and nothing of how a restore works.
 */
export class WeekendModel {
  readonly #site: SimulatedSite;
  readonly #backup: Snapshot;
  /** Source id → the object that a restore has made of it last. */
  readonly #made = new Map<number, number>();
  /** Links that a restore has written. */
  readonly #given = new Set<string>();
  /** Links that people have taken away, by the source id of what they led to. */
  readonly #takenAway = new Set<string>();

  /** @param site as it is when it has been backed up */
  constructor(site: SimulatedSite) {
    this.#site = site;
    this.#backup = snapshotOf(site);
  }

  /** Somebody took a link away by hand. */
  takeAway(object: number, attribute: number, member: number): void {
    this.#takenAway.add(linkName(object, attribute, this.#sourceOf(member)));
  }

  /** In what the site is not as it should be after a restore, as sentences. */
  check(before: Snapshot, { objects, isWhole }: ToldByRestore): string[] {
    const after = snapshotOf(this.#site);
    const wrong = this.#checkTable(before, after, objects);
    const counterpart = (source: number): number | undefined => {
      if (after.has(source)) return source;
      const made = this.#made.get(source);
      return made !== undefined && after.has(made) ? made : undefined;
    };
    for (const [id, now] of after) {
      const then = before.get(id);
      const source = this.#sourceOf(id);
      if (then) wrong.push(...this.#checkOld({ id, source, then, now, isWhole }, counterpart, after));
      else wrong.push(...this.#checkNew({ id, source, now }, counterpart, after));
    }
    for (const id of before.keys()) if (!after.has(id)) wrong.push(`object ${id} was deleted by the restore`);
    if (isWhole)
      for (const source of this.#backup.keys())
        if (counterpart(source) === undefined) wrong.push(`object ${source} of the backup is not back`);
    this.#note(before, after);
    return wrong;
  }

  /** Notes what was made, and that it was told, once each. */
  #checkTable(before: Snapshot, after: Snapshot, objects: ReadonlyMap<string, string>): string[] {
    const wrong: string[] = [];
    const told = new Map<number, number>();
    for (const [source, target] of [...objects].map(([from, to]) => [Number(from), Number(to)] as const)) {
      const other = told.get(target);
      if (other !== undefined) wrong.push(`objects ${other} and ${source} are both said to be ${target}`);
      told.set(target, source);
      if (source === target || this.#made.get(source) === target) continue;
      const earlier = this.#made.get(source);
      if (before.has(target)) wrong.push(`object ${source} is said to be ${target}, which people made`);
      if (before.has(source) || (earlier !== undefined && before.has(earlier)))
        wrong.push(`object ${source} was made again as ${target}, though it was there`);
      this.#made.set(source, target);
    }
    for (const id of after.keys())
      if (!before.has(id) && !told.has(id)) wrong.push(`object ${id} was made and is in no table`);
    return wrong;
  }

  /** It is as people left it, but for references that come back. */
  #checkOld(
    {
      id,
      source,
      then,
      now,
      isWhole,
    }: { id: number; source: number; then: SeenObject; now: SeenObject; isWhole: boolean },
    counterpart: (source: number) => number | undefined,
    after: Snapshot,
  ): string[] {
    const wrong: string[] = [];
    const what = `object ${id}${source === id ? '' : ` (${source})`}`;
    if (then.typeId !== now.typeId) wrong.push(`${what}: its type was changed`);
    if (!isEqual(then.comments, now.comments)) wrong.push(`${what}: its comments were changed`);
    const wanted = this.#backup.get(source)?.values.keys() ?? [];
    for (const attribute of new Set([...then.values.keys(), ...now.values.keys(), ...wanted])) {
      const [today, found] = [then.values.get(attribute) ?? [], now.values.get(attribute) ?? []];
      const place = `${what}: ${this.#site.attribute(attribute).name}`;
      if (!this.#isReference(attribute)) {
        if (!isEqual(today, found)) wrong.push(`${place} was ${show(today)} and is ${show(found)}`);
        continue;
      }
      const right = this.#linkedAgain({ id, source, attribute, today }, counterpart, after);
      // Half of the types cannot bring all of it back.
      const allowed = right.isSure && isWhole ? [right.values] : [right.values, today];
      if (!allowed.some((values) => isEqual(values, found)))
        wrong.push(`${place} was ${show(today)} and is ${show(found)}, not ${show(right.values)}`);
    }
    return wrong;
  }

  /** It is as the backup has it, with references to what those of the backup have become. */
  #checkNew(
    { id, source, now }: { id: number; source: number; now: SeenObject },
    counterpart: (source: number) => number | undefined,
    after: Snapshot,
  ): string[] {
    const wanted = this.#backup.get(source);
    if (!wanted) return [];
    const wrong: string[] = [];
    const what = `object ${id} (${source})`;
    if (wanted.typeId !== now.typeId) wrong.push(`${what} is of another type`);
    if (wanted.comments.length !== now.comments.length)
      wrong.push(`${what} has ${now.comments.length} comments, not ${wanted.comments.length}`);
    for (const text of wanted.comments)
      if (!now.comments.some((found) => found.includes(text))) wrong.push(`${what} lacks a comment`);
    for (const attribute of new Set([...wanted.values.keys(), ...now.values.keys()])) {
      const [texts, found] = [wanted.values.get(attribute) ?? [], now.values.get(attribute) ?? []];
      const place = `${what}: ${this.#site.attribute(attribute).name}`;
      if (!this.#isReference(attribute)) {
        if (!isEqual(texts, found)) wrong.push(`${place} is ${show(found)}, not ${show(texts)}`);
        continue;
      }
      const members = texts.flatMap((text) => {
        const to = counterpart(Number(text));
        return to === undefined ? [] : [{ text: String(to), mayLack: this.#isMoved(Number(text), to, after) }];
      });
      const kept = members.filter(({ text, mayLack }) => !mayLack || found.includes(text)).map(({ text }) => text);
      if (!isEqual(kept, found)) wrong.push(`${place} is ${show(found)}, not ${show(kept)}`);
    }
    return wrong;
  }

  /**
   * A reference of what is still there: the backup's, where today's is that without some members, and each of those is an object
   * that a restore has made and that was never linked here. Whatever else differs is somebody's work.
   */
  #linkedAgain(
    { id, source, attribute, today }: { id: number; source: number; attribute: number; today: readonly string[] },
    counterpart: (source: number) => number | undefined,
    after: Snapshot,
  ): { readonly values: readonly string[]; readonly isSure: boolean } {
    const stays = { values: today, isSure: true };
    const backup = this.#backup.get(source);
    const wanted = (backup?.values.get(attribute) ?? []).map(Number);
    // What was moved has other attributes, and whether it is linked again is its own question.
    if (!backup || this.#isMoved(source, id, after)) return { values: today, isSure: wanted.length === 0 };
    const members = wanted.map((member) => ({ member, now: String(counterpart(member) ?? '') }));
    if (!today.every((text) => members.some(({ now }) => now === text))) return stays;
    const missing = members.filter(({ now }) => !today.includes(now));
    const isOurs = ({ member, now }: { member: number; now: string }) =>
      now === '' || (now !== String(member) && !this.#given.has(linkName(id, attribute, Number(now))));
    if (!missing.every(isOurs)) return stays;
    const values = members.map(({ now }) => now).filter((now) => now !== '');
    // Taken away by hand, then deleted and made again: no rule says what that link is.
    const isSure = !missing.some(({ member }) => this.#takenAway.has(linkName(id, attribute, member)));
    return { values: isEqual(values.toSorted(), today.toSorted()) ? today : values, isSure };
  }

  #note(before: Snapshot, after: Snapshot): void {
    for (const [id, { values }] of after) {
      for (const [attribute, members] of values) {
        if (!this.#isReference(attribute)) continue;
        const then = before.get(id)?.values.get(attribute) ?? [];
        for (const member of members)
          if (!then.includes(member)) this.#given.add(linkName(id, attribute, Number(member)));
      }
    }
  }

  #isReference(attribute: number): boolean {
    return this.#site.attribute(attribute).kind === 'reference';
  }

  /** Of the object that it is made of; its own id where it is none of ours. */
  #sourceOf(id: number): number {
    for (const [source, target] of this.#made) if (target === id) return source;
    return id;
  }

  #isMoved(source: number, now: number, after: Snapshot): boolean {
    return this.#backup.get(source)?.typeId !== after.get(now)?.typeId;
  }
}

const show = (values: readonly string[]) => JSON.stringify(values);

const isEqual = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && left.every((text, index) => text === right[index]);
