import type { Clock } from './machine-host.ts';

/** Throws the signal's reason once it is aborted. */
export async function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await clock.sleep(milliseconds, signal);
  signal.throwIfAborted();
}
