import { readSuspicious } from '../../core/backup/suspicious.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { type ListedBackup, listBackups } from '../../core/backup-format/open-backup.ts';
import type { BackupRow, BackupSummary, BackupsAnswer } from '../../pages/answers.ts';
import type { BrowsedPlace } from '../browsed-place.ts';

/** All backups of a place, the oldest first. */
export async function backupsAnswer({ backups, work }: BrowsedPlace): Promise<BackupsAnswer> {
  const listed = await Array.fromAsync(listBackups(backups));
  const suspicionsOf = await readSuspicious(work);
  const rows: BackupRow[] = [];
  const newest = new Map<string, string>();
  for (const one of listed) {
    if (one.state !== 'finished') {
      rows.push({ backup: one.name, state: one.state, reason: one.reason, summary: null });
      continue;
    }
    const { workspaceId } = one.manifest.site;
    const suspicions = (await suspicionsOf(one.manifest)).map(({ message }) => message);
    const summary = summaryOf(one.manifest, { suspicions, previous: newest.get(workspaceId) ?? null });
    rows.push({ backup: one.name, state: 'finished', reason: null, summary });
    newest.set(workspaceId, one.name);
  }
  return { backups: rows };
}

/** What the list says of one, whatever it is called by now. */
export async function summaryIn(place: BrowsedPlace, manifest: Manifest): Promise<BackupSummary> {
  const suspicions = (await (await readSuspicious(place.work))(manifest)).map(({ message }) => message);
  let previous: string | null = null;
  for await (const one of listBackups(place.backups)) {
    if (one.name === manifest.name) break;
    if (isOfSite(one, manifest)) previous = one.name;
  }
  return summaryOf(manifest, { suspicions, previous });
}

const isOfSite = (one: ListedBackup, { site }: Manifest) =>
  one.state === 'finished' && one.manifest.site.workspaceId === site.workspaceId;

function summaryOf(
  { status, site, startedAt, finishedAt, counts, gaps, notices }: Manifest,
  more: Pick<BackupSummary, 'suspicions' | 'previous'>,
): BackupSummary {
  return {
    status,
    siteName: site.siteName,
    workspaceId: site.workspaceId,
    startedAt,
    finishedAt,
    schemas: counts.schemas,
    objectTypes: counts.objectTypes,
    objects: counts.objects,
    comments: counts.comments,
    historyEntries: counts.historyEntries,
    gaps: gaps.length,
    notices: notices.length,
    ...more,
  };
}
