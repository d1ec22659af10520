import type { BackupResult } from '../core/backup/finish-backup.ts';
import { openBackup } from '../core/backup-format/open-backup.ts';
import type { BackupStatus } from '../core/model/outcome.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { backupReport } from './output/backup-report.ts';
import type { Place } from './place.ts';
import type { Ending } from './run-command.ts';

const exitCodeOf: Readonly<Record<BackupStatus, ExitCode>> = { complete: 0, 'complete-with-gaps': 3, partial: 1 };

/** What becomes of a backup's result. */
export function backupEnding({ output }: CommandContext, place: Place): Ending<BackupResult> {
  return {
    judge: ({ backup, status }) => ({ exitCode: exitCodeOf[status], fields: { backup, status } }),
    async show(result, { trace, exitCode }) {
      if (output.isJson) {
        const folder = place.addressOfBackup(result.backup);
        output.document('backup', { ...result, folder, [trace.field]: trace.value, exitCode });
        return;
      }
      output.print(backupReport(await openBackup(place.backups, result.backup), { place, trace }));
    },
  };
}
