import { InterruptedError } from '../core/errors.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import type { CommandContext } from './command-context.ts';
import { displayProgress } from './progress/progress-display.ts';
import type { RunKind } from './progress/run-kind.ts';
import { RunProgress } from './progress/run-progress.ts';

/**
 * Reads backups for a while, on this machine, with a display of how far it is. Ctrl-C ends it at once: it changes nothing. Throws
 * InterruptedError.
 * @param what what is going on, to begin a sentence: `Verifying`
 */
export async function readAtLength<Result>(
  { io, output }: Pick<CommandContext, 'io' | 'output'>,
  { kind, what }: { readonly kind: RunKind; readonly what: string },
  read: (reporter: Reporter) => Promise<Result>,
): Promise<Result> {
  const progress = new RunProgress(kind, io.now);
  const display = displayProgress(io, output, progress);
  const reporter: Reporter = {
    planned: (stage, count) => progress.planned(stage, count),
    advanced: (stage, count) => progress.advanced(stage, count),
    requested: () => {},
    event: () => {},
  };
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const interrupt = () =>
    reject(new InterruptedError(`Interrupted. ${what} changes nothing; start it again at any time.`));
  const stopListening = io.onStopSignals({ stop: interrupt, quit: interrupt });
  try {
    const result = await Promise.race([read(reporter), interrupted]);
    progress.end();
    return result;
  } finally {
    stopListening();
    display.end();
  }
}
