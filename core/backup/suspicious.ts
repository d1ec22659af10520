import type { Manifest } from '../backup-format/manifest.ts';
import type { Suspicion } from '../model/loss-alarm.ts';
import type { WorkStore } from '../ports/work-store.ts';

/** Tells of a backup what is suspicious about it and was not accepted by anybody, as acceptances stand now. */
export async function readSuspicious(_work: WorkStore): Promise<(manifest: Manifest) => Promise<readonly Suspicion[]>> {
  return async ({ suspicions }) => suspicions;
}
