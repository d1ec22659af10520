import type { Clock } from './machine-host.ts';

/** Node's timers fire at once when they are asked for more. */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

/** Waits, in several sleeps where one timer is not long enough. Throws the signal's reason once it is aborted. */
export async function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  let left = milliseconds;
  do {
    signal.throwIfAborted();
    const next = Math.min(left, LONGEST_TIMER_MILLISECONDS);
    await clock.sleep(next, signal);
    left -= next;
  } while (left > 0);
  signal.throwIfAborted();
}
