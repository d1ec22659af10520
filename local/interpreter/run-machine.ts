import { withDeadline } from './deadline.ts';
import type { StateMachine } from './definition.ts';
import { type EventCounts, History } from './history.ts';
import { type JsonValue, throughJson } from './json.ts';
import type { MachineHost } from './machine-host.ts';
import { runSequence } from './run-states.ts';
import type { ExecutionContext } from './scope.ts';
import { StateError, TimeoutError } from './state-errors.ts';

export type RunOptions = {
  input: JsonValue;
  /** `$states.context.Execution.Name`. */
  name: string;
  /** `$states.context.Execution.Id`, an ARN on AWS. */
  executionId: string;
  /** `$states.context.Execution.StartTime`; now, by the host's clock, unless given. */
  startTime?: Date;
  /** Stops the run: it ends as ABORTED once all that was running has settled. */
  signal?: AbortSignal;
};

/** How a run ended, as DescribeExecution tells it. */
export type EndedExecution =
  | { status: 'SUCCEEDED'; output: JsonValue; events: EventCounts }
  | { status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; error: string; cause: string; events: EventCounts };

/**
 * Runs a state machine to its end. No function is still running when this resolves. Rejects only for a fault of the
 * interpreter or the host, never for an error of the machine's own.
 */
export async function runMachine(
  machine: StateMachine,
  options: RunOptions,
  host: MachineHost,
): Promise<EndedExecution> {
  const history = new History();
  const input = throughJson(options.input);
  const aborted = options.signal ?? new AbortController().signal;
  const seconds = machine.timeoutSeconds;
  const timeout = new TimeoutError(`The state machine took longer than its ${seconds} seconds.`);

  history.record('ExecutionStarted');
  try {
    const output = await withDeadline({ clock: host.clock, seconds, timeout, signal: aborted }, async (signal) => {
      const context = executionContext(options, input, host);
      return runSequence(machine, input, { host, context, history, signal });
    });
    history.record('ExecutionSucceeded');
    return { status: 'SUCCEEDED', output, events: history.counts };
  } catch (error) {
    if (aborted.aborted) {
      history.record('ExecutionAborted');
      return { status: 'ABORTED', error: 'Aborted', cause: String(aborted.reason), events: history.counts };
    }
    if (!(error instanceof StateError)) throw error;
    // A task's own timeout that nobody caught is a failure like any other.
    const status = error === timeout ? 'TIMED_OUT' : 'FAILED';
    history.record(status === 'TIMED_OUT' ? 'ExecutionTimedOut' : 'ExecutionFailed');
    return { status, error: error.name, cause: error.message, events: history.counts };
  }
}

function executionContext(
  { name, executionId, startTime }: RunOptions,
  input: JsonValue,
  { clock }: MachineHost,
): ExecutionContext {
  return {
    Execution: {
      Id: executionId,
      Name: name,
      StartTime: (startTime ?? new Date(clock.now())).toISOString(),
      RedriveCount: 0,
      Input: input,
    },
  };
}
