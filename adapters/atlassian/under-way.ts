/** Of so many answers each lets one more be under way. */
const answersForOneMore = 10;

/**
 * How many requests may be under way at once. As many as anybody asks for, until the site refuses one as too many: then half of those that
 * are, and one more after each ten answers. Requests that are all refused together would use their retries up, each because of the others,
 * where one after the other would have been answered.
 */
export class UnderWay {
  #most = Number.POSITIVE_INFINITY;
  #count = 0;

  get mayBegin(): boolean {
    return this.#count < Math.floor(this.#most);
  }

  begun(): void {
    this.#count += 1;
  }

  ended(isRefused: boolean): void {
    if (isRefused) this.#most = Math.max(1, Math.min(this.#most, Math.floor(this.#count / 2)));
    else this.#most += 1 / answersForOneMore;
    this.#count -= 1;
  }
}
