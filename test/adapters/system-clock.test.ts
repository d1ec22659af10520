import { describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/system-clock.ts';

describe('The system clock', () => {
  it('tells the time and sleeps as long as it was told', async () => {
    const before = Date.now();
    const began = systemClock.now();

    await systemClock.sleep(30);

    const ended = systemClock.now();
    expect(ended - began).toBeGreaterThanOrEqual(29);
    expect(began).toBeGreaterThanOrEqual(before);
    expect(ended).toBeLessThanOrEqual(Date.now());
  });

  it('wakes at once, with the reason, when the signal is aborted', async () => {
    const run = new AbortController();
    // Longer than any timer of Node, which would fire at once.
    const sleep = systemClock.sleep(2 ** 40, run.signal);

    setTimeout(() => run.abort(new Error('stop')), 20);

    await expect(sleep).rejects.toThrow('stop');
    await expect(systemClock.sleep(1, run.signal)).rejects.toThrow('stop');
  });
});
