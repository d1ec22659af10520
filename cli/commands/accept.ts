import type { Command } from 'commander';
import { type Acceptance, accept } from '../../core/backup/acceptances.ts';
import type { LossAcceptance } from '../../core/backup/loss-alarm/accepted-losses.ts';
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
    description:
      'Says that what is suspicious about a backup is meant so: fewer objects, a schema, object type or attribute that is gone, many objects with other values. Later backups are held against this one, and tell it again only where there is still less. Says likewise that objects which the site counts and does not show to the account that backs up (gaps "not-visible") are hidden from it on purpose: the next backups name them in a notice instead of a gap, with who said so, when and why, for as long as their number stays the same.',
    usage: '<backup> (--local DIR | --stack NAME) --because TEXT [options]',
    place: 'either',
    examples: [
      'accept latest --local ./backups --because "We have cleaned up"',
      'accept latest --stack AssetsBackup --type 23 --because "Ticket CMDB-42"',
    ],
    exitCodes: [0, 1, 2, 10, 13, 15],
  })
    .argument('<backup>', backupArgument)
    .option('--type <ID>', 'only what is suspicious about, or hidden of, this object type, by its id')
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

function sentence(one: Acceptance | LossAcceptance): string {
  return 'of' in one ? hiddenSentence(one) : lossSentence(one);
}

function lossSentence({ kind, schemaKey, objectTypeId, attributeId, number }: LossAcceptance): string {
  const schema = `the schema ${schemaKey ?? ''}`;
  const type = `the object type ${objectTypeId ?? ''} of ${schemaKey ?? ''}`;
  switch (kind) {
    case 'fewer-objects': {
      const where = schemaKey === undefined ? 'all schemas together' : type;
      return `Accepted: there ${number === 1 ? 'is' : 'are'} ${counted(number, 'object')} in ${where}. Backups tell it again where there are still fewer.`;
    }
    case 'schema-gone':
    case 'schema-not-visible':
    case 'schema-rekeyed':
      return `Accepted: ${schema} is not in the backup any more. Backups do not tell it again.`;
    case 'object-type-gone':
    case 'object-type-not-visible':
      return `Accepted: ${type} is not in the backup any more. Backups do not tell it again.`;
    case 'attribute-gone':
      return `Accepted: the attribute ${attributeId ?? ''} of ${type} is gone. Backups do not tell it again.`;
    case 'many-edited':
      return `Accepted: ${counted(number, 'object')} of ${type} ${number === 1 ? 'has' : 'have'} other values. Later backups are held against these.`;
  }
}

function hiddenSentence({ schemaKey, objectTypeId, number, of }: Acceptance): string {
  const what = counted(number, of === 'objects' ? 'object' : 'object type');
  const where = objectTypeId === null ? schemaKey : `the object type ${objectTypeId} of ${schemaKey}`;
  return `Accepted: this account does not see ${what} of ${where}. Backups say so in a notice while it is ${readableCount(number)}.`;
}
