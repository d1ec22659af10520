import { AssetsBackupError, messageOf, nameOf } from '../core/errors.ts';
import { type BudgetSettings, requestBudget } from '../core/model/request-budget.ts';
import type { EventFields, Reporter } from '../core/ports/reporter.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { causesOf } from './output/output.ts';
import { displayProgress, type ProgressDisplay } from './progress/progress-display.ts';
import type { RunKind } from './progress/run-kind.ts';
import { RunProgress } from './progress/run-progress.ts';
import { RunLog, removeOldLogs } from './run-log.ts';

/** A run against a site: a log of its own, progress, and an end in order at Ctrl-C. */
export interface SiteRun<Result> {
  readonly kind: RunKind;
  /** The local folder; the log lies in it. */
  readonly directory: string;
  readonly budget: BudgetSettings;
  /** Days. */
  readonly keepLogs: number;
  /** What is going to be done, in a line. */
  readonly opening: string;
  start(surroundings: { readonly reporter: Reporter; readonly signal: AbortSignal }): Promise<Result>;
  /** What the result means, and what the log says of it. */
  judge(result: Result): { readonly exitCode: ExitCode; readonly fields: EventFields };
  /** Prints the result. */
  show(result: Result, run: { readonly log: string; readonly exitCode: ExitCode }): void | Promise<void>;
}

/** Carries out such a run and gives its exit code; throws what the run throws, after it stands in the log. */
export async function runCommand<Result>(context: CommandContext, run: SiteRun<Result>): Promise<ExitCode> {
  const { io, output, product } = context;
  const log = new RunLog(run.directory, new Date(io.now()), (message) => output.warn(message));
  output.logPath = log.path;
  await removeOldLogs(run.directory, io.now(), run.keepLogs).catch((error) => {
    output.warn(`Old logs could not be removed: ${messageOf(error)}`);
  });
  const progress = new RunProgress(run.kind, io.now, requestBudget(run.budget));
  const display = displayProgress(io, output, progress);
  display.say(run.opening);
  const { signal, stopListening } = stopSignal(context, log, display);
  log.event('info', 'run.started', { version: product.version, node: process.version });
  try {
    const result = await run.start({ reporter: reporterOf(progress, log), signal });
    progress.end();
    display.end();
    const { exitCode, fields } = run.judge(result);
    log.event('info', 'run.ended', { ...fields, exitCode });
    await run.show(result, { log: log.path, exitCode });
    return exitCode;
  } catch (error) {
    display.end();
    log.event('error', 'run.failed', {
      error: nameOf(error),
      message: messageOf(error),
      causes: causesOf(error).join(' / '),
      exitCode: error instanceof AssetsBackupError ? error.exitCode : 1,
    });
    throw error;
  } finally {
    stopListening();
    log.close();
  }
}

function reporterOf(progress: RunProgress, log: RunLog): Reporter {
  return {
    planned: (stage, count) => progress.planned(stage, count),
    advanced: (stage, count) => progress.advanced(stage, count),
    requested: (endpointClass) => progress.requested(endpointClass),
    event: (level, name, fields) => {
      log.event(level, name, fields);
      progress.event(name);
    },
  };
}

/** The first Ctrl-C lets the run end in order, with its lock released; the second ends the process. */
function stopSignal({ io }: CommandContext, log: RunLog, display: ProgressDisplay) {
  const controller = new AbortController();
  const stopListening = io.onStopSignals({
    stop: (reason) => {
      log.event('warn', 'run.stopping', { reason });
      display.say('Stopping ...; press Ctrl-C again to quit at once.');
      controller.abort(new Error(reason));
    },
    quit: () => {
      display.end();
      io.exit(130);
    },
  });
  return { signal: controller.signal, stopListening };
}
