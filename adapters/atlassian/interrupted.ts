import { InterruptedError } from '../../core/errors.ts';

/** What waits and requests end with when the signal is aborted; why it was is the cause. */
export function interrupted(signal: AbortSignal): InterruptedError {
  return new InterruptedError('The run was interrupted.', { cause: signal.reason });
}
