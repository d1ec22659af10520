import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { type CopyResult, copyBackup } from '../../core/copy/copy-backup.ts';
import { StorageError } from '../../core/errors.ts';
import { chooseTwoPlaces } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { backupArgument, openNamedBackup, realName } from '../open-named-backup.ts';
import { copyReport } from '../output/copy-report.ts';
import type { Place } from '../place.ts';
import type { CopyOptions } from '../place-options.ts';
import { displayProgress } from '../progress/progress-display.ts';
import { copyRunKind } from '../progress/run-kind.ts';
import { RunProgress } from '../progress/run-progress.ts';

interface CopyCommandOptions extends CopyOptions {
  readonly withJournals?: boolean;
}

export function copyCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'copy',
    description:
      'Copies a backup between folders and stacks, byte for byte: verified before and after, its manifest last, and no backup is ever written over. The same line again goes on where it stopped. A copy can be restored, and counts as a copy: it is never `latest`, no night is built upon it, and pruning leaves it.',
    usage: '<backup> --from WHERE --to WHERE [--with-journals] [options]',
    place: 'two',
    details: `WHERE is a folder, or stack:NAME; of --from also a zip of a backup of the original scripts, which
becomes one of our format. Between two accounts or regions copy through a folder.
Without --with-journals a restore in the new place does not know what earlier restores have made.
With it, what earlier copies have carried from there is brought up to date, unless the new place has
written it since: then nothing is copied.`,
    examples: [
      'copy latest --from ./backups --to /mnt/offsite',
      'copy latest --from stack:AssetsBackup --to ./copies --with-journals',
      'copy 2026-11-23_02-00-00 --from ./copies --to stack:AssetsBackup --with-journals',
    ],
    exitCodes: [0, 1, 2, 10, 11, 13, 15, 130],
  })
    .argument('<backup>', backupArgument)
    .option('--with-journals', 'also what restores of its site have made, and what was accepted of it')
    .action(async (given: string, options: CopyCommandOptions, command: Command) => {
      const { source, destination } = await chooseTwoPlaces(context, command, options);
      const backup = await realName(context, source, given);
      await openNamedBackup(source.backups, backup);
      const withJournals = options.withJournals === true;
      const result = await copy(context, { source, destination, backup, withJournals });
      if (context.output.isJson) {
        const places = { from: source.fields, to: destination.fields };
        context.output.document('copy', { ...places, ...result, exitCode: 0 });
      } else context.output.print(copyReport(result, { source, destination }));
      context.end(0);
    });
}

interface Wanted {
  readonly source: Place;
  readonly destination: Place;
  readonly backup: string;
  readonly withJournals: boolean;
}

async function copy(context: CommandContext, wanted: Wanted): Promise<CopyResult> {
  const { io, output } = context;
  const { source, destination, backup, withJournals } = wanted;
  const executionId = markOf(source, destination);
  const ends = await beginAtBothEnds(wanted, executionId);
  const progress = new RunProgress(copyRunKind, io.now);
  const display = displayProgress(io, output, progress);
  display.say(`Copying ${backup} from ${source.name} to ${destination.name}`);
  const controller = new AbortController();
  const stopListening = io.onStopSignals({
    stop: () => {
      display.say('Stopping ...; press Ctrl-C again to quit at once.');
      controller.abort();
    },
    quit: () => {
      display.end();
      io.exit(130);
    },
  });
  try {
    const by = await destination.person();
    const result = await copyBackup(
      {
        source,
        destination,
        clock: io,
        reporter: {
          planned: (stage, count) => progress.planned(stage, count),
          advanced: (stage, count) => progress.advanced(stage, count),
          requested: () => {},
          event: () => {},
        },
        signal: controller.signal,
        unmarked: ({ message }) =>
          output.warn(
            `${source.name} takes no mark that the backup is being read (${message}) It is copied all the same: see to it that nobody deletes it meanwhile.`,
          ),
      },
      { backup, executionId, by, withJournals },
    );
    progress.end();
    return result;
  } finally {
    stopListening();
    display.end();
    for (const end of ends) await end();
  }
}

/** The same of the same line: it takes over the marks of one that was killed, and at its end takes them back. */
function markOf(source: Place, destination: Place): string {
  const places = [source, destination].map(({ backups }) => backups.addressOf('x'));
  const line = createHash('sha256').update(places.join('\n')).digest('hex').slice(0, 16);
  return `copy-${hostname()}-${line}`;
}

/** A source that takes no files shows nobody that it is read: the copy says so. */
async function beginAtBothEnds({ source, destination }: Wanted, executionId: string) {
  const ends = [await destination.beginRun(executionId)];
  try {
    ends.push(await source.beginRun(executionId));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
  return ends;
}
