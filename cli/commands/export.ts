import { type Command, InvalidArgumentError } from 'commander';
import { BackupContents } from '../../core/contents/backup-contents.ts';
import { type HeldAttribute, type HeldType, type HeldValues, heldValues } from '../../core/contents/held-object.ts';
import { counted } from '../../core/counted.ts';
import { byteOrderMark, csvText } from '../../core/csv.ts';
import { type ApiRecord, textOf } from '../../core/model/json.ts';
import type { Reporter } from '../../core/ports/reporter.ts';
import { fullPath } from '../../core/reading/named-type.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { damageEnding } from '../damage-ending.ts';
import { backupArgument, openNamedBackup, realName } from '../open-named-backup.ts';
import { valueText } from '../output/object-report.ts';
import type { Output } from '../output/output.ts';
import type { PlaceOptions } from '../place-options.ts';
import { exportRunKind } from '../progress/run-kind.ts';
import { watchedWork } from '../watched-work.ts';

interface ExportOptions extends PlaceOptions {
  readonly type?: string;
  readonly csv?: true;
}

const details = `A row an object: Key, Label, Created, Updated, then its attributes in the order of the site, those
that the type inherits too. Objects of the types below it have other columns: export each by itself
(\`ls\` names them). A reference is shown by the label of what it refers to, and its key. Several
values of an attribute, and the lines of one, stand below each other in the cell. The file is UTF-8
and says so (Excel reads it as it is), with commas. What a spreadsheet would take for a formula has
a ' before it, and characters that nobody sees stand there as \\u202e. For programs there is
\`show --object KEY --json\`.`;

export function exportCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'export',
    description: 'Writes the objects of one type, as they stand in a backup, to stdout as CSV, for a spreadsheet.',
    usage: '<backup> --type TYPE --csv (--local DIR | --stack NAME)',
    place: 'either',
    hasJson: false,
    details,
    examples: [
      'export latest --type Laptop --csv --local ./backups > laptops.csv',
      'export latest --type Hardware/Laptop --csv --stack AssetsBackup > laptops.csv',
    ],
    exitCodes: [0, 1, 2, 10, 13, 130],
  })
    .argument('<backup>', backupArgument)
    .option('--type <TYPE>', 'the object type, by its name, path (Hardware/Laptop) or id (needed)', filledType)
    .option('--csv', 'the form: comma-separated values (needed)')
    .action(async (given: string, options: ExportOptions, command: Command) => {
      const { output } = context;
      if (options.type === undefined)
        command.error('--type TYPE is needed: the objects of one type have the same columns.');
      if (!options.csv) command.error('--csv is needed: it names the form, and there is no other yet.');
      if (output.isJson) command.error('--csv and --json exclude each other: `ls --json` lists objects as JSON.');
      const place = await choosePlace(context, command, options);
      const name = await realName(context, place, given);
      const contents = await BackupContents.open(place.backups, await openNamedBackup(place.backups, name));
      const type = contents.typeNamed(options.type, { hasNo: `${name} has no` });
      const { objects, unlisted, damage } = await watchedWork(
        context,
        { kind: exportRunKind, what: 'Exporting' },
        ({ reporter, signal }) => writeRows(output, { contents, type, reporter, signal }),
      );
      output.note(`${counted(objects, 'object')} of ${fullPath(type)} in ${name}.`);
      if (unlisted > 0)
        output.warn(
          `${counted(unlisted, 'value')} of attributes that the backup does not list for this type have no column: \`show --object KEY\` has them.`,
        );
      context.end(damageEnding(output, [...contents.damage, type.schema.damage, ...damage]));
    });
}

interface Exported {
  readonly contents: BackupContents;
  readonly type: HeldType;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

async function writeRows(output: Output, { contents, type, reporter, signal }: Exported): Promise<ExportedCounts> {
  const { listed: attributes, damage: ofAttributes } = await contents.attributes(type);
  const damage = [ofAttributes];
  const columns = columnNames(attributes.filter(({ isSystem }) => !isSystem));
  output.piece(byteOrderMark + csvText([[...ownColumns, ...columns]]));
  reporter.planned('objects', type.objects);
  let [objects, unlisted] = [0, 0];
  for await (const lines of contents.objects(type, (sentence) => damage.push(sentence))) {
    signal.throwIfAborted();
    const rows = lines.map((line) => {
      const object = line.parse();
      const held = heldValues(object, attributes);
      for (const { values } of held.slice(attributes.length)) unlisted += values.length;
      return [...ownCells(object), ...held.slice(0, attributes.length).flatMap(cellOfValues)];
    });
    output.piece(csvText(rows));
    reporter.advanced('objects', lines.length);
    objects += lines.length;
  }
  return { objects, unlisted, damage };
}

interface ExportedCounts {
  readonly objects: number;
  /** Values of attributes without a column. */
  readonly unlisted: number;
  /** Sentences about what could not be read. */
  readonly damage: readonly (string | null)[];
}

const ownColumns = ['Key', 'Label', 'Created', 'Updated'];

const ownCells = ({ objectKey, label, created, updated }: ApiRecord) =>
  [objectKey, label, created, updated].map((field) => textOf(field) ?? '');

/** The site's own attributes stand before all others. */
const cellOfValues = ({ attribute, values }: HeldValues): (readonly string[])[] =>
  attribute.isSystem ? [] : [values.flatMap((value) => valueText(value).split(/\r\n|\r|\n/))];

/** Two attributes of one name are told apart by their ids. */
function columnNames(attributes: readonly HeldAttribute[]): string[] {
  const seen = new Set(ownColumns);
  return attributes.map(({ name, id }) => {
    const column = seen.has(name) ? `${name} (${id})` : name;
    seen.add(column);
    return column;
  });
}

function filledType(text: string): string {
  if (text.trim() === '' || text.startsWith('--')) throw new InvalidArgumentError('It needs a name.');
  return text;
}
