import type { HostClock } from './machine-host.ts';

/** Throws the signal's reason once it is aborted. */
export async function pause(clock: HostClock, milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await clock.sleep(milliseconds, signal);
  signal.throwIfAborted();
}
