import type { Clock } from '../core/ports/clock.ts';

/** The longest wait that a timer of Node takes; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** This machine's time. A sleep whose signal is aborted rejects with the signal's reason. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    let left = milliseconds;
    while (left > longestTimer) {
      await timer(longestTimer, signal);
      left -= longestTimer;
    }
    await timer(left, signal);
  },
};

function timer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timeout);
      reject(signal?.reason);
    };
    const timeout = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
