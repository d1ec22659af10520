import { join } from 'node:path';
import type { Command } from 'commander';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { localFolder } from '../local-folder.ts';
import { openNamedBackup } from '../open-named-backup.ts';
import { backupDetails } from '../output/backup-details.ts';

export function showCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'show',
    summary: 'show what one backup holds',
    description: 'Shows one backup: its schemas and object types with their counts, and what is not in it and why.',
    usage: '<backup> --local DIR [--json]',
    examples: ['show 2026-11-23_02-00-00 --local ./backups'],
    exitCodes: [0, 1, 2, 10, 13],
  })
    .argument('<backup>', 'name of the backup, as `list` gives it')
    .action(async (name: string, options: { readonly local?: string }, command: Command) => {
      const directory = await localFolder(command, options.local);
      const manifest = await openNamedBackup(context.product.openBackups(directory), name);
      const folder = join(directory, name);
      if (context.output.isJson) context.output.document('backup', { folder, manifest });
      else context.output.print(backupDetails(manifest, directory));
      context.end(0);
    });
}
