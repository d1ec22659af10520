import type { Command } from 'commander';
import { BackupContents } from '../../core/contents/backup-contents.ts';
import type { HeldSchema, HeldType } from '../../core/contents/held-object.ts';
import { counted, readableCount } from '../../core/counted.ts';
import { harmless } from '../../core/harmless.ts';
import { textOf } from '../../core/model/json.ts';
import { fullPath } from '../../core/reading/named-type.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { damageEnding, damageField } from '../damage-ending.ts';
import type { ExitCode } from '../exit-codes.ts';
import { backupArgument, openNamedBackup, realName } from '../open-named-backup.ts';
import { table } from '../output/table.ts';
import type { Place } from '../place.ts';
import type { PlaceOptions } from '../place-options.ts';

const details = `Without SCHEMA the schemas of the backup; with its key its object types, each below its parent, and
how many objects each has, without those of the types below it; with a type (ASSETS/Hardware/Laptop,
ASSETS/Laptop, Laptop, or its id) its objects, a line each. With --json each object is a line of its
own, and the last line has their number: {"type":"objects", ...}.`;

export function lsCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'ls',
    description: 'Lists what is in one backup: its schemas, the object types of one, or the objects of a type.',
    usage: '<backup> [SCHEMA[/TYPE]] (--local DIR | --stack NAME) [--json]',
    place: 'either',
    details,
    examples: [
      'ls latest --local ./backups',
      'ls latest ASSETS --local ./backups',
      'ls 2026-11-23_02-00-00 ASSETS/Hardware/Laptop --stack AssetsBackup',
    ],
    exitCodes: [0, 1, 2, 10, 13],
  })
    .argument('<backup>', backupArgument)
    .argument('[place]', 'key of a schema, or an object type')
    .action(async (given: string, where: string | undefined, options: PlaceOptions, command: Command) => {
      const place = await choosePlace(context, command, options);
      const name = await realName(context, place, given);
      const contents = await BackupContents.open(place.backups, await openNamedBackup(place.backups, name));
      const schema = contents.schemas.find(({ key }) => key === where);
      if (where === undefined) context.end(listSchemas(context, place, contents));
      else if (schema) context.end(listTypes(context, place, contents, schema));
      else {
        const others = contents.schemas.map(({ key }) => key);
        const type = contents.typeNamed(where, { hasNo: `${name} has no schema and no`, others });
        context.end(await listObjects(context, place, contents, type));
      }
    });
}

function listSchemas({ output }: CommandContext, place: Place, contents: BackupContents): ExitCode {
  const { manifest, schemas } = contents;
  const damaged = [...contents.damage, ...schemas.map(({ damage }) => damage)];
  const rows = schemas.map(({ key, name, types, damage }) => ({
    ...{ key, name, objectTypes: types.length },
    objects: types.reduce((sum, { objects }) => sum + objects, 0),
    ...(damage !== null && { damage }),
  }));
  if (output.isJson)
    output.document('schemas', { ...place.fields, backup: manifest.name, ...damageField(damaged), schemas: rows });
  else
    output.print(
      table(
        [
          { title: 'Schema' },
          { title: 'Name' },
          { title: 'Types', isNumber: true },
          { title: 'Objects', isNumber: true },
        ],
        rows.map(({ key, name, objectTypes, objects }) => [
          key,
          name,
          readableCount(objectTypes),
          readableCount(objects),
        ]),
      ),
    );
  return damageEnding(output, damaged);
}

function listTypes(
  { output }: CommandContext,
  place: Place,
  contents: BackupContents,
  { key, types, damage }: HeldSchema,
): ExitCode {
  const damaged = [...contents.damage, damage];
  if (output.isJson) {
    const objectTypes = types.map(({ id, name, path, parentId = null, objects }) => ({
      ...{ id, name, path, parent: parentId, objects },
    }));
    const told = { backup: contents.manifest.name, schema: key, ...damageField(damaged), objectTypes };
    output.document('object-types', { ...place.fields, ...told });
  } else
    output.print(
      table(
        [{ title: 'Object type' }, { title: 'Objects', isNumber: true }, { title: 'Id' }],
        types.map((type) => [`${'  '.repeat(type.depth)}${type.name}`, readableCount(type.objects), type.id]),
      ),
    );
  return damageEnding(output, damaged);
}

async function listObjects(
  { output }: CommandContext,
  place: Place,
  contents: BackupContents,
  type: HeldType,
): Promise<ExitCode> {
  const damaged = [...contents.damage, type.schema.damage];
  let count = 0;
  for await (const lines of contents.objects(type, (sentence) => damaged.push(sentence))) {
    for (const { id, parse } of lines) {
      const { objectKey, label } = parse();
      const [key, shown] = [textOf(objectKey) ?? '', textOf(label) ?? ''];
      if (output.isJson) output.line({ id, key, label: shown });
      else output.print(`${harmless(key)}  ${harmless(shown)}`);
      count += 1;
    }
  }
  const { name } = contents.manifest;
  if (output.isJson)
    output.document('objects', {
      ...place.fields,
      backup: name,
      schema: type.schema.key,
      objectType: type.path,
      objects: count,
      ...damageField(damaged),
    });
  else output.note(`${counted(count, 'object')} of ${fullPath(type)} in ${name}.`);
  return damageEnding(output, damaged);
}
