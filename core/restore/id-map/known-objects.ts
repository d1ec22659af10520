import type { WorkStore } from '../../ports/work-store.ts';
import { needJson } from '../../work-store/json-file.ts';
import type { ObjectPlan, ReusedObject } from '../plan-files.ts';
import type { JournalKeys, RestoreKeys } from '../restore-keys.ts';
import type { Resolved } from '../values/prepare-object.ts';
import type { ObjectEntry, ObjectJournalFile } from './object-journal.ts';

export interface KnownObject {
  readonly id: string;
  readonly key: string;
  /** Nobody chose it: only these attributes matter, by their source ids. */
  readonly refersBy?: readonly string[];
  /** It was to be made, and then found to be there all along, made by no restore. */
  readonly isSurvivor?: boolean;
}

/** Which object of the target each object of the source is, as far as this restore has come. */
export class KnownObjects {
  readonly #known = new Map<string, KnownObject>();
  readonly #keys = new Map<string, string>();
  readonly #lost = new Set<string>();
  readonly #outside: ObjectPlan['outside'];

  private constructor(outside: ObjectPlan['outside']) {
    this.#outside = outside;
    for (const found of Object.values(outside)) {
      if (!('lost' in found) && found.key !== '') this.#keys.set(found.id, found.key);
    }
  }

  static async read(
    work: WorkStore,
    plan: ObjectPlan,
    keys: RestoreKeys,
    journals: { readonly keys: JournalKeys; readonly restore: string },
  ): Promise<KnownObjects> {
    const known = new KnownObjects(plan.outside);
    for (let part = 0; part < plan.reusedParts; part += 1) {
      for (const { source, target, key, refersBy } of await needJson<ReusedObject[]>(work, keys.reused(part))) {
        known.add(source, { id: target, key, ...(refersBy && { refersBy }) });
      }
    }
    for (let batch = 0; batch < plan.batches; batch += 1) {
      const { entries } = await needJson<ObjectJournalFile>(work, journals.keys.objects(journals.restore, batch));
      for (const [source, entry] of Object.entries(entries)) known.note(source, entry);
    }
    return known;
  }

  note(source: string, entry: ObjectEntry): void {
    if (entry.state === 'created' || entry.state === 'found') {
      const isSurvivor = entry.state === 'found' && !entry.isOwn;
      this.add(source, { id: entry.target, key: entry.key, ...(isSurvivor && { isSurvivor }) });
    }
    if (entry.state === 'refused' || entry.state === 'ambiguous') this.#lost.add(source);
  }

  add(source: string, object: KnownObject): void {
    this.#known.set(source, object);
    this.#keys.set(object.id, object.key);
  }

  get(source: string): KnownObject | undefined {
    return this.#known.get(source);
  }

  /** Whether it is known what has become of an object: it is there, or could not be made. */
  isSettled(source: string): boolean {
    return this.#known.has(source) || this.#lost.has(source);
  }

  get all(): ReadonlyMap<string, KnownObject> {
    return this.#known;
  }

  /** The id on the target of what a value refers to; `later` where it is still to be made. */
  reference(source: string): Resolved {
    const known = this.#known.get(source);
    if (known) return { value: known.id };
    const outside = this.#outside[source];
    if (outside) return 'lost' in outside ? outside : { value: outside.id };
    return this.#lost.has(source) ? { lost: 'the object that it refers to could not be made' } : 'later';
  }

  /** The key of an object of the target that a value leads to. */
  keyOf(target: string): string | undefined {
    return this.#keys.get(target);
  }
}
