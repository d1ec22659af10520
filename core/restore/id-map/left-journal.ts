import type { WorkStore } from '../../ports/work-store.ts';
import { needJson, writeJson } from '../../work-store/json-file.ts';
import type { JournalKeys } from '../restore-keys.ts';
import type { ConfigurationIntents } from './configuration-journal.ts';

/** An attribute of an object of the target that was not as the backup has it when a restore came to its end. */
export interface LeftAttribute {
  /** Digest of the values that stood in it. */
  readonly digest: string;
  /** The last reason that is known. */
  readonly reason: string;
  /** The target refused the values. */
  readonly isRefused?: true;
  /** Name of the backup whose values were written, and came out otherwise. */
  readonly wrongOf?: string;
}

/** How a restore leaves the objects of the target that it has compared; all by the target's ids. */
export interface LeftObjectsOf {
  /** Attributes that were compared; null: all. */
  readonly scope: readonly string[] | null;
  /** By object and attribute. Null: restores had not come to it before, or had left it otherwise, and it is whole by now. */
  readonly objects: Readonly<Record<string, Readonly<Record<string, LeftAttribute | null>>>>;
  /** By object and attribute, what restores have made and what it was seen to refer to: when that is gone, somebody has taken it away. */
  readonly given: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The third witness between the backup and what stands on the target today. A restore has come to its end when all its files are there. */
export interface LeftFile extends LeftObjectsOf {
  readonly restore: string;
  readonly number: number;
  readonly of: number;
  /** When it came to its end, in milliseconds: two restores may have begun in one second. */
  readonly endedAt: number;
}

const objectsAFile = 5_000;

export async function writeLeft(
  work: WorkStore,
  keys: JournalKeys,
  { restore, endedAt }: Pick<LeftFile, 'restore' | 'endedAt'>,
  { scope, objects, given }: LeftObjectsOf,
): Promise<void> {
  const ids = [...new Set([...Object.keys(objects), ...Object.keys(given)])];
  const of = Math.max(1, Math.ceil(ids.length / objectsAFile));
  const only = <T>(part: readonly string[], all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(part.flatMap((id) => (all[id] === undefined ? [] : [[id, all[id]]])));
  for (let number = 0; number < of; number += 1) {
    const part = ids.slice(number * objectsAFile, (number + 1) * objectsAFile);
    const file = { restore, number, of, endedAt, scope, objects: only(part, objects), given: only(part, given) };
    await writeJson<LeftFile>(work, keys.left(restore, number), file);
  }
  // From now on one of them that is not there is one that was lost.
  const key = keys.configuration(restore);
  const journal = await needJson<ConfigurationIntents>(work, key);
  const written = Array.from({ length: of }, (_, number) => keys.left(restore, number));
  await writeJson(work, key, { ...journal, files: [...new Set([...(journal.files ?? []), ...written])] });
}

/** How earlier restores have left the target: of several the last word counts. */
export class LeftObjects {
  readonly #attributes = new Map<string, Map<string, LeftAttribute | null>>();
  readonly #given = new Set<string>();
  readonly #scopes = new Map<string, ReadonlySet<string> | null>();
  readonly #ended = new Set<string>();

  /** @param except the restore that asks: its own last word is not about what it found */
  static async read(work: WorkStore, keys: JournalKeys, except: string): Promise<LeftObjects> {
    const left = new LeftObjects();
    const files: LeftFile[] = [];
    for await (const key of work.list(keys.allLeft)) files.push(await needJson<LeftFile>(work, key));
    const counted = new Map<string, number>();
    for (const file of files.toSorted((a, b) => a.endedAt - b.endedAt)) {
      const { restore, of } = file;
      if (restore === except) continue;
      left.#add(file);
      counted.set(restore, (counted.get(restore) ?? 0) + 1);
      if (counted.get(restore) === of) left.#ended.add(restore);
    }
    return left;
  }

  hasEnded(restore: string): boolean {
    return this.#ended.has(restore);
  }

  /** Whether a restore that has ended has compared an attribute. */
  isInScope(restore: string, attributeId: string): boolean {
    return this.#scopes.get(restore)?.has(attributeId) ?? true;
  }

  /** Null where it was found whole; undefined where nothing is noted. */
  of(target: string, attributeId: string): LeftAttribute | null | undefined {
    return this.#attributes.get(target)?.get(attributeId);
  }

  attributesOf(target: string): ReadonlyMap<string, LeftAttribute | null> {
    return this.#attributes.get(target) ?? new Map();
  }

  /** Whether an object was seen to refer to one that a restore has made. */
  hasGiven(target: string, attributeId: string, referred: string): boolean {
    return this.#given.has(`${target} ${attributeId} ${referred}`);
  }

  #add({ restore, scope, objects, given }: LeftFile): void {
    this.#scopes.set(restore, scope && new Set(scope));
    for (const [target, attributes] of Object.entries(objects)) {
      const known = this.#attributes.get(target) ?? new Map<string, LeftAttribute | null>();
      for (const [id, attribute] of Object.entries(attributes)) known.set(id, attribute);
      this.#attributes.set(target, known);
    }
    for (const [target, attributes] of Object.entries(given)) {
      for (const [id, referred] of Object.entries(attributes)) {
        for (const one of referred) this.#given.add(`${target} ${id} ${one}`);
      }
    }
  }
}
