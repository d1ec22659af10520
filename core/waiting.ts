import type { Services } from './ports/services.ts';

/**
 * Carries out something that waits, and says what it waits for and until when at the latest: to be called for every wait that a
 * person would take for a standstill. @param what a clause to go after "Waiting until 03:14:05 "
 */
export async function sayWaiting<T>(
  { clock, reporter }: Pick<Services, 'clock' | 'reporter'>,
  { what, milliseconds }: { readonly what: string; readonly milliseconds: number },
  wait: () => Promise<T>,
): Promise<T> {
  const until = new Date(clock.now() + milliseconds).toISOString();
  reporter.event('info', 'run.waiting', { what, until });
  try {
    return await wait();
  } finally {
    reporter.event('info', 'run.waited', { what, until });
  }
}
