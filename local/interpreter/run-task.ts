import { withDeadline } from './deadline.ts';
import { type JsonValue, throughJson, withinPayloadLimit } from './json.ts';
import { type Visit, valuesOf } from './scope.ts';
import { ReportedError, StateError, TimeoutError } from './state-errors.ts';
import type { TaskState } from './state-schema.ts';

/** Invokes the state's function, and returns what the Lambda integration makes of its answer. */
export async function runTask(state: TaskState, visit: Visit): Promise<JsonValue> {
  const { name, scope } = visit;
  const { host, history } = scope;
  const { FunctionName, Payload } = state.Arguments;
  const payload = withinPayloadLimit(await Payload.evaluate(valuesOf(visit)), 'The payload');
  const seconds = state.TimeoutSeconds;
  const timeout = new TimeoutError(`The task "${name}" took longer than its ${seconds} seconds.`);

  history.record('TaskScheduled', 'TaskStarted');
  try {
    const answer = await withDeadline({ clock: host.clock, seconds, timeout, signal: scope.signal }, async (signal) => {
      // A sibling may have failed while the payload was evaluated, and the function would not hear of it.
      signal.throwIfAborted();
      return throughJson(await host.invoke(FunctionName, payload, signal));
    });
    history.record('TaskSucceeded');
    return { ExecutedVersion: '$LATEST', Payload: answer, StatusCode: 200 };
  } catch (error) {
    const failure = error instanceof StateError ? error : asLambdaError(error);
    history.record(failure.name === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed');
    throw failure;
  }
}

/** What Step Functions makes of an error that a Node function threw: its name, and Lambda's JSON text as the cause. */
function asLambdaError(error: unknown): ReportedError {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
  const cause = JSON.stringify({ errorType: name, errorMessage: message, trace: [] });
  return new ReportedError(name, cause, { cause: error });
}
