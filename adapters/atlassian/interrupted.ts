import { InterruptedError } from '../../core/errors.ts';

/** What waits and requests end with when the signal is aborted; why it was is the cause. */
export function interrupted(signal: AbortSignal): InterruptedError {
  return new InterruptedError('The run was interrupted.', { cause: signal.reason });
}

const callsOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls once the signal is aborted, unless the returned function was called before. All requests share one listener: a signal goes through
 * all that it has each time that one is added or removed, and there are a hundred of them at once.
 */
export function onInterruption(signal: AbortSignal, call: () => void): () => void {
  const calls = callsOf.get(signal) ?? listenTo(signal);
  calls.add(call);
  return () => void calls.delete(call);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const calls = new Set<() => void>();
  const callAll = () => {
    for (const call of calls) call();
  };
  signal.addEventListener('abort', callAll, { once: true });
  callsOf.set(signal, calls);
  return calls;
}
