import { AwsRefusedError, messageOf } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import { ExecutionProgress, type MapProgress, type RunningState } from './execution-progress.ts';
import { describeExecution, type Execution, hasEnded } from './executions.ts';
import type { FoundStack } from './find-stack.ts';

/** Who hears how far an execution is. */
export interface ExecutionListener {
  map(progress: MapProgress): void;
  state(state: RunningState): void;
  /** How far it is cannot be seen; said once, because the run itself can be followed all the same. */
  blind(message: string): void;
}

export interface FollowOptions {
  readonly listener: ExecutionListener;
  readonly clock: Clock;
  /** Ends the following, never the execution. */
  readonly signal: AbortSignal;
}

/** Often at first, when a refused login would show; then seldom, since a backup takes hours and accounts have quotas. */
const shortestWait = 1000;
const longestWait = 10_000;
const growth = 1.25;

/**
 * Follows an execution until it has ended. Throws the signal's reason where that was aborted, AwsRefusedError where AWS
 * cannot be asked any more; the execution goes on in both cases.
 */
export async function followExecution(
  stack: FoundStack,
  begun: Execution,
  { listener, clock, signal }: FollowOptions,
): Promise<Execution> {
  const progress = new ExecutionProgress(stack, begun);
  let isBlind = false;
  const look = async () => {
    if (isBlind) return;
    try {
      const [maps, state] = await Promise.all([progress.maps(signal), progress.state(signal)]);
      for (const map of maps) listener.map(map);
      if (state) listener.state(state);
    } catch (error) {
      if (signal.aborted || !(error instanceof AwsRefusedError)) throw error;
      isBlind = true;
      listener.blind(messageOf(error));
    }
  };

  let wait = shortestWait;
  try {
    for (;;) {
      const execution = await describeExecution(stack, begun.machine, begun.arn, signal);
      await look();
      if (hasEnded(execution)) return execution;
      await clock.sleep(wait, signal);
      wait = Math.min(longestWait, wait * growth);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
