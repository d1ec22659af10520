/**
 * What of the objects is settled for good, while journals are still being written: an object counts when the journal that tells of
 * it is saved. What follows the objects, as comments do, goes by nothing else.
 */
export class SavedObjects {
  readonly #isSettled: (source: string) => boolean;
  /** How often a journal has noted something of an object that is not saved yet. */
  readonly #unsaved = new Map<string, number>();
  #hasEnded = false;
  #news = Promise.withResolvers<void>();

  /** @param isSettled whether it is known what has become of an object, saved or not */
  constructor(isSettled: (source: string) => boolean) {
    this.#isSettled = isSettled;
  }

  noted(source: string): void {
    this.#unsaved.set(source, (this.#unsaved.get(source) ?? 0) + 1);
  }

  /** @param sources each as often as it was noted */
  saved(sources: readonly string[]): void {
    for (const source of sources) {
      const left = (this.#unsaved.get(source) ?? 0) - 1;
      if (left > 0) this.#unsaved.set(source, left);
      else this.#unsaved.delete(source);
    }
    this.#tell();
  }

  /** Nothing more is settled by this worker: nobody waits any longer. */
  end(): void {
    this.#hasEnded = true;
    this.#tell();
  }

  /** Waits until it is settled of each of these what has become of it. False where the worker ends before that. */
  async settled(sources: readonly string[]): Promise<boolean> {
    let left = sources;
    for (;;) {
      left = left.filter((source) => this.#unsaved.has(source) || !this.#isSettled(source));
      if (left.length === 0) return true;
      if (this.#hasEnded) return false;
      await this.#news.promise;
    }
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}
