import { backupName } from '../backup-format/keys.ts';
import { backupNames, openListed } from '../backup-format/open-backup.ts';
import { KeyExistsError, VersionConflictError } from '../errors.ts';
import { counts } from '../model/outcome.ts';
import type { RunHolder } from '../ports/run-registry.ts';
import type { Services } from '../ports/services.ts';
import { readJson, readVersionedJson, swapJson } from '../work-store/json-file.ts';
import { finishedBy } from './finish-records.ts';

/** Who makes the backup of one time of the schedule. Kept for good: it is small, and an event may come late. */
export interface Claim {
  readonly holder: RunHolder;
  /** The name that the holder's backup has or will have. */
  readonly backup: string;
}

const claimKey = (scheduledTime: string) => `schedules/${backupName(scheduledTime)}.json`;

/**
 * Two events of one time of the schedule are one run, because EventBridge delivers at least once. Claims that time for an
 * execution, and gives undefined; or gives the claim of the execution that makes, or has made, its backup. Claiming twice for
 * the same execution is the same as once, but that the claim has the last name that was given.
 *
 * It comes before login and lock: the second event must neither need a login nor be refused by the first one's lock, which
 * would ring as a failure. An execution that fails keeps its claim, but the time is free again once that execution has ended
 * without a backup that counts. So a person who starts the failed night again with its input, as the console offers to, gets
 * a backup; and an event that comes twice, minutes later, fails as the first did or makes up for it.
 */
export async function claimScheduledTime(
  services: Pick<Services, 'work' | 'backups' | 'runs'>,
  { scheduledTime, executionId, backup }: { scheduledTime: string; executionId: string; backup: string },
): Promise<Claim | undefined> {
  const { work, runs } = services;
  const key = claimKey(scheduledTime);
  const wanted: Claim = { holder: runs.holder(executionId), backup };
  const there = await readVersionedJson<Claim>(work, key);
  try {
    if (there) {
      const claim = there.value;
      if (claim.holder.executionId === executionId) {
        if (claim.backup === backup) return undefined;
      } else if ((await isStored(services, claim)) || !(await runs.hasEnded(claim.holder))) return claim;
    }
    await swapJson(work, key, wanted, there?.version);
    return undefined;
  } catch (error) {
    if (!(error instanceof KeyExistsError || error instanceof VersionConflictError)) throw error;
    const winner = (await readJson<Claim>(work, key)) ?? wanted;
    return winner.holder.executionId === executionId ? undefined : winner;
  }
}

/** Whether the claim's own execution has made its backup: what somebody else has put there is none. */
async function isStored(
  { work, backups }: Pick<Services, 'work' | 'backups'>,
  { holder, backup }: Claim,
): Promise<boolean> {
  if (!(await backupNames(backups)).includes(backup)) return false;
  const listed = await openListed(backups, backup);
  if (listed.state !== 'finished' || !counts(listed.manifest.status)) return false;
  return (await finishedBy(work, listed)) === holder.executionId;
}
