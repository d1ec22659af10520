import picocolors from 'picocolors';
import { AssetsBackupError, messageOf, nameOf } from '../../core/errors.ts';
import { harmless, harmlessJson, harmlessLines } from '../../core/harmless.ts';
import type { CommandLineIo, OutputStream } from '../command-line-io.ts';
import type { ExitCode } from '../exit-codes.ts';
import { wrapped } from './wrapped.ts';

/** Whether a stream is a terminal on which one may move the cursor. */
export function isLiveTerminal({ stderr, env }: Pick<CommandLineIo, 'stderr' | 'env'>): boolean {
  return stderr.isTTY === true && env.TERM !== 'dumb';
}

/** Where what a run did is written down: its log on this machine, or its execution in AWS. */
export interface RunTrace {
  readonly field: 'log' | 'execution';
  /** A path, or an ARN. */
  readonly value: string;
}

const traceWords: Readonly<Record<RunTrace['field'], string>> = {
  log: 'The log of this run',
  execution: 'The execution in AWS',
};

/** `Log`, `Execution`, for a list of facts. */
export function traceFact({ field, value }: RunTrace): readonly [label: string, value: string] {
  return [field === 'log' ? 'Log' : 'Execution', value];
}

/** Results to stdout, everything else to stderr; text for people, or one JSON document for programs. */
export class Output {
  readonly isJson: boolean;
  /** Colours for stderr; they change nothing where it is no terminal, or where NO_COLOR is set. */
  readonly colors: ReturnType<typeof picocolors.createColors>;
  /** Of the run, once there is one; failures name it. */
  trace: RunTrace | undefined;
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
    this.#io.stdout.write(`${fitted(harmlessLines(text), this.#io.stdout)}\n`);
  }

  /** A result for programs: the one document of this run. */
  document(type: string, fields: object): void {
    this.#io.stdout.write(`${harmlessJson({ type, ...fields })}\n`);
  }

  /** One of many results for programs, a line each; the document comes after the last. */
  line(record: object): void {
    this.#io.stdout.write(`${harmlessJson(record)}\n`);
  }

  /** A piece of a result that is a file of another form, and harmless by that. */
  piece(text: string): void {
    this.#io.stdout.write(text);
  }

  /** How wide what is printed may be. */
  get width(): number {
    return this.#io.stdout.columns ?? widestPrinted;
  }

  /** A line to a person alone; programs do without it. */
  note(line: string): void {
    if (!this.isJson) this.#stderr(this.#fitted(harmlessLines(line)));
  }

  /** Something the person should know; it changes nothing about the run. */
  warn(message: string): void {
    if (this.isJson) this.#stderrDocument('warning', { message });
    else
      this.#stderr(
        this.#fitted(`Warning: ${sentence(message)}`).replace('Warning:', (word) => this.colors.yellow(word)),
      );
  }

  /** Something of ours went wrong, and the command goes on. What the error says may hold a value, so no more is told than where it was. */
  fault(error: unknown, what: string): void {
    this.warn(`A fault of assets-backup itself (${nameOf(error)}): ${what}.`);
    const places = error instanceof Error ? (error.stack?.match(/^ {4}at .*$/gm) ?? []) : [];
    if (this.#isDebug) this.#stderr(this.colors.dim(harmlessLines(places.join('\n'))));
  }

  /** Kept until it is known whether it belongs to an error, which may be shown as JSON. */
  keepUsage(text: string): void {
    this.#usage += text;
  }

  /** The command line itself is wrong: one sentence and the usage. */
  usageMistake(message: string): void {
    if (this.isJson) this.#stderrDocument('error', { name: 'WrongInputError', message, exitCode: 2 });
    else this.#stderr(`${this.#red(message)}\n\n${this.#fitted(this.#usage.trim())}`);
  }

  /** A person's mistake is a sentence; anything else has its causes and the log with it. */
  failure(error: unknown, exitCode: ExitCode): void {
    const message = messageOf(error);
    const trace = this.trace && { [this.trace.field]: this.trace.value };
    const stack = this.#isDebug && error instanceof Error ? error.stack : undefined;
    if (this.isJson) {
      this.#stderrDocument('error', { name: nameOf(error), message, exitCode, ...trace, ...(stack && { stack }) });
      return;
    }
    const isUserMistake = error instanceof AssetsBackupError && error.isUserMistake;
    const isOurs = !(error instanceof AssetsBackupError);
    const lines = [this.#red(isOurs ? `${nameOf(error)}: ${message}` : message)];
    if (!isUserMistake) lines.push(...causesOf(error).map((cause) => this.#fitted(`  because of ${sentence(cause)}`)));
    if (isOurs) lines.push(this.#fitted('This is a fault of assets-backup itself; with --debug it says where.'));
    if (this.trace) lines.push(`${traceWords[this.trace.field]}: ${harmless(this.trace.value)}`);
    if (stack) lines.push(this.colors.dim(harmlessLines(stack)));
    this.#stderr(lines.join('\n'));
  }

  #red(message: string): string {
    return this.colors.red(this.#fitted(sentence(message)));
  }

  #fitted(text: string): string {
    return fitted(text, this.#io.stderr);
  }

  #stderr(text: string): void {
    this.#io.stderr.write(`${text}\n`);
  }

  #stderrDocument(type: string, fields: object): void {
    this.#stderr(harmlessJson({ type, ...fields }));
  }
}

/** On one line: what others say of an error may have several, and may not look like one of ours. */
function sentence(message: string): string {
  return harmless(message.trim().replaceAll(/\s*\n\s*/g, ' '));
}

/** On a terminal lines break between words; elsewhere a program may count them. */
function fitted(text: string, { isTTY, columns }: OutputStream): string {
  return isTTY ? wrapped(text, columns) : text;
}

/** Where stdout is no terminal. */
const widestPrinted = 110;

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
