import { identityOf, type Manifest } from '../backup-format/manifest.ts';
import type { Suspicion } from '../model/loss-alarm.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readAcceptedLosses } from './acceptances.ts';
import { type LossAcceptance, withoutAcceptedLosses } from './loss-alarm/accepted-losses.ts';

/** Tells of a backup what is suspicious about it and was not accepted by anybody, as acceptances stand now. */
export async function readSuspicious(work: WorkStore): Promise<(manifest: Manifest) => Promise<readonly Suspicion[]>> {
  const bySite = new Map<string, Promise<readonly LossAcceptance[]>>();
  return async (manifest) => {
    const { suspicions, site } = manifest;
    if (suspicions.length === 0) return suspicions;
    const accepted = bySite.get(site.workspaceId) ?? readAcceptedLosses(work, site.workspaceId);
    bySite.set(site.workspaceId, accepted);
    return withoutAcceptedLosses(identityOf(manifest), suspicions, await accepted);
  };
}
