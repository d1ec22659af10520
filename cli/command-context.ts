import { Command, Option } from 'commander';
import type { BackupResult } from '../core/backup/finish-backup.ts';
import type { diffBackups } from '../core/diff/diff-backups.ts';
import type { LiveDiff } from '../core/diff/site-diff.ts';
import type { DrillResult } from '../core/model/drill.ts';
import type { RestoreResult } from '../core/model/restore.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import type { Verification } from '../core/verify/verification.ts';
import type { DeployedStack } from '../deployed/deployed-stack.ts';
import type { StackAddress } from '../deployed/stack-clients.ts';
import type { LocalBackupOptions } from '../local/local-backup.ts';
import type { LocalDiffOptions } from '../local/local-diff.ts';
import type { LocalOptions } from '../local/local-execution.ts';
import type { LocalRelinkOptions, LocalRestoreOptions, LocalUndoOptions } from '../local/local-restore.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { type ExitCode, exitCodesHelp } from './exit-codes.ts';
import type { Notices } from './notices.ts';
import type { Output } from './output/output.ts';
import { wrapped } from './output/wrapped.ts';
import { addPlaceOptions, type PlaceKind } from './place-options.ts';

/** What every command gets. A command's action ends by calling `end` with its exit code, or by throwing. */
export interface CommandContext {
  readonly io: CommandLineIo;
  readonly output: Output;
  readonly product: Product;
  readonly end: (exitCode: ExitCode) => void;
  /** Of how a run on this machine ended, for somebody who is not there. */
  readonly notices: Notices;
}

/** What the commands run. Tests put in its place what needs no site, no disk and no AWS. */
export interface Product {
  backUp(options: LocalBackupOptions): Promise<BackupResult>;
  openBackups(directory: string): Promise<BackupStore>;
  verify(services: { backups: BackupStore; reporter: Reporter }, name: string): Promise<Verification>;
  /** Fills in every default. Throws WrongInputError, which shows nothing of what stands in the input. */
  restore(options: LocalRestoreOptions): Promise<RestoreResult>;
  undo(options: LocalUndoOptions): Promise<RestoreResult>;
  relink(options: LocalRelinkOptions): Promise<RestoreResult>;
  /** Throws TargetRefusedError for the site that was backed up, where no setting says that a drill may write there. */
  drill(options: LocalOptions): Promise<DrillResult>;
  /** Throws WrongInputError, DamagedBackupError. */
  diff: typeof diffBackups;
  /** Throws WrongInputError, also where the login is that of another site, and what reading a site throws. */
  diffWithSite(options: LocalDiffOptions): Promise<LiveDiff>;
  /** Throws StackNotFoundError, AwsRefusedError. */
  openStack(address: StackAddress): Promise<DeployedStack>;
}

export interface CommandHelp {
  readonly name: string;
  readonly description: string;
  readonly usage: string;
  readonly place: PlaceKind;
  /** False: its result has another form. The option is known all the same, so that a person who gives it learns where to have JSON. */
  readonly hasJson?: boolean;
  /** What a person needs to know besides, before the examples. */
  readonly details?: string;
  readonly examples: readonly string[];
  readonly exitCodes: readonly ExitCode[];
}

/** A command whose help ends with examples and exit codes, and which has the options that all commands have. */
export function describedCommand(help: CommandHelp): Command {
  const ends = [examplesHelp(help.examples), exitCodesHelp(help.exitCodes)];
  const command = new Command(help.name).description(help.description).usage(help.usage);
  const json = new Option('--json', 'the result as one JSON document on stdout, an error as one on stderr');
  return addPlaceOptions(command, help.place)
    .addOption(json.hideHelp(help.hasJson === false))
    .addHelpText('after', ({ command: shown }) => {
      const details = help.details === undefined ? [] : [refilled(help.details, shown.configureHelp().helpWidth)];
      return `\n${[...details, ...ends].join('\n\n')}`;
    });
}

/** So wide are the paragraphs of the details written. */
const writtenWidth = 100;

/** Paragraphs for a narrower terminal, whose lines would otherwise be broken twice. What stands further in is no prose. */
function refilled(details: string, width = writtenWidth): string {
  return width < writtenWidth ? wrapped(details.replaceAll(/(?<=^\S.*)\n(?=\S)/gm, ' '), width) : details;
}

export function examplesHelp(examples: readonly string[]): string {
  return ['Examples:', ...examples.map((example) => `  npx assets-backup ${example}`)].join('\n');
}
