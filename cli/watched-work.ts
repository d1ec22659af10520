import { InterruptedError } from '../core/errors.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import type { CommandContext } from './command-context.ts';
import { displayProgress } from './progress/progress-display.ts';
import type { RunKind } from './progress/run-kind.ts';
import { RunProgress } from './progress/run-progress.ts';

/** What is done while somebody watches. */
export interface WatchedSurroundings {
  readonly reporter: Reporter;
  /** For what goes on elsewhere. */
  readonly progress: RunProgress;
  readonly signal: AbortSignal;
}

/**
 * Does something that changes nothing, with its progress on display. Ctrl-C ends it at once, since there is nothing to be put in order.
 * Throws InterruptedError.
 * @param what what is going on, to begin a sentence: `Verifying`
 */
export async function watchedWork<T>(
  { io, output }: Pick<CommandContext, 'io' | 'output'>,
  { kind, what }: { readonly kind: RunKind; readonly what: string },
  work: (surroundings: WatchedSurroundings) => Promise<T>,
): Promise<T> {
  const progress = new RunProgress(kind, io.now);
  const display = displayProgress(io, output, progress);
  const reporter: Reporter = {
    planned: (stage, count) => progress.planned(stage, count),
    advanced: (stage, count) => progress.advanced(stage, count),
    requested: () => progress.requested(),
    event: (_level, name, fields) => progress.event(name, fields),
  };
  const controller = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const interrupt = () => {
    const error = new InterruptedError(`Interrupted. ${what} changes nothing; start it again at any time.`);
    reject(error);
    controller.abort(error);
  };
  const stopListening = io.onStopSignals({ stop: interrupt, quit: interrupt });
  try {
    const result = await Promise.race([work({ reporter, progress, signal: controller.signal }), stopped]);
    progress.end();
    return result;
  } finally {
    stopListening();
    display.end();
  }
}
