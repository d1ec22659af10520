import { KeyExistsError } from '../errors.ts';
import type { WorkStore } from '../ports/work-store.ts';

/**
 * Leaves what the next invocation starts from. Where an earlier try of this one has left it already, and nobody heard of
 * that, it stays as it is: others may have gone on from it.
 */
export async function handOn(work: WorkStore, key: string, state: object): Promise<void> {
  try {
    await work.create(key, JSON.stringify(state));
  } catch (error) {
    if (!(error instanceof KeyExistsError)) throw error;
  }
}
