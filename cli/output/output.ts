import picocolors from 'picocolors';
import { AssetsBackupError, messageOf, nameOf } from '../../core/errors.ts';
import type { CommandLineIo } from '../command-line-io.ts';
import type { ExitCode } from '../exit-codes.ts';
import { printable } from './printable.ts';

/** Whether a stream is a terminal on which one may move the cursor. */
export function isLiveTerminal({ stderr, env }: Pick<CommandLineIo, 'stderr' | 'env'>): boolean {
  return stderr.isTTY === true && env.TERM !== 'dumb';
}

/** Results to stdout, everything else to stderr; text for people, or one JSON document for programs. */
export class Output {
  readonly isJson: boolean;
  /** Colours for stderr; they change nothing where it is no terminal, or where NO_COLOR is set. */
  readonly colors: ReturnType<typeof picocolors.createColors>;
  /** Where the run's log lies, once there is one; failures name it. */
  logPath: string | undefined;
  readonly #io: CommandLineIo;
  readonly #isDebug: boolean;
  #usage = '';

  constructor(io: CommandLineIo, { isJson, isDebug }: { isJson: boolean; isDebug: boolean }) {
    this.#io = io;
    this.isJson = isJson;
    this.#isDebug = isDebug;
    this.colors = picocolors.createColors(isLiveTerminal(io) && !io.env.NO_COLOR);
  }

  /** A result in words. */
  print(text: string): void {
    this.#io.stdout.write(`${printable(text)}\n`);
  }

  /** A result for programs: the one document of this run. */
  document(type: string, fields: object): void {
    this.#io.stdout.write(`${JSON.stringify({ type, ...fields })}\n`);
  }

  /** Something the person should know; it changes nothing about the run. */
  warn(message: string): void {
    if (this.isJson) this.#stderrDocument('warning', { message });
    else this.#stderr(`${this.colors.yellow('Warning:')} ${printable(message)}`);
  }

  /** Kept until it is known whether it belongs to an error, which may be shown as JSON. */
  keepUsage(text: string): void {
    this.#usage += text;
  }

  /** The command line itself is wrong: one sentence and the usage. */
  usageMistake(message: string): void {
    if (this.isJson) this.#stderrDocument('error', { name: 'WrongInputError', message, exitCode: 2 });
    else this.#stderr(`${this.#red(message)}\n\n${this.#usage.trim()}`);
  }

  /** A person's mistake is a sentence; anything else has its causes and the log with it. */
  failure(error: unknown, exitCode: ExitCode): void {
    const message = messageOf(error);
    const log = this.logPath === undefined ? {} : { log: this.logPath };
    const stack = this.#isDebug && error instanceof Error ? error.stack : undefined;
    if (this.isJson) {
      this.#stderrDocument('error', { name: nameOf(error), message, exitCode, ...log, ...(stack && { stack }) });
      return;
    }
    const isUserMistake = error instanceof AssetsBackupError && error.isUserMistake;
    const isOurs = !(error instanceof AssetsBackupError);
    const lines = [this.#red(isOurs ? `${nameOf(error)}: ${message}` : message)];
    if (!isUserMistake) lines.push(...causesOf(error).map((cause) => `  because of ${printable(cause)}`));
    if (isOurs) lines.push('This is a fault of assets-backup itself; with --debug it says where.');
    if (this.logPath !== undefined) lines.push(`The log of this run: ${printable(this.logPath)}`);
    if (stack) lines.push(this.colors.dim(printable(stack)));
    this.#stderr(lines.join('\n'));
  }

  #red(message: string): string {
    return this.colors.red(printable(message));
  }

  #stderr(text: string): void {
    this.#io.stderr.write(`${text}\n`);
  }

  #stderrDocument(type: string, fields: object): void {
    this.#stderr(JSON.stringify({ type, ...fields }));
  }
}

/** At most ten, should a chain bite its own tail. */
const longestChain = 10;

/** Names and sentences of what led to an error, nearest first. */
export function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause !== undefined && causes.length < longestChain) {
    causes.push(`${nameOf(cause)}: ${messageOf(cause)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}
