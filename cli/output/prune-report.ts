import { counted } from '../../core/counted.ts';
import { readableSize } from '../../core/readable.ts';
import { rulesInWords } from '../../core/retention/keep-reason.ts';
import type { PrunedFolder, PruneReport } from '../../core/retention/prune-backups.ts';
import { shellCommand } from '../../core/shell-word.ts';
import type { PlaceWords } from '../place.ts';
import { paragraphs } from './section.ts';
import { sentenceTable, table } from './table.ts';

/** What was deleted and what was kept, and why. Between its first and its last line a dry run says what the run says. */
export function pruneReport(report: PruneReport, place: PlaceWords, width: number): string {
  const { dryRun, keep, timeZone, heldBack, kept, deleted, unfinished, left } = report;
  return paragraphs([
    dryRun ? `What pruning ${place.name} would do; nothing was deleted.` : `Pruned ${place.name}.`,
    `Rules: ${rulesInWords(keep)}; days of ${timeZone}.`,
    heldBack.map(({ siteName, message }) => `Nothing of ${siteName} is deleted now: ${message}`).join('\n'),
    titled('Kept', kept.length, keptTable(kept, width)),
    titled('Not kept by any rule', deleted.length, folderTable(deleted)),
    titled('Unfinished, of runs that have ended', unfinished.deleted.length, folderTable(unfinished.deleted)),
    titled(
      'Unfinished, and kept',
      unfinished.kept.length,
      keptTable(
        unfinished.kept.map(({ backup, reason }) => ({ backup, reasons: [reason] })),
        width,
      ),
    ),
    left.length === 0 ? '' : `Left for now, since another run deletes them or there was no time: ${left.join(', ')}.`,
    lastLine(report, place),
  ]);
}

const titled = (title: string, count: number, text: string) => (count === 0 ? '' : `${title} (${count}):\n${text}`);

/** Backups with the reasons for which each is kept. */
export function keptTable(
  kept: readonly { readonly backup: string; readonly reasons: readonly string[] }[],
  width: number,
): string {
  const rows = kept.map(({ backup, reasons }) => [backup, reasons.join('; ')]);
  return sentenceTable([{ title: 'Backup' }, { title: 'Because' }], rows, width);
}

function folderTable(folders: readonly PrunedFolder[]): string {
  const rows = folders.map(({ backup, files, bytes }) => [backup, counted(files, 'file'), readableSize(bytes)]);
  return table([{ title: 'Backup' }, { title: 'Files', isNumber: true }, { title: 'Size', isNumber: true }], rows);
}

function lastLine({ dryRun, kept, deleted, unfinished }: PruneReport, { words }: PlaceWords): string {
  const gone = [...deleted, ...unfinished.deleted];
  const size = readableSize(gone.reduce((sum, { bytes }) => sum + bytes, 0));
  const parts = [
    ...(deleted.length > 0 || unfinished.deleted.length === 0 ? [counted(deleted.length, 'backup')] : []),
    ...(unfinished.deleted.length > 0 ? [counted(unfinished.deleted.length, 'unfinished folder')] : []),
  ].join(' and ');
  const others = `${counted(kept.length, 'backup')} kept`;
  if (gone.length === 0) return `Nothing ${dryRun ? 'would be' : 'was'} deleted, ${others}.`;
  if (!dryRun) return `${parts} deleted (${size}), ${others}.`;
  return `${parts} would be deleted (${size}), ${others}. Delete: ${shellCommand('prune', ...words)}`;
}
