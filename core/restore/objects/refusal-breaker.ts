import { counted } from '../../counted.ts';
import { type RequestRefusedError, TooManyRefusalsError } from '../../errors.ts';
import { refusalReasons } from '../../model/refusal.ts';

const mostInARow = 20;

/** A circuit breaker: where one object after the other is refused for the same reason, it is no matter of one object. */
export class RefusalBreaker {
  #what = '';
  #count = 0;

  accepted(): void {
    this.#what = '';
    this.#count = 0;
  }

  /**
   * Throws TooManyRefusalsError at the twentieth in a row, with the site's own words where they say more.
   * @param hidden texts that the words may not quote
   */
  refused(
    error: RequestRefusedError,
    hidden: readonly string[],
    nameOf: (attributeId: string) => string | undefined,
  ): void {
    const [first] = error.refusals;
    const attribute = first?.attributeId === undefined ? undefined : nameOf(first.attributeId);
    const what = `${attribute === undefined ? '' : `attribute ${attribute}: `}${refusalReasons[first?.kind ?? 'other']}`;
    this.#count = what === this.#what ? this.#count + 1 : 1;
    this.#what = what;
    if (this.#count < mostInARow) return;
    const leaveOut = attribute === undefined ? '' : ', or leave the attribute out (include.attributes),';
    throw new TooManyRefusalsError(
      `The target has refused ${counted(mostInARow, 'object')} in a row (${error.saying(hidden, what)}). Mend the cause there${leaveOut} and start the restore again: it goes on where it stopped.`,
    );
  }
}
