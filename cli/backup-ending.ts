import type { BackupResult } from '../core/backup/finish-backup.ts';
import { openBackup } from '../core/backup-format/open-backup.ts';
import { counted } from '../core/counted.ts';
import type { BackupStatus } from '../core/model/outcome.ts';
import { reportKeys } from '../core/report/report-keys.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { backupReport } from './output/backup-report.ts';
import type { Place } from './place.ts';
import { readLosses } from './read-losses.ts';
import type { Ending } from './run-command.ts';

const exitCodeOf: Readonly<Record<BackupStatus, ExitCode>> = { complete: 0, 'complete-with-gaps': 3, partial: 1 };

/** What becomes of a backup's result. */
export function backupEnding(context: CommandContext, place: Place): Ending<BackupResult> {
  const { output } = context;
  return {
    // What is suspicious is for a person to judge: the exit code is the status's.
    judge: ({ backup, status, gaps, suspicions = [] }) => ({
      exitCode: exitCodeOf[status],
      notice: noticeOf({ backup, status, gaps, suspicions }),
      fields: { backup, status, suspicions: suspicions.length },
    }),
    async show(result, { trace, exitCode }) {
      const manifest = await openBackup(place.backups, result.backup);
      const { losses, damage } = await readLosses(place, manifest);
      if (damage !== null) context.output.warn(damage);
      const { page } = reportKeys(result.backup);
      const report = (await place.work.read(page)) ? place.addressOfWork(page) : null;
      if (output.isJson) {
        const folder = place.addressOfBackup(result.backup);
        const { lost = null } = losses;
        output.document('backup', { ...result, lost, folder, report, [trace.field]: trace.value, exitCode });
        return;
      }
      output.print(backupReport(manifest, { place, trace, losses, report }));
    },
  };
}

/** So many a chat shows without a click. */
const namedSuspicions = 3;

/** A backup with gaps, or one that is suspicious, needs somebody to look. */
function noticeOf({
  backup,
  status,
  gaps,
  suspicions,
}: Pick<BackupResult, 'backup' | 'status' | 'gaps' | 'suspicions'>): string | undefined {
  if (status === 'complete' && suspicions.length === 0) return undefined;
  const lacks = gaps > 0 ? `, with ${counted(gaps, 'gap')}` : '';
  // The result has the first of them only, so it does not say how many there are.
  const named = [
    ...suspicions.slice(0, namedSuspicions),
    ...(suspicions.length > namedSuspicions ? ['And more.'] : []),
  ];
  const suspicious = suspicions.length > 0 ? `, and suspicious: ${named.join(' ')}` : '';
  return `${backup} is ${status}${lacks}${suspicious}`;
}
