import type { ParallelState } from './definition.ts';
import type { Json } from './json.ts';
import { runConcurrently } from './run-concurrently.ts';
import type { RunSequence, Visit } from './scope.ts';
import { StateError } from './state-errors.ts';

/** Runs the branches side by side, each with the state's input, and returns their outputs in order. The first error stops them all. */
export async function runParallel(
  { branches }: ParallelState,
  { name, input, variables, scope }: Visit,
  runSequence: RunSequence,
): Promise<Json[]> {
  scope.history.record('ParallelStateStarted');
  try {
    const outputs = await runConcurrently(
      branches,
      { limit: branches.length, signal: scope.signal },
      (branch, index, signal) =>
        runSequence(branch, input, variables, { ...scope, signal, path: [...scope.path, { state: name, index }] }),
    );
    scope.history.record('ParallelStateSucceeded');
    return outputs;
  } catch (error) {
    if (error instanceof StateError) scope.history.record('ParallelStateFailed');
    throw error;
  }
}
