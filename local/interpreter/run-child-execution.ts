import type { MapState } from './definition.ts';
import { History } from './history.ts';
import type { JsonValue } from './json.ts';
import type { ExecutionContext, RunSequence, Visit } from './scope.ts';
import { ExceedToleratedFailureThresholdError, StateError } from './state-errors.ts';

/**
 * Runs one child of a map, and returns its output: an execution with a history, an input and variables of its own.
 * Throws States.ExceedToleratedFailureThreshold, the map's error, where the child fails.
 */
export async function runChildExecution(
  { processor, Label }: MapState,
  { name, scope }: Visit,
  { input, index, signal }: { input: JsonValue; index: number; signal: AbortSignal },
  runSequence: RunSequence,
): Promise<JsonValue> {
  const history = new History();
  const { Execution } = scope.context;
  const context: ExecutionContext = {
    Execution: {
      ...Execution,
      Id: `${Execution.Id}/${Label}:${index}`,
      Name: `${Execution.Name}-${Label}-${index}`,
      StartTime: new Date(scope.host.clock.now()).toISOString(),
      Input: input,
    },
  };
  history.record('ExecutionStarted');
  try {
    const output = await runSequence(processor, input, { ...scope, signal, history, context });
    history.record('ExecutionSucceeded');
    return output;
  } catch (error) {
    // Stopped children have not failed, and faults of the host are not the child's.
    if (!(error instanceof StateError) || signal.aborted) throw error;
    history.record('ExecutionFailed');
    throw new ExceedToleratedFailureThresholdError(
      `An item of the map "${name}" failed with ${error.name}: ${error.message}`,
      { cause: error },
    );
  } finally {
    scope.history.addChild(history.counts);
  }
}
