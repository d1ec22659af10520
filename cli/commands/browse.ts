import type { Command } from 'commander';
import { readPageFiles } from '../../browse/page-files.ts';
import { startBrowseServer } from '../../browse/server.ts';
import { BrowseFolder } from '../../local/browse-folder.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { type PlaceOptions, pathGiven } from '../place-options.ts';

interface BrowseOptions extends PlaceOptions {
  readonly site: string;
}

export function browseCommand(context: CommandContext): Command {
  const browse = describedCommand({
    name: 'browse',
    description:
      'Shows the backups in a browser on this machine: what is in them, what changed, and each object with its values, references, comments and history. Changes nothing and needs no site.',
    usage: '(--local DIR | --stack NAME) [--site FILE] [--json]',
    place: 'either',
    details,
    examples: [
      'browse --local ./backups',
      'browse --local ./backups --site /etc/assets-backup/site.json',
      'browse --stack AssetsBackup',
    ],
    exitCodes: [0, 1, 2, 10],
  });
  browse.option(
    '--site <FILE>',
    'the settings of a site that the restore commands name which the page shows, with --local; it is not read',
    pathGiven,
    'site.json',
  );
  return browse.action(async (options: BrowseOptions, command: Command) => {
    const place = await choosePlace(context, command, options);
    const { io, output } = context;
    const isFolder = options.local !== undefined;
    const backups = await Array.fromAsync(place.backups.folders());
    // A folder without any may be another one than was meant.
    const indexes =
      isFolder && backups.length > 0 ? await BrowseFolder.beside(options.local) : BrowseFolder.temporary();
    await indexes.keepOnly(backups);
    const server = await startBrowseServer(
      {
        name: place.name,
        restoreWords: isFolder ? [...place.words, '--site', options.site] : place.words,
        searchesValues: isFolder,
        version: packageFile.version,
        ...{ backups: place.backups, work: place.work, indexes },
        onFault: (error) => {
          output.fault(error, 'what was asked for was not shown');
        },
      },
      await readPageFiles(),
    );
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
    const stopListening = io.onStopSignals({ stop: () => stop(), quit: () => io.exit(0), hungUp: () => stop() });
    try {
      if (output.isJson) output.document('browse', { ...place.fields, address: server.address });
      else output.print(`${place.name} is shown at ${server.address}\nCtrl-C ends it.`);
      await stopped;
    } finally {
      stopListening();
      await server.close();
    }
    context.end(0);
  });
}

const details = `It prints an address of this machine, which holds a token: whoever has it can read the backups as
long as the command runs, and nobody else. Ctrl-C ends it. To search and to sort, an index is made
when a backup is first opened: of a folder it lies in DIR/.work/browse, for its owner alone, and
goes when the backup is pruned; where DIR is read-only, and of a stack, it lies in a temporary
folder and goes with the command. Of a stack keys and labels can be searched, and no values.`;
