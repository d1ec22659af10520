import type { Services } from '../ports/services.ts';

/**
 * A step hands back when less than this is left: a request with all its retries may take three minutes, and what was
 * read must still be stored.
 */
const margin = 4 * 60_000;

export function isTimeShort({ remainingMilliseconds }: Pick<Services, 'remainingMilliseconds'>): boolean {
  return remainingMilliseconds() < margin;
}
