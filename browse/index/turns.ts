import { setImmediate as nextTurn } from 'node:timers/promises';

/** So long at most the server answers nobody. */
const mostMilliseconds = 10;

/** Long work in the server's own process, in pieces between which it answers others. */
export class Turns {
  #began = performance.now();

  /** Lets others have their turn, where this one has been long enough. */
  async giveWay(): Promise<void> {
    if (performance.now() - this.#began < mostMilliseconds) return;
    await nextTurn();
    this.#began = performance.now();
  }
}
