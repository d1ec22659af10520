import type { Services } from '../ports/services.ts';

/**
 * A step hands back when less than this is left: a request may take six minutes (three of retries, a wait of two that
 * the site asked for, one last attempt), and what was read must still be stored.
 */
export const margin = 7 * 60_000;

export function isTimeShort({ remainingMilliseconds }: Pick<Services, 'remainingMilliseconds'>): boolean {
  return remainingMilliseconds() < margin;
}

/**
 * The deadline of one invocation: says of each piece of work whether it may still be begun. The first one always may, however little time there is:
 * otherwise handing back and being called again could go on for ever.
 */
export class Deadline {
  readonly #services: Pick<Services, 'remainingMilliseconds'>;
  #hasBegun = false;

  constructor(services: Pick<Services, 'remainingMilliseconds'>) {
    this.#services = services;
  }

  mayBegin(): boolean {
    const may = !this.#hasBegun || !isTimeShort(this.#services);
    this.#hasBegun = true;
    return may;
  }
}
