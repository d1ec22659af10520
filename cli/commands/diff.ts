import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { backupName } from '../../core/backup-format/keys.ts';
import type { DiffFilters, DiffLine, DiffSummary } from '../../core/diff/diff-lines.ts';
import { madeAgain } from '../../core/diff/made-again.ts';
import { needLines } from '../../core/work-store/json-file.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { KeptLines } from '../kept-lines.ts';
import { backupArgument, openNamedBackup, realName } from '../open-named-backup.ts';
import { DiffExcerpt } from '../output/diff-excerpt.ts';
import { diffReport, diffSummaryReport } from '../output/diff-report.ts';
import type { Place } from '../place.ts';
import { type PlaceOptions, pathGiven } from '../place-options.ts';
import { diffRunKind } from '../progress/run-kind.ts';
import { watchedWork } from '../watched-work.ts';

interface DiffOptions extends PlaceOptions {
  readonly live?: true;
  readonly site?: string;
  readonly schema?: readonly string[];
  readonly type?: string;
  readonly object?: string;
  readonly attribute?: string;
  readonly summary?: true;
}

const details = `Before → after: what is other in the second backup, or on the site, than in the first. Objects go
by their ids, so that one that was renamed or moved is the same. A list that is longer than what is
shown stands whole in a file of the work store, which is named: it has values, so it is private, and
goes after seven days. With --json each difference is a line of its own, and the last line has the
counts: {"type":"diff", ...}. What could not be compared is said, and never called removed. What is
the same is so by what backups list of their objects: whether the files are whole \`verify\` says.

--live reads the site as a backup does, within the same request budget, and changes nothing. With
--stack a function of the stack does it, with the stack's login. Comments and history of a site are
compared with --object alone, since each object takes two requests.`;

export function diffCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'diff',
    description:
      'Compares two backups, or a backup with its site as it is now: schemas, configuration, and objects that were added, removed or changed, value by value.',
    usage: '<backup> (<other> | --live) (--local DIR | --stack NAME) [options]',
    place: 'either',
    details,
    examples: [
      'diff 2026-11-22_02-00-00 latest --local ./backups',
      'diff latest --live --local ./backups --site site.json --type Laptop',
      'diff 2026-11-22_02-00-00 2026-11-23_02-00-00 --stack AssetsBackup --summary',
      "diff latest --live --stack AssetsBackup --json | jq -r '.key // empty'",
    ],
    exitCodes: [0, 1, 2, 10, 12, 13, 14, 15, 130],
  })
    .argument('<backup>', `the earlier one: ${backupArgument}`)
    .argument('[other]', 'the later backup')
    .option('--live', 'compare with the site as it is now')
    .option('--site <FILE>', 'with --live and --local: settings of the site', pathGiven)
    .option('--schema <KEY>', 'only this schema; may be given several times', repeated)
    .option('--type <TYPE>', 'only this object type, by its name, its path (Hardware/Laptop) or its id', given)
    .option('--object <KEY>', 'only this object, by its key or id', given)
    .option('--attribute <NAME>', 'only values of this attribute, by its name or id', given)
    .option('--summary', 'only how many')
    .action(async (first: string, other: string | undefined, options: DiffOptions, command: Command) => {
      if (other === undefined && !options.live) {
        command.error(
          'What is it to be compared with? Name another backup after it (`latest` is one), or give --live.',
        );
      }
      if (other !== undefined && options.live) {
        command.error('--live compares one backup with its site: two backups are compared without it.');
      }
      if (options.site !== undefined && !options.live)
        command.error('--site goes with --live only: backups need no site.');
      const place = await choosePlace(context, command, options);
      const names = [await realName(context, place, first)];
      if (other !== undefined) names.push(await realName(context, place, other));
      const summary = await new Comparison(context, place, options).run(names);
      context.end(summary.isEqual ? 0 : 14);
    });
}

const given = (text: string): string => {
  if (text.trim() === '' || text.startsWith('--')) throw new InvalidArgumentError('It needs a name.');
  return text;
};

const repeated = (text: string, before: readonly string[] = []): readonly string[] => [...before, given(text)];

/** One comparison, and what is shown of it. */
class Comparison {
  readonly #context: CommandContext;
  readonly #place: Place;
  readonly #options: DiffOptions;
  readonly #excerpt = new DiffExcerpt();
  readonly #name: string;

  constructor(context: CommandContext, place: Place, options: DiffOptions) {
    this.#context = context;
    this.#place = place;
    this.#options = options;
    const now = new Date(context.io.now()).toISOString();
    this.#name = `${backupName(now)}_${randomUUID().slice(0, 8)}`;
  }

  async run([left = '', right]: readonly string[]): Promise<DiffSummary> {
    const { summary, files } = right === undefined ? await this.#withSite(left) : await this.#withBackup(left, right);
    const { output } = this.#context;
    const exitCode = summary.isEqual ? 0 : 14;
    if (output.isJson) output.document('diff', { ...this.#place.fields, ...summary, exitCode });
    else if (this.#options.summary) output.print(diffSummaryReport(summary));
    else output.print(diffReport(summary, this.#excerpt, this.#excerpt.isCut ? this.#rest(files) : undefined));
    if (summary.objects.some(({ same }) => same > 0))
      output.note('The same are those that are listed alike: whether their files are whole, `verify` says.');
    return summary;
  }

  get #filters(): DiffFilters {
    const { schema, type, object, attribute } = this.#options;
    return {
      ...(schema && { schemas: schema }),
      ...(type !== undefined && { type }),
      ...(object !== undefined && { object }),
      ...(attribute !== undefined && { attribute }),
    };
  }

  async #withBackup(left: string, right: string) {
    const { backups, work } = this.#place;
    const manifests = [await openNamedBackup(backups, left), await openNamedBackup(backups, right)] as const;
    const kept = new KeptLines(work, this.#name);
    const isKept = !this.#context.output.isJson && !this.#options.summary;
    const onLine = async (line: DiffLine) => {
      this.#show(line);
      if (isKept) await kept.add(line);
    };
    const summary = await watchedWork(this.#context, { kind: diffRunKind, what: 'Comparing' }, async ({ reporter }) => {
      const madeOf = await madeAgain(work, manifests[1].site.workspaceId);
      return this.#context.product.diff({ backups, reporter }, ...manifests, {
        filters: this.#filters,
        madeOf,
        onLine,
      });
    });
    const files = await kept.close(this.#excerpt.isCut);
    if (isKept && this.#excerpt.isCut && files) await this.#place.clearOldDiffs(this.#context.io.now());
    return { summary, files };
  }

  async #withSite(backup: string) {
    const { work, backups } = this.#place;
    await openNamedBackup(backups, backup);
    const { site } = this.#options;
    const run = await this.#place.diffLive({ diff: this.#name, backup, filters: this.#filters, site });
    const found = await watchedWork(this.#context, { kind: diffRunKind, what: 'Comparing' }, run);
    for (const file of this.#options.summary ? [] : found.files) {
      for (const line of await needLines<DiffLine>(work, file)) this.#show(line);
    }
    return found;
  }

  #show(line: DiffLine): void {
    if (this.#options.summary) return;
    if (this.#context.output.isJson) this.#context.output.line(line);
    else this.#excerpt.add(line);
  }

  /** Where all of it stands: the one file, or the folder of several. */
  #rest(files: readonly string[] | null): string {
    if (!files)
      return `Not all of it is shown, and this user may not write to ${this.#place.name}, where all of it would be kept: --json prints it.`;
    const [file = ''] = files;
    const where = this.#place.addressOfWork(files.length === 1 ? file : file.slice(0, file.lastIndexOf('/') + 1));
    return `Not all of it is shown. All of it, a line of JSON each: ${where}`;
  }
}
