import { RequestRefusedError } from '../../core/errors.ts';
import type { SentValues } from '../../core/ports/assets-writer.ts';

/**
 * Finds out in which spelling a site takes values that have two: an object by its key, as the specification's text says, or by
 * its id, as its example shows (reference, section 9, number 9; of groups number 11). What was refused has changed nothing, so it may be sent in the
 * other spelling; the one that was taken last comes first from then on.
 */
export class ValueSpelling {
  #isAlternative = false;

  /** Throws what `send` throws; the refusal of the first spelling where both are refused. */
  async send<T>(values: readonly SentValues[], send: (values: readonly SentValues[]) => Promise<T>): Promise<T> {
    const isAlternative = this.#isAlternative;
    try {
      return await send(spelt(values, isAlternative));
    } catch (refusal) {
      if (!(refusal instanceof RequestRefusedError) || !concerns(refusal, values)) throw refusal;
      try {
        const written = await send(spelt(values, !isAlternative));
        this.#isAlternative = !isAlternative;
        return written;
      } catch (error) {
        throw error instanceof RequestRefusedError && concerns(error, values) ? refusal : error;
      }
    }
  }
}

function spelt(values: readonly SentValues[], isAlternative: boolean): readonly SentValues[] {
  if (!isAlternative) return values;
  return values.map((sent) => ({ ...sent, values: sent.alternatives ?? sent.values }));
}

/** Whether a value with another spelling is among those refused, and nothing else is. */
function concerns({ refusals }: RequestRefusedError, values: readonly SentValues[]): boolean {
  const spellable = new Set(
    values.filter(({ alternatives }) => alternatives).map(({ attributeId }) => attributeId as string),
  );
  return (
    refusals.length > 0 &&
    refusals.every(
      ({ attributeId, kind }) => attributeId !== undefined && spellable.has(attributeId) && spellings.has(kind),
    )
  );
}

/** Kinds of refusal that a spelling may be behind. */
const spellings: ReadonlySet<string> = new Set(['invalid', 'not-found', 'unknown-group', 'other']);
