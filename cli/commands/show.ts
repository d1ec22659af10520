import { type Command, InvalidArgumentError } from 'commander';
import { copiedHere } from '../../core/backup/copied-records.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { BackupContents } from '../../core/contents/backup-contents.ts';
import { type HeldObject, heldValues } from '../../core/contents/held-object.ts';
import { NoSuchObjectError } from '../../core/errors.ts';
import { type ObjectLife, objectLife } from '../../core/find/object-life.ts';
import { textOf } from '../../core/model/json.ts';
import { didYouMean } from '../../core/near-names.ts';
import { kind } from '../../core/reading/attribute-kinds.ts';
import { shellCommand } from '../../core/shell-word.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { damageEnding, damageField } from '../damage-ending.ts';
import type { ExitCode } from '../exit-codes.ts';
import { backupArgument, openNamedBackup, realName } from '../open-named-backup.ts';
import { backupDetails } from '../output/backup-details.ts';
import { objectDocument, objectReport, type ShownObject } from '../output/object-report.ts';
import type { Place } from '../place.ts';
import type { PlaceOptions } from '../place-options.ts';
import { readLosses } from '../read-losses.ts';

interface ShowOptions extends PlaceOptions {
  readonly object?: string;
  readonly history?: true;
}

const details = `With --object KEY it shows one object as it stood then: its type, its values, references as label
(KEY), its comments, and how long its history is. --history shows that too, and what became of the
object in all backups: in which it was seen first, and between which two it was changed or deleted.`;

export function showCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'show',
    description:
      'Shows one backup: its schemas and object types with their counts, and what is not in it and why; or one object of it.',
    usage: '<backup> [--object KEY [--history]] (--local DIR | --stack NAME) [--json]',
    place: 'either',
    details,
    examples: [
      'show 2026-11-23_02-00-00 --local ./backups',
      'show latest --stack AssetsBackup',
      'show latest --object ASSETS-88 --history --local ./backups',
    ],
    exitCodes: [0, 1, 2, 10, 13],
  })
    .argument('<backup>', backupArgument)
    .option('--object <KEY>', 'show this object, by its key or its id', keyGiven)
    .option('--history', 'with --object: its history, and what became of it in all backups')
    .action(async (given: string, options: ShowOptions, command: Command) => {
      const { object, history = false } = options;
      if (history && object === undefined) command.error('--history goes with --object KEY.');
      const place = await choosePlace(context, command, options);
      const name = await realName(context, place, given);
      const manifest = await openNamedBackup(place.backups, name);
      if (object === undefined) context.end(await showBackup(context, place, manifest));
      else context.end(await showObject(context, place, { manifest, object, history }));
    });
}

function keyGiven(text: string): string {
  if (text.trim() === '' || text.startsWith('--')) throw new InvalidArgumentError('It needs a key, such as ASSETS-88.');
  return text.trim();
}

async function showBackup(context: CommandContext, place: Place, manifest: Manifest): Promise<ExitCode> {
  const { losses, damage } = await readLosses(place, manifest);
  const copied = await copiedHere(place.work, manifest);
  const { name } = manifest;
  if (context.output.isJson) {
    const folder = place.addressOfBackup(name);
    const told = { ...(copied && { copied }), manifest, ...losses, ...damageField([damage]) };
    context.output.document('backup', { backup: name, folder, ...told });
  } else context.output.print(backupDetails(manifest, place, { losses, copied }));
  return damageEnding(context.output, [damage]);
}

interface AskedObject {
  readonly manifest: Manifest;
  readonly object: string;
  readonly history: boolean;
}

async function showObject(
  context: CommandContext,
  place: Place,
  { manifest, object: asked, history }: AskedObject,
): Promise<ExitCode> {
  const contents = await BackupContents.open(place.backups, manifest);
  const object = await contents.object(asked);
  if (!object)
    throw new NoSuchObjectError(
      `There is no object ${asked} in ${manifest.name}.${schemaMeant(asked, manifest)} Look through all backups for it: ${shellCommand('find', asked, ...place.words)}`,
    );
  const { listed, damage } = await contents.attributes(object.type);
  const values = heldValues(object.record, listed);
  const referred = values.flatMap((of) =>
    of.values.flatMap(({ type, id }) => (type === kind.reference && id !== undefined ? [id] : [])),
  );
  const ofReferred: string[] = [];
  const presentIn = (ids: ReadonlySet<string>) => contents.present(ids, (sentence) => ofReferred.push(sentence));
  const shown: ShownObject = {
    ...{ backup: manifest.name, object, values },
    present: referred.length === 0 ? new Map() : await presentIn(new Set(referred)),
    comments: await contents.activity('comments', object),
    history: await contents.activity('history', object),
    life: history ? await lifeOf(place, manifest, object) : undefined,
  };
  const key = textOf(object.record.objectKey);
  if (key !== undefined && key !== asked && object.id !== asked)
    context.output.warn(
      `No object of ${manifest.name} is called ${asked}. The one of that number is shown, which is called ${key} there.`,
    );
  const unread = [shown.comments, shown.history].map(({ records, why }) => (records === null ? why : null));
  const ofLife = shown.life?.damage ?? [];
  const ofObject = [...object.damage, object.type.schema.damage, damage, ...ofReferred, ...unread, ...ofLife];
  const damaged = [...contents.damage, ...ofObject];
  if (context.output.isJson)
    context.output.document('object', { ...place.fields, ...objectDocument(shown), ...damageField(damaged) });
  else context.output.print(objectReport(shown));
  return damageEnding(context.output, damaged);
}

/** Of a key that begins with that of no schema. */
function schemaMeant(asked: string, { schemas }: Manifest): string {
  const [, key] = /^(.+)-\d+$/.exec(asked) ?? [];
  if (key === undefined || schemas.some((schema) => schema.key === key)) return '';
  const keys = schemas.map((schema) => schema.key);
  return ` It has no schema ${key} either.${didYouMean(key, keys)}`;
}

/** Null: nobody can look through these backups. */
async function lifeOf({ backups }: Place, manifest: Manifest, { id, type }: HeldObject): Promise<ObjectLife | null> {
  if (await backups.ofScripts?.(manifest.name)) return null;
  const place = { schemaId: type.schema.id, typeId: type.id };
  return objectLife(backups, { workspaceId: manifest.site.workspaceId, object: id, place });
}
