/** What could not be compared, and why: a sentence for each reason. */
export class NotCompared {
  readonly #whatByReason = new Map<string, Set<string>>();

  /** @param reason the end of a sentence: `2026-11-23_02-00-00 was made of FAC only` */
  add(what: string, reason: string): void {
    const known = this.#whatByReason.get(reason) ?? new Set();
    this.#whatByReason.set(reason, known.add(what));
  }

  get sentences(): string[] {
    return [...this.#whatByReason].map(([reason, what]) => `Not compared, as ${reason}: ${[...what].join(', ')}.`);
  }
}
