import { counted } from '../counted.ts';

/** What could not be compared, and why: a sentence for each reason. */
export class NotCompared {
  readonly #objects = new Map<string, { readonly of: string; readonly reason: string; count: number }>();
  readonly #said: string[] = [];
  readonly #whatByReason = new Map<string, Set<string>>();

  /** @param reason the end of a sentence: `2026-11-23_02-00-00 was made of FAC only` */
  add(what: string, reason: string): void {
    const known = this.#whatByReason.get(reason) ?? new Set();
    this.#whatByReason.set(reason, known.add(what));
  }

  /** So many objects more of a type. */
  addObjects(number: number, of: string, reason: string): void {
    const key = JSON.stringify([of, reason]);
    const known = this.#objects.get(key) ?? { of, reason, count: 0 };
    known.count += number;
    this.#objects.set(key, known);
  }

  /** What else has to be known. */
  say(sentence: string): void {
    this.#said.push(sentence);
  }

  get sentences(): string[] {
    for (const { of, reason, count } of this.#objects.values())
      this.add(`${counted(count, 'object')} of ${of}`, reason);
    this.#objects.clear();
    return [...this.#reasons(), ...this.#said];
  }

  #reasons(): string[] {
    return [...this.#whatByReason].map(([reason, what]) => `Not compared, as ${reason}: ${[...what].join(', ')}.`);
  }
}
