import type { Command } from 'commander';
import { type Acceptance, accept } from '../../core/backup/acceptances.ts';
import { counted, readableCount } from '../../core/counted.ts';
import { WrongInputError } from '../../core/errors.ts';
import { harmless } from '../../core/harmless.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { backupArgument, openNamedBackup, realName } from '../open-named-backup.ts';
import type { PlaceOptions } from '../place-options.ts';

interface AcceptOptions extends PlaceOptions {
  readonly type?: string;
  readonly because: string;
}

export function acceptCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'accept',
    summary: 'say that what a backup does not see is meant so',
    description:
      'Says that objects which the site counts and does not show to the account that backs up (gaps "not-visible") are hidden from it on purpose. The next backups name them in a notice instead of a gap, with who said so, when and why, for as long as their number stays the same. Another number is a gap again.',
    usage: '<backup> (--local DIR | --stack NAME) --because TEXT [options]',
    place: 'either',
    examples: [
      'accept latest --local ./backups --because "Salaries are not to be backed up"',
      'accept latest --stack AssetsBackup --type 23 --because "Ticket CMDB-42"',
    ],
    exitCodes: [0, 1, 2, 10, 13, 15],
  })
    .argument('<backup>', backupArgument)
    .option('--type <ID>', 'only what is hidden of this object type, by its id')
    .requiredOption('--because <TEXT>', 'why it is meant so, for whoever asks later (needed)')
    .action(async (given: string, options: AcceptOptions, command: Command) => {
      const because = harmless(options.because.trim());
      if (because === '') throw new WrongInputError('--because needs a reason: whoever asks later reads it.');
      const place = await choosePlace(context, command, options);
      const name = await realName(context, place, given);
      const manifest = await openNamedBackup(place.backups, name);
      const said = { because, by: await place.person(), at: new Date(context.io.now()).toISOString() };
      const accepted = await accept(place.work, manifest, { typeId: options.type, ...said });
      if (context.output.isJson) context.output.document('accepted', { ...place.fields, backup: name, accepted });
      else context.output.print(accepted.map(sentence).join('\n'));
      context.end(0);
    });
}

function sentence({ schemaKey, objectTypeId, number, of }: Acceptance): string {
  const what = counted(number, of === 'objects' ? 'object' : 'object type');
  const where = objectTypeId === null ? schemaKey : `the object type ${objectTypeId} of ${schemaKey}`;
  return `Accepted: this account does not see ${what} of ${where}. Backups say so in a notice while it is ${readableCount(number)}.`;
}
