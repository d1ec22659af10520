import { type Command, InvalidArgumentError } from 'commander';
import { counted } from '../../core/counted.ts';
import { findObjects } from '../../core/find/find-objects.ts';
import { type FindResult, mostKept } from '../../core/find/found.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { inPlace } from '../open-named-backup.ts';
import { findReport } from '../output/find-report.ts';
import type { PlaceOptions } from '../place-options.ts';
import { pointInTime } from '../point-in-time.ts';
import { findRunKind } from '../progress/run-kind.ts';
import { watchedWork } from '../watched-work.ts';

interface FindOptions extends PlaceOptions {
  readonly schema?: string;
  readonly type?: string;
  readonly at?: number;
  readonly deleted?: boolean;
  readonly since?: number;
}

export function findCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'find',
    description:
      'Finds objects in all backups, also as they were before: which backups hold them, between which two they were changed or deleted, and which one is the newest that holds them all. Changes nothing and needs no site.',
    usage: '[words...] (--local DIR | --stack NAME) [options]',
    place: 'either',
    details,
    examples: [
      'find FAC-12 --local ./backups',
      "find 'Jane Doe' --type Laptop --local ./backups",
      'find --deleted --since 2026-11-20 --stack AssetsBackup',
      'find nas-7 --at 2026-11-10 --local ./backups',
    ],
    exitCodes: [0, 1, 2, 10, 13, 130],
  })
    .argument('[words...]', 'what to find; quote what has blanks in it')
    .option('--schema <KEY>', 'only objects of this schema', filled)
    .option('--type <TYPE>', 'only objects of this type, by its name, its path (Hardware/Laptop) or its id', filled)
    .option('--at <DATE>', 'everything as in the newest backup that was begun not after it', dateAt('end'))
    .option('--deleted', 'only objects that are not there any more')
    .option('--since <DATE>', 'with --deleted: not those that were gone before it', dateAt('beginning'))
    .action(async (words: string[], options: FindOptions, command: Command) => {
      const { schema, type, at, deleted = false, since } = options;
      if (deleted !== (since !== undefined)) command.error('--deleted and --since DATE go together.');
      if (words.length === 0 && !deleted) command.error('Words to find are needed, or --deleted with --since DATE.');
      if (words.some((word) => word.trim() === '')) command.error('A word to find is empty.');
      const place = await choosePlace(context, command, options);
      const request = { words, schema, type, at, deletedSince: since };
      const searching = watchedWork(context, { kind: findRunKind, what: 'Searching' }, ({ reporter }) =>
        findObjects({ backups: place.backups, reporter }, request),
      );
      const result = await inPlace(place, searching);
      const exitCode = exitCodeOf(result);
      const { output } = context;
      if (output.isJson) {
        const asked = { words, schema, type, at: iso(at), deletedSince: iso(since) };
        output.document('found', { ...place.fields, asked, ...result, exitCode });
      } else output.print(findReport(result, { request, place, width: output.width }));
      context.end(exitCode);
    });
}

const details = `WORDS match the key or the id of an object as a whole (CMDB-1 is not CMDB-11), and its label or
any of its values in part, as people see them, in capitals or not. Of several words all have to be
in one object. What an object had once is found as well. DATE is a day in UTC, or a time with its
zone (2026-11-27T18:00:00Z); --at takes a day to its end, --since from its beginning. With --deleted
no words are needed. A backup that was not made of a schema, or is partial there, does not prove
that something is gone: it is passed over, and the end says so. With --json the first
${counted(mostKept, 'object')} are named. Nothing found is exit code 1, as of grep.`;

/** What could not be read may have held more. */
function exitCodeOf({ unread, sites }: FindResult): ExitCode {
  if (unread.length > 0) return 13;
  return sites.some(({ found }) => found > 0) ? 0 : 1;
}

const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());

function dateAt(ofDay: 'beginning' | 'end'): (text: string) => number {
  return (text) => {
    const time = pointInTime(text, { ofDay });
    if (time === undefined)
      throw new InvalidArgumentError(
        'It needs a day, such as 2026-11-27, or a time with its zone, 2026-11-27T18:00:00Z.',
      );
    return time;
  };
}

function filled(text: string): string {
  if (text.trim() === '' || text.startsWith('--')) throw new InvalidArgumentError('It needs a value.');
  return text.trim();
}
