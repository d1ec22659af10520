import { readSuspicious } from '../backup/suspicious.ts';
import { coversSchemas, identityOf, type Manifest } from '../backup-format/manifest.ts';
import { backupNames, openListed } from '../backup-format/open-backup.ts';
import { type BackupStatus, counts } from '../model/outcome.ts';
import type { Services } from '../ports/services.ts';
import { readJson } from '../work-store/json-file.ts';
import { reportKeys } from './report-keys.ts';
import type { ChangeCounts } from './type-changes.ts';

/** A backup in a row of them. */
export interface TrendNight {
  readonly backup: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly status: BackupStatus;
  readonly isSuspicious: boolean;
  readonly objects: number;
  /** Objects that were added, removed or changed, as its own report has counted them; null where it has none. */
  readonly changed: number | null;
}

/** What the report of a backup leaves for those of later ones. */
export interface ChangesFile {
  /** The backup that it was compared with. */
  readonly previous: string;
  readonly counts: ChangeCounts;
}

export interface EarlierBackups {
  /** The oldest first; the last is the one that was asked about. */
  readonly trend: readonly TrendNight[];
  /** The newest of them that counts and was made of all that this one was; undefined where there is none. */
  readonly previous: Manifest | undefined;
}

const shownNights = 30;

/** The last backups of a site up to this one, whole and partial ones. */
export async function earlierBackups(
  { backups, work }: Pick<Services, 'backups' | 'work'>,
  last: Manifest,
): Promise<EarlierBackups> {
  const suspicionsOf = await readSuspicious(work);
  const trend = [await nightOf(last)];
  let previous: Manifest | undefined;
  for (const name of (await backupNames(backups)).toReversed()) {
    if (trend.length === shownNights) break;
    if (name >= identityOf(last)) continue;
    const listed = await openListed(backups, name);
    if (listed.state !== 'finished' || listed.manifest.site.workspaceId !== last.site.workspaceId) continue;
    const { manifest } = listed;
    trend.push(await nightOf(manifest));
    if (counts(manifest.status) && coversSchemas(manifest, last.options.objectSchemaKeys)) previous ??= manifest;
  }
  return { trend: trend.toReversed(), previous };

  async function nightOf(manifest: Manifest): Promise<TrendNight> {
    const { name, startedAt, finishedAt, status } = manifest;
    const changes = await readJson<ChangesFile>(work, reportKeys(name).changes);
    return {
      ...{ backup: name, startedAt, finishedAt, status, objects: manifest.counts.objects },
      isSuspicious: (await suspicionsOf(manifest)).length > 0,
      changed: changes ? changes.counts.added + changes.counts.removed + changes.counts.changed : null,
    };
  }
}
