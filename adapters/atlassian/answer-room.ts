import { Semaphore } from '../../core/semaphore.ts';

/**
 * Memory for answers. Small ones need no place; of the large ones there is one at a time, from when it turns out to be large until
 * something was made of it. The others wait in mid-body, which holds their sender back.
 */
export class AnswerRoom {
  readonly #large = new Semaphore(1);

  /** The place of one answer, which has to be left. */
  place(): AnswerPlace {
    return new AnswerPlace(this.#large);
  }
}

export class AnswerPlace {
  readonly #room: Semaphore;
  #entry: Promise<void> | undefined;

  constructor(room: Semaphore) {
    this.#room = room;
  }

  /** Whether it has asked for the large place. */
  get isLarge(): boolean {
    return this.#entry !== undefined;
  }

  /** Waits for the large place. */
  beLarge(): Promise<void> {
    this.#entry ??= this.#room.acquire();
    return this.#entry;
  }

  /** Also for one that still waits for the large place: it goes on to the next one then. */
  leave(): void {
    void this.#entry?.then(() => this.#room.release());
  }
}
