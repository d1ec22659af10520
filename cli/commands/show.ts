import type { Command } from 'commander';
import { copiedHere } from '../../core/backup/copied-records.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { backupArgument, openNamedBackup, realName } from '../open-named-backup.ts';
import { backupDetails } from '../output/backup-details.ts';
import type { PlaceOptions } from '../place-options.ts';
import { readLosses } from '../read-losses.ts';

export function showCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'show',
    description: 'Shows one backup: its schemas and object types with their counts, and what is not in it and why.',
    usage: '<backup> (--local DIR | --stack NAME) [--json]',
    place: 'either',
    examples: ['show 2026-11-23_02-00-00 --local ./backups', 'show latest --stack AssetsBackup'],
    exitCodes: [0, 1, 2, 10, 13],
  })
    .argument('<backup>', backupArgument)
    .action(async (given: string, options: PlaceOptions, command: Command) => {
      const place = await choosePlace(context, command, options);
      const name = await realName(context, place, given);
      const manifest = await openNamedBackup(place.backups, name);
      const folder = place.addressOfBackup(name);
      const losses = await readLosses(context, place, manifest);
      const copied = await copiedHere(place.work, manifest);
      if (context.output.isJson) {
        context.output.document('backup', { backup: name, folder, ...(copied && { copied }), manifest, ...losses });
      } else context.output.print(backupDetails(manifest, place, { losses, copied }));
      context.end(0);
    });
}
