import type { MapState } from './definition.ts';
import { History } from './history.ts';
import type { Json } from './json.ts';
import type { ExecutionContext, RunSequence, Visit } from './scope.ts';
import { StateError } from './state-errors.ts';

type ChildExecution = { status: 'SUCCEEDED'; output: Json } | { status: 'FAILED'; error: StateError };

/** Runs one child of a distributed map: an execution with a history, an input and variables of its own. */
export async function runChildExecution(
  { processor, Label }: MapState,
  { name, scope }: Visit,
  { input, index, signal }: { input: Json; index: number; signal: AbortSignal },
  runSequence: RunSequence,
): Promise<ChildExecution> {
  const history = new History();
  const path = [...scope.path, { state: name, index }];
  const context = childContext(scope.context, {
    label: Label ?? name,
    index,
    input,
    startTime: new Date(scope.host.clock.now()).toISOString(),
  });
  history.record('ExecutionStarted');
  try {
    const output = await runSequence(
      processor,
      input,
      {},
      { ...scope, signal, history, path, context, mapItem: undefined },
    );
    history.record('ExecutionSucceeded');
    return { status: 'SUCCEEDED', output };
  } catch (error) {
    // Stopped children have not failed, and faults of the host are not the child's.
    if (!(error instanceof StateError) || signal.aborted) throw error;
    history.record('ExecutionFailed');
    return { status: 'FAILED', error };
  } finally {
    scope.history.addChild(history.counts);
  }
}

function childContext(
  { Execution, StateMachine }: ExecutionContext,
  { label, index, input, startTime }: { label: string; index: number; input: Json; startTime: string },
): ExecutionContext {
  return {
    Execution: {
      ...Execution,
      Id: `${Execution.Id}/${label}:${index}`,
      Name: `${Execution.Name}-${label}-${index}`,
      StartTime: startTime,
      Input: input,
    },
    StateMachine: { Id: `${StateMachine.Id}/${label}`, Name: `${StateMachine.Name}/${label}` },
  };
}
