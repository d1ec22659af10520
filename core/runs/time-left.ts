import type { Services } from '../ports/services.ts';

/**
 * A step hands back when less than this is left: a request may take six minutes (three of retries, a wait of two that
 * the site asked for, one last attempt), and what was read must still be stored.
 */
const margin = 7 * 60_000;

export function isTimeShort({ remainingMilliseconds }: Pick<Services, 'remainingMilliseconds'>): boolean {
  return remainingMilliseconds() < margin;
}
