import { Command, CommanderError } from 'commander';
import { AssetsBackupError } from '../core/errors.ts';
import packageFile from '../package.json' with { type: 'json' };
import { shownSentence } from '../validation/shown-words.ts';
import { type CommandContext, examplesHelp, type Product } from './command-context.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { commandList, type ListedCommand } from './command-list.ts';
import { allExitCodes, type ExitCode, exitCodesHelp, isExitCode } from './exit-codes.ts';
import { mistakeSentence } from './mistaken-words.ts';
import { Notices } from './notices.ts';
import { Output } from './output/output.ts';

const examples = [
  'backup --local ./backups --site site.json',
  'list --local ./backups',
  'show 2026-11-23_02-00-00 --local ./backups',
  'verify 2026-11-23_02-00-00 --local ./backups',
  'plan 2026-11-23_02-00-00 --local ./backups --site target.json',
  'restore 2026-11-23_02-00-00 --local ./backups --site target.json',
  'undo 2026-11-24_03-00-00_1a2b3c4d --local ./backups --site target.json',
  'drill --local ./backups --site drill.json',
  'login --stack AssetsBackup',
  'doctor --stack AssetsBackup',
  'backup --stack AssetsBackup',
];

/** Runs one command line and gives its exit code. Everything that is to be read has been written when it ends. */
export async function runCommandLine(argv: readonly string[], io: CommandLineIo, product: Product): Promise<ExitCode> {
  const output = new Output(io, { isJson: argv.includes('--json'), isDebug: argv.includes('--debug') });
  let exitCode: ExitCode = 0;
  const end = (code: ExitCode) => {
    exitCode = code;
  };
  const notices = new Notices(io, output);
  try {
    const root = await rootCommand({ io, output, product, end, notices }, namedIn(argv));
    await root.parseAsync(argv, { from: 'user' });
    await notices.tell({ exitCode });
    return exitCode;
  } catch (error) {
    exitCode = report(error, output);
    if (exitCode !== 0) await notices.tell({ exitCode, error });
    return exitCode;
  }
}

/** The command that a command line is for, or about; undefined where it names none. */
function namedIn(argv: readonly string[]): string | undefined {
  const [first, second] = argv.filter((word) => !word.startsWith('-'));
  return first === 'help' ? second : first;
}

/** @param named the one command that is loaded; of the others there is only what the list of commands shows */
async function rootCommand(context: CommandContext, named: string | undefined): Promise<Command> {
  const root = new Command('assets-backup')
    .description(
      'Backs up and restores Jira Service Management Assets: schemas, object types, attributes, objects, their history and their comments.',
    )
    .usage('<command> [options]')
    .version(packageFile.version, '--version', 'print the version')
    .option('--debug', 'show stack traces of errors')
    .helpCommand(false)
    .addHelpText('after', `\n${examplesHelp(examples)}\n\n${exitCodesHelp(allExitCodes)}`);
  root
    .hook('preSubcommand', (_, command) => context.notices.isOf(command))
    .hook('preAction', (_, command) => context.notices.check(command));
  for (const listed of commandList) {
    const command = listed.name === named ? (await listed.load())(context) : asListed(listed);
    root.addCommand(command.summary(listed.summary));
  }
  root.addCommand(helpCommand(root));
  for (const command of [root, ...root.commands]) {
    command
      .helpOption('--help', 'show this')
      .configureHelp({ showGlobalOptions: true, helpWidth: Math.min(100, context.io.stdout.columns || 100) })
      .showHelpAfterError(usageOf(command))
      .exitOverride()
      .configureOutput({
        writeOut: (text) => context.output.print(text.trimEnd()),
        writeErr: (text) => context.output.keepUsage(text),
        // Thrown as well, and shown where all errors are shown.
        outputError: () => {},
      });
  }
  return root;
}

/** Every command has options. */
function asListed({ name, words }: ListedCommand): Command {
  const command = new Command(name).option('--json');
  return words === undefined ? command : command.arguments(words);
}

/** The same as `--help` of the command that it names. */
function helpCommand(root: Command): Command {
  return new Command('help')
    .summary('show the help of a command')
    .description('Shows the help of a command, as `--help` after it does; without one, the list of all.')
    .argument('[command]', 'its name')
    .action((name: string | undefined) => {
      const named = name === undefined ? root : root.commands.find((command) => command.name() === name);
      if (!named) root.error(`error: unknown command '${name}'`);
      named.outputHelp();
    });
}

function usageOf(command: Command): string {
  const path = command.parent ? `assets-backup ${command.name()}` : 'assets-backup';
  return `Usage: ${command.createHelp().commandUsage(command)}\n\`npx ${path} --help\` says more.`;
}

function report(error: unknown, output: Output): ExitCode {
  if (!(error instanceof CommanderError)) {
    const exitCode = error instanceof AssetsBackupError && isExitCode(error.exitCode) ? error.exitCode : 1;
    output.failure(error, exitCode);
    return exitCode;
  }
  if (error.exitCode === 0) return 0;
  output.usageMistake(
    error.code === 'commander.help' ? 'A command is missing.' : shownSentence(mistakeSentence(error.message)),
  );
  return 2;
}
