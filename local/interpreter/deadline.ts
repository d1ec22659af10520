import type { HostClock } from './machine-host.ts';
import { pause } from './pause.ts';
import type { TimeoutError } from './state-errors.ts';

/**
 * Runs the work, and stops it by its signal when `seconds` have passed. Throws `timeout` only after the work has settled,
 * so that nothing of it is still running. Without seconds, the work has all the time it wants.
 */
export async function withDeadline<T>(
  {
    clock,
    seconds,
    timeout,
    signal,
  }: { clock: HostClock; seconds: number | undefined; timeout: TimeoutError; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (seconds === undefined) return work(signal);
  const expired = new AbortController();
  const settled = new AbortController();
  pause(clock, seconds * 1000, AbortSignal.any([signal, settled.signal])).then(
    () => expired.abort(timeout),
    () => {}, // The work settled first, or all was stopped.
  );
  try {
    const result = await work(AbortSignal.any([signal, expired.signal]));
    expired.signal.throwIfAborted();
    return result;
  } catch (error) {
    throw expired.signal.aborted ? timeout : error;
  } finally {
    settled.abort();
  }
}
