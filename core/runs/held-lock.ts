import type { Services } from '../ports/services.ts';
import { checkSiteLock } from './site-lock.ts';

type LockServices = Parameters<typeof checkSiteLock>[0];
type LockedRun = Parameters<typeof checkSiteLock>[1];

/** The lock of a run whose worker writes in several places at once: what one of them sees of it, all go by. */
export class HeldLock {
  readonly #services: Pick<Services, keyof LockServices>;
  readonly #run: LockedRun;
  #looks: Promise<void> = Promise.resolve();

  constructor(services: Pick<Services, keyof LockServices>, run: LockedRun) {
    this.#services = services;
    this.#run = run;
  }

  /** Looks whose the lock is. Throws LockLostError. */
  check(): Promise<void> {
    const look = this.#looks.then(() => checkSiteLock(this.#services, this.#run));
    this.#looks = look;
    look.catch(() => undefined);
    return look;
  }

  /** To be called before each write: waits for a look that is under way. Throws LockLostError where any has seen the lock gone. */
  held(): Promise<void> {
    return this.#looks;
  }
}
