import type { Command } from 'commander';
import type { Verification } from '../../core/verify/verification.ts';
import { verifyWithScripts } from '../../core/verify/verify-scripts.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { backupArgument, openNamedBackup, realName } from '../open-named-backup.ts';
import { verificationReport } from '../output/verification-report.ts';
import type { Place } from '../place.ts';
import type { PlaceOptions } from '../place-options.ts';
import { backupRunKind } from '../progress/run-kind.ts';
import { watchedWork } from '../watched-work.ts';

export function verifyCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'verify',
    description:
      'Reads every file of a backup and checks it against the manifest: checksums, counts, and that every reference leads to an object of the backup or is listed as leading outside. Changes nothing and needs no site.',
    usage: '<backup> (--local DIR | --stack NAME) [--json]',
    place: 'either',
    examples: ['verify latest --local ./backups', 'verify 2026-11-23_02-00-00 --stack AssetsBackup'],
    exitCodes: [0, 1, 2, 10, 13, 130],
  })
    .argument('<backup>', backupArgument)
    .action(async (given: string, options: PlaceOptions, command: Command) => {
      const place = await choosePlace(context, command, options);
      const name = await realName(context, place, given);
      const verification = await verify(context, place, name);
      const isWhole = verification.problems.length === 0;
      const exitCode: ExitCode = isWhole ? 0 : 13;
      if (context.output.isJson) context.output.document('verification', { ...verification, isWhole, exitCode });
      else context.output.print(verificationReport(verification, place));
      context.end(exitCode);
    });
}

async function verify(context: CommandContext, { backups }: Place, name: string): Promise<Verification> {
  await openNamedBackup(backups, name);
  return watchedWork(context, { kind: backupRunKind, what: 'Verifying' }, ({ reporter }) =>
    verifyWithScripts(backups, name, () => context.product.verify({ backups, reporter }, name)),
  );
}
