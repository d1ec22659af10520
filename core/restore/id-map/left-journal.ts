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
}

/** By the target's object id and attribute id. Null: it was not whole once, and is by now. */
export type LeftAttributes = Readonly<Record<string, Readonly<Record<string, LeftAttribute | null>>>>;

/**
 * How a restore has left the objects of the target: the third witness between the backup and what stands there today. What is
 * not named was whole. In several files; a restore has come to its end when all of them are there.
 */
export interface LeftFile {
  readonly restore: string;
  readonly number: number;
  readonly of: number;
  readonly objects: LeftAttributes;
}

const objectsAFile = 5_000;

export async function writeLeft(
  work: WorkStore,
  keys: JournalKeys,
  restore: string,
  objects: LeftAttributes,
): Promise<void> {
  const entries = Object.entries(objects);
  const of = Math.max(1, Math.ceil(entries.length / objectsAFile));
  for (let number = 0; number < of; number += 1) {
    const part = Object.fromEntries(entries.slice(number * objectsAFile, (number + 1) * objectsAFile));
    await writeJson<LeftFile>(work, keys.left(restore, number), { restore, number, of, objects: part });
  }
  // From now on one of them that is not there is one that was lost.
  const key = keys.configuration(restore);
  const journal = await needJson<ConfigurationIntents>(work, key);
  const written = Array.from({ length: of }, (_, number) => keys.left(restore, number));
  await writeJson(work, key, { ...journal, files: [...new Set([...(journal.files ?? []), ...written])] });
}

/** How earlier restores have left the target: of several the last word counts. */
export class LeftObjects {
  readonly #attributes = new Map<string, Map<string, LeftAttribute>>();
  readonly #ended = new Set<string>();

  /** @param except the restore that asks: its own last word is not about what it found */
  static async read(work: WorkStore, keys: JournalKeys, except: string): Promise<LeftObjects> {
    const left = new LeftObjects();
    const counted = new Map<string, number>();
    // In the order of the names of restores, which is that of their times.
    for await (const key of work.list(keys.allLeft)) {
      const { restore, of, objects } = await needJson<LeftFile>(work, key);
      if (restore === except) continue;
      for (const [target, attributes] of Object.entries(objects)) left.#add(target, attributes);
      counted.set(restore, (counted.get(restore) ?? 0) + 1);
      if (counted.get(restore) === of) left.#ended.add(restore);
    }
    return left;
  }

  hasEnded(restore: string): boolean {
    return this.#ended.has(restore);
  }

  of(target: string, attributeId: string): LeftAttribute | undefined {
    return this.#attributes.get(target)?.get(attributeId);
  }

  attributesOf(target: string): ReadonlyMap<string, LeftAttribute> {
    return this.#attributes.get(target) ?? new Map();
  }

  #add(target: string, attributes: LeftAttributes[string]): void {
    const known = this.#attributes.get(target) ?? new Map<string, LeftAttribute>();
    for (const [id, attribute] of Object.entries(attributes)) {
      if (attribute) known.set(id, attribute);
      else known.delete(id);
    }
    this.#attributes.set(target, known);
  }
}
