import { backupsThatCount } from '../backup/finish-records.ts';
import { readSuspicious } from '../backup/suspicious.ts';
import { coversSchemas, type Manifest } from '../backup-format/manifest.ts';
import { backupNames, openListed } from '../backup-format/open-backup.ts';
import type { BackupStatus } from '../model/outcome.ts';
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

/** What the report of a backup leaves for those of later ones: `reports/<backup>/changes.json`. */
export interface ChangesFile {
  /** The backup that it was compared with. */
  readonly previous: string;
  readonly counts: ChangeCounts;
}

const shownNights = 30;

/** The last backups of a site up to this one, the oldest first, whole and partial: whatever has a manifest. */
export async function trendOf({ backups, work }: Pick<Services, 'backups' | 'work'>, last: Manifest) {
  const suspicionsOf = await readSuspicious(work);
  const nights: TrendNight[] = [];
  for (const name of (await backupNames(backups)).toReversed()) {
    if (nights.length === shownNights) break;
    // One that was renamed has a name that is no time, and begins the row by itself.
    if (name >= last.name && name !== last.name) continue;
    const listed = name === last.name ? { state: 'finished' as const, manifest: last } : await openListed(backups, name);
    if (listed.state !== 'finished' || listed.manifest.site.workspaceId !== last.site.workspaceId) continue;
    const { status, startedAt, finishedAt, counts } = listed.manifest;
    const changes = await readJson<ChangesFile>(work, reportKeys(name).changes);
    nights.push({
      ...{ backup: name, startedAt, finishedAt, status, objects: counts.objects },
      isSuspicious: (await suspicionsOf(listed.manifest)).length > 0,
      changed: changes ? changes.counts.added + changes.counts.removed + changes.counts.changed : null,
    });
  }
  return nights.toReversed();
}

/** The newest backup before this one that counts, is of the same site, and was made of all that this one is of; undefined where there is none. */
export async function backupBefore(
  services: Pick<Services, 'backups' | 'work' | 'clock'>,
  { name, site, options }: Manifest,
): Promise<Manifest | undefined> {
  for await (const { manifest } of backupsThatCount(services, { before: name })) {
    const isOfSite = manifest.site.workspaceId === site.workspaceId;
    if (isOfSite && coversSchemas(manifest, options.objectSchemaKeys)) return manifest;
  }
  return undefined;
}
