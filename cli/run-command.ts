import { AssetsBackupError, messageOf, nameOf } from '../core/errors.ts';
import type { EventFields, Reporter } from '../core/ports/reporter.ts';
import packageFile from '../package.json' with { type: 'json' };
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { causesOf, type RunTrace } from './output/output.ts';
import { displayProgress, type ProgressDisplay } from './progress/progress-display.ts';
import type { RunKind } from './progress/run-kind.ts';
import { RunProgress } from './progress/run-progress.ts';
import { RunLog, removeOldLogs } from './run-log.ts';

/** A run that only has to be started. */
export interface PlacedRun<Result> {
  readonly kind: RunKind;
  /** What is going to be done, in a line. */
  readonly opening: string;
  /** Of a run on this machine: the folder in which its log lies, and for how many days logs are kept. */
  readonly local?: { readonly directory: string; readonly keepLogs: number };
  start(surroundings: RunSurroundings): Promise<{ readonly result: Result } | { readonly remark: string }>;
}

export interface RunSurroundings {
  /** For a run on this machine: counts its progress and writes its log. */
  readonly reporter: Reporter;
  /** For a run elsewhere. */
  readonly progress: RunProgress;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** What becomes of a result. */
export interface Ending<Result> {
  /** What the result means, and what the log says of it. */
  judge(result: Result): {
    readonly exitCode: ExitCode;
    readonly fields: EventFields;
    /** What somebody who is not there should know of it, to end a sentence; nothing of a good end. */
    readonly notice?: string | undefined;
  };
  /** Prints the result. */
  show(result: Result, run: { readonly trace: RunTrace; readonly exitCode: ExitCode }): void | Promise<void>;
}

/**
 * Carries out a run with its progress on display, and gives its exit code; throws what the run throws, after it stands in the
 * log. The first Ctrl-C lets it end in order.
 */
export async function runCommand<Result>(
  context: CommandContext,
  run: PlacedRun<Result>,
  ending: Ending<Result>,
): Promise<ExitCode> {
  const { io, output } = context;
  const log = run.local && (await openLog(context, run.local));
  const progress = new RunProgress(run.kind, io.now);
  const display = displayProgress(io, output, progress);
  const say = (line: string) => display.say(line);
  say(run.opening);
  const { signal, stopListening } = stopSignal(context, log, display);
  log?.event('info', 'run.started', { version: packageFile.version, node: process.version });
  try {
    const ended = await run.start({ reporter: reporterOf(progress, log), progress, signal, say });
    progress.end();
    display.end();
    return await showEnding(context, ended, ending, log);
  } catch (error) {
    display.end();
    log?.event('error', 'run.failed', {
      error: nameOf(error),
      message: messageOf(error),
      causes: causesOf(error).join(' / '),
      exitCode: error instanceof AssetsBackupError ? error.exitCode : 1,
      throttled: progress.view().throttled.count,
    });
    throw error;
  } finally {
    stopListening();
    log?.close();
  }
}

async function openLog({ io, output }: CommandContext, local: NonNullable<PlacedRun<unknown>['local']>) {
  const { directory, keepLogs } = local;
  const log = new RunLog(directory, new Date(io.now()), (message) => output.warn(message));
  output.trace = { field: 'log', value: log.path };
  await removeOldLogs(directory, io.now(), keepLogs).catch((error) => {
    output.warn(`Old logs could not be removed: ${messageOf(error)}`);
  });
  return log;
}

async function showEnding<Result>(
  { output, notices }: CommandContext,
  ended: { readonly result: Result } | { readonly remark: string },
  { judge, show }: Ending<Result>,
  log: RunLog | undefined,
): Promise<ExitCode> {
  const { trace } = output;
  if (!trace) throw new Error('The run has left no trace.');
  if ('remark' in ended) {
    if (output.isJson) output.document('remark', { message: ended.remark, [trace.field]: trace.value, exitCode: 0 });
    else output.print(ended.remark);
    return 0;
  }
  const { exitCode, fields, notice } = judge(ended.result);
  // Of several runs of a command the last one says how it ended.
  notices.outcome = notice;
  log?.event('info', 'run.ended', { ...fields, exitCode });
  await show(ended.result, { trace, exitCode });
  return exitCode;
}

function reporterOf(progress: RunProgress, log: RunLog | undefined): Reporter {
  return {
    planned: (...words) => progress.planned(...words),
    advanced: (stage, count) => progress.advanced(stage, count),
    requested: () => progress.requested(),
    event: (level, name, fields) => {
      log?.event(level, name, fields);
      progress.event(name, fields);
    },
  };
}

/**
 * The first Ctrl-C lets the run end in order, with its lock released; the second ends the process. One on this machine goes on
 * without its terminal; one elsewhere does so by itself.
 */
function stopSignal({ io }: CommandContext, log: RunLog | undefined, display: ProgressDisplay) {
  const controller = new AbortController();
  const stopListening = io.onStopSignals({
    stop: (reason) => {
      log?.event('warn', 'run.stopping', { reason });
      if (log) display.say('Stopping ...; press Ctrl-C again to quit at once.');
      controller.abort(new Error(reason));
    },
    quit: () => {
      display.end();
      io.exit(130);
    },
    ...(log && { hungUp: () => log.event('warn', 'run.hung-up', {}) }),
  });
  return { signal: controller.signal, stopListening };
}
