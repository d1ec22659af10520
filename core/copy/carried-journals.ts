import { createHash } from 'node:crypto';
import { CopyRefusedError, KeyExistsError, VersionConflictError } from '../errors.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readVersionedJson, swapJson } from '../work-store/json-file.ts';

/** Digests of each file as it was carried, the oldest first, by its key. */
interface CarriedFile {
  readonly carried: Readonly<Record<string, readonly string[]>>;
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * What a place was given of a site's journals from one other place, copy by copy. So a later copy from there tells what is still as it
 * was carried, and may be brought to where the source is now, from what this place has written itself, which is lost nowhere else.
 */
export class CarriedJournals {
  readonly #work: WorkStore;
  readonly #key: string;
  readonly #carried: Readonly<Record<string, readonly string[]>>;
  readonly #version: string | undefined;

  private constructor(work: WorkStore, key: string, there: Awaited<ReturnType<typeof readVersionedJson<CarriedFile>>>) {
    this.#work = work;
    this.#key = key;
    this.#carried = there?.value.carried ?? {};
    this.#version = there?.version;
  }

  /**
   * What `work` was given from a place of this address: another place may lag behind, and would bring back what was known before.
   * Throws DamagedWorkFileError.
   */
  static async open(work: WorkStore, workspaceId: string, from: string): Promise<CarriedJournals> {
    const key = `copied/journals/${workspaceId}.${digestOf(from).slice(0, 16)}.json`;
    return new CarriedJournals(work, key, await readVersionedJson<CarriedFile>(work, key));
  }

  /** Whether a file is still as it was carried, and the source's is none that was carried before that. */
  hasGoneOn(key: string, { from, to }: { readonly from: string; readonly to: string }): boolean {
    const digests = this.#carried[key] ?? [];
    const [before, after] = [digests.lastIndexOf(from), digests.lastIndexOf(to)];
    return before !== -1 && (after === -1 || after > before);
  }

  /** Throws CopyRefusedError where another copy has noted something meanwhile. */
  async note(files: readonly { readonly key: string; readonly digest: string }[]): Promise<void> {
    const anew = files.filter(({ key, digest }) => this.#carried[key]?.at(-1) !== digest);
    if (anew.length === 0) return;
    const added = anew.map(({ key, digest }) => [key, [...(this.#carried[key] ?? []), digest]] as const);
    const carried = { ...this.#carried, ...Object.fromEntries(added) };
    try {
      await swapJson<CarriedFile>(this.#work, this.#key, { carried }, this.#version);
    } catch (error) {
      if (!(error instanceof KeyExistsError || error instanceof VersionConflictError)) throw error;
      throw writtenMeanwhile(this.#work, this.#key, error);
    }
  }
}

export function writtenMeanwhile(work: WorkStore, key: string, cause?: unknown): CopyRefusedError {
  return new CopyRefusedError(`${work.addressOf(key)} was written by somebody else meanwhile. Start again.`, { cause });
}
