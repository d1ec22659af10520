interface Waiting {
  readonly places: number;
  readonly goOn: () => void;
}

/** Lets so many go on at once and makes the others wait in line: thousands may wait. One may take several places. */
export class Semaphore {
  #free: number;
  readonly #waiting: Waiting[] = [];

  constructor(width: number) {
    this.#free = width;
  }

  /** Resolves when there are so many places, which are then taken until as many are released. There have to be so many in all. */
  async acquire(places = 1): Promise<void> {
    // Nobody goes past one who waits for more.
    if (this.#waiting.length === 0 && places <= this.#free) this.#free -= places;
    else await new Promise<void>((goOn) => this.#waiting.push({ places, goOn }));
  }

  release(places = 1): void {
    this.#free += places;
    for (let next = this.#waiting[0]; next && next.places <= this.#free; next = this.#waiting[0]) {
      // The places go straight to the next in line.
      this.#waiting.shift();
      this.#free -= next.places;
      next.goOn();
    }
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.acquire();
    try {
      return await work();
    } finally {
      this.release();
    }
  }
}
