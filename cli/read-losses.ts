import { lostObjects } from '../core/backup/loss-alarm/lost-objects.ts';
import { readSuspicious } from '../core/backup/suspicious.ts';
import type { Manifest } from '../core/backup-format/manifest.ts';
import { openListed } from '../core/backup-format/open-backup.ts';
import { DamagedBackupError, messageOf, NoSuchBackupError } from '../core/errors.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { ShownLosses } from './output/losses.ts';
import type { Place } from './place.ts';

export interface ReadLosses {
  readonly losses: ShownLosses;
  /** A sentence: they cannot be named, since something is damaged; null where nothing that was read is. */
  readonly damage: string | null;
}

/** Of each object type so many that are lost are named. */
const namedOfType = 20;

/**
 * What is suspicious about a backup as acceptances stand now, and the objects that it has lost since the last one that is not: with
 * the rights of whoever asks, since their names are values. Looks for them only where something is suspicious, or objects are fewer.
 */
export async function readLosses(
  { backups, work }: Pick<Place, 'backups' | 'work'>,
  manifest: Manifest,
): Promise<ReadLosses> {
  const suspicions = await (await readSuspicious(work))(manifest);
  const whole = { losses: { suspicions, lost: undefined }, damage: null };
  const last = manifest.measured.find(({ measure }) => measure === 'last');
  const isWorthALook = manifest.suspicions.length > 0 || (last !== undefined && last.now < last.before);
  if (!isWorthALook || !last || last.against === null) return whole;
  const before = await manifestOf(backups, last.against);
  if (!before) return whole;
  try {
    const lost = await lostObjects(backups, { before, now: manifest }, namedOfType);
    return { losses: { suspicions, lost }, damage: null };
  } catch (error) {
    if (!(error instanceof DamagedBackupError)) throw error;
    const damage = `What is lost since ${last.against} cannot be named: ${messageOf(error)}`;
    return { losses: { suspicions, lost: undefined }, damage };
  }
}

/** Undefined where it is not there any more, since backups are pruned, or cannot be read. */
async function manifestOf(backups: BackupStore, name: string): Promise<Manifest | undefined> {
  try {
    const listed = await openListed(backups, name);
    return listed.state === 'finished' ? listed.manifest : undefined;
  } catch (error) {
    if (error instanceof NoSuchBackupError) return undefined;
    throw error;
  }
}
