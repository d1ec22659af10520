import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type Command, CommanderError, Option } from 'commander';
import { Webhook } from '../adapters/notify/webhook.ts';
import { AssetsBackupError, InterruptedError, messageOf, nameOf } from '../core/errors.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Output } from './output/output.ts';

/** Names the environment's variable that says the same as `--notify`. */
export const notifyVariable = 'ASSETS_NOTIFY_URL';

/** Of a command whose runs on this machine somebody is told of: that it has the option is all there is to do. */
export function notifyOption(): Option {
  return new Option(
    '--notify <URL>',
    `webhook that is told of all but a good end; with --local (better: ${notifyVariable} in the environment)`,
  );
}

/** Ends a line of the help: where a person is told. */
export const notifyHelp = `With --local a webhook (of Slack, Teams or any that takes {"text": "..."}) is told of a failure, of
gaps, losses and differences, of what is suspicious and of what waits for an approval, where
${notifyVariable} or --notify names its https address. That is a secret: in the environment it
stands in no list of processes. No message is no proof that all is well: \`list\` and \`status\` tell.`;

interface NotifyOptions {
  readonly notify?: string;
  readonly local?: string;
  readonly stack?: string;
}

/**
 * Tells somebody how a run on this machine ended, at the one place where all of them end, so that what fails before a run begins is told
 * as well. What becomes of the telling changes nothing of the run.
 */
export class Notices {
  /** How the run ended, for a person who is not there; undefined after a good end. */
  outcome: string | undefined;
  #command: Command | undefined;
  readonly #io: CommandLineIo;
  readonly #output: Output;

  constructor(io: CommandLineIo, output: Output) {
    this.#io = io;
    this.#output = output;
  }

  /** Before its options are read: one of them may be wrong. */
  isOf(command: Command): void {
    this.#command = command;
  }

  /** Before anything is begun. Throws CommanderError for an address on the command line that is none. */
  check(command: Command): void {
    const { notify, local } = command.opts<NotifyOptions>();
    if (local === undefined) return;
    if (notify !== undefined && !Webhook.at(notify)) {
      command.error(
        '--notify needs an https address (http only to this machine), without a name and a password in it.',
      );
    }
    if (notify === undefined && this.#isTold(command) && this.#variable !== undefined && !Webhook.at(this.#variable)) {
      this.#output.warn(`${notifyVariable} is no https address: nobody will be told how this run ends.`);
    }
  }

  /** @param error what the run ended with, where it failed */
  async tell({ exitCode, error }: { readonly exitCode: ExitCode; readonly error?: unknown }): Promise<void> {
    const command = this.#command;
    if (!command || !this.#isTold(command)) return;
    const { notify = this.#variable, local, stack } = command.opts<NotifyOptions>();
    const webhook = local === undefined || stack !== undefined ? undefined : Webhook.at(notify ?? '');
    const ended = error === undefined ? this.#ended(exitCode) : failed(error);
    if (!webhook || ended === undefined || (this.#isPersonThere && hasSeen(error))) return;
    // As the folder: whoever reads it sits somewhere else.
    const trace = this.#output.trace && `Log: ${resolve(this.#output.trace.value)}`;
    const refusal = await webhook.leave([
      `assets-backup ${command.name()} on ${hostname()} ${ended}`,
      `Folder: ${resolve(local ?? '')}`,
      `Exit code: ${exitCode} (${exitCodes[exitCode]})`,
      ...(trace === undefined ? [] : [trace]),
    ]);
    if (refusal !== undefined) this.#output.warn(`Nobody was told how this run ended: of the message, ${refusal}.`);
  }

  get #isPersonThere(): boolean {
    return this.#io.ask !== undefined;
  }

  get #variable(): string | undefined {
    return this.#io.env[notifyVariable] || undefined;
  }

  #isTold(command: Command): boolean {
    return command.options.some(({ long }) => long === '--notify');
  }

  #ended(exitCode: ExitCode): string | undefined {
    if (this.outcome !== undefined) return `ended: ${this.outcome}`;
    return exitCode === 0 ? undefined : 'did not end well';
  }
}

/** What a person at a terminal has done, and need not be told. */
function hasSeen(error: unknown): boolean {
  return error instanceof CommanderError || error instanceof InterruptedError;
}

/** Of an error that is nobody's sentence only its name: who knows what stands in it. */
function failed(error: unknown): string {
  // Its words are those of the command line, in which there are secrets.
  if (error instanceof CommanderError) return 'did not begin: its command line is wrong';
  const isOurs = error instanceof AssetsBackupError;
  return isOurs
    ? `failed: ${messageOf(error)} (${nameOf(error)})`
    : `failed by a fault of assets-backup itself (${nameOf(error)})`;
}
