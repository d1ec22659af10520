import type { Command } from 'commander';
import { type ListedBackup, listBackups } from '../../core/backup-format/open-backup.ts';
import { counted, readableCount } from '../../core/counted.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { readableSize } from '../output/readable.ts';
import { shellCommand } from '../output/shell-command.ts';
import { table } from '../output/table.ts';
import type { Place } from '../place.ts';
import type { PlaceOptions } from '../place-options.ts';

export function listCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'list',
    summary: 'list the backups',
    description: 'Lists the backups in a folder or a stack, oldest first, with those that are unfinished or damaged.',
    usage: '(--local DIR | --stack NAME) [--json]',
    place: 'either',
    examples: [
      'list --local ./backups',
      'list --stack AssetsBackup',
      "list --local ./backups --json | jq -r '.backups[].backup'",
    ],
    exitCodes: [0, 1, 2, 10],
  }).action(async (options: PlaceOptions, command: Command) => {
    const place = await choosePlace(context, command, options);
    const backups = await Array.fromAsync(listBackups(place.backups));
    if (context.output.isJson)
      context.output.document('backups', { ...place.fields, backups: backups.map(asDocument) });
    else context.output.print(listReport(place, backups));
    context.end(0);
  });
}

function asDocument(backup: ListedBackup) {
  if (backup.state !== 'finished') {
    const { name, ...others } = backup;
    return { backup: name, ...others };
  }
  const { name, writtenAs, status, startedAt, finishedAt, site, counts, schemas, gaps } = backup.manifest;
  return {
    backup: name,
    ...(writtenAs !== undefined && { writtenAs }),
    state: backup.state,
    status,
    site: site.siteName,
    startedAt,
    finishedAt,
    schemas: schemas.map(({ key }) => key),
    objects: counts.objects,
    bytes: counts.bytes,
    gaps: gaps.length,
  };
}

function listReport(place: Place, backups: readonly ListedBackup[]): string {
  if (backups.length === 0) return `There are no backups in ${place.name}. Make one: ${place.newBackup}`;
  const rows = backups.map((backup) =>
    backup.state === 'finished'
      ? [
          backup.name,
          backup.manifest.status,
          readableCount(backup.manifest.counts.objects),
          readableSize(backup.manifest.counts.bytes),
          backup.manifest.schemas.map(({ key }) => key).join(', '),
          backup.manifest.site.siteName,
        ]
      : [backup.name, backup.state, '', '', '', ''],
  );
  const columns = [
    { title: 'Backup' },
    { title: 'Status' },
    { title: 'Objects', isNumber: true },
    { title: 'Size', isNumber: true },
    { title: 'Schemas' },
    { title: 'Site' },
  ];
  return [table(columns, rows), ...renamedLines(backups), lastLine(place, backups)].join('\n\n');
}

function renamedLines(backups: readonly ListedBackup[]): string[] {
  const lines = backups.flatMap((backup) => {
    const writtenAs = backup.state === 'finished' ? backup.manifest.writtenAs : undefined;
    return writtenAs === undefined ? [] : [`${backup.name} was written as ${writtenAs}: its folder was renamed.`];
  });
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function lastLine({ name, words }: Place, backups: readonly ListedBackup[]): string {
  const unusable = backups.filter(({ state }) => state !== 'finished').length;
  const newest = backups.findLast(({ state }) => state === 'finished');
  const not = unusable === 0 ? '' : `, ${readableCount(unusable)} of them not usable`;
  const next = newest ? ` Look into the newest: ${shellCommand('show', newest.name, ...words)}` : '';
  return `${counted(backups.length, 'backup')} in ${name}${not}.${next}`;
}
