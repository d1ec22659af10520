import { OutcomeUnknownError, RequestRefusedError } from '../../errors.ts';
import type { Services } from '../../ports/services.ts';
import { sayWaiting } from '../../waiting.ts';

const mostTries = 3;

/**
 * Makes something that a name or a path identifies, exactly once: where the answer is lost, it is looked for before it is
 * sent again.
 * @param find the thing, where it is there by now
 * @param mayBeThere whether an earlier invocation may have made it
 */
export async function createOnce<T>(
  services: Pick<Services, 'clock' | 'reporter' | 'searchLagMilliseconds'>,
  { find, create, mayBeThere }: { find: () => Promise<T | undefined>; create: () => Promise<T>; mayBeThere: boolean },
): Promise<T> {
  const there = mayBeThere ? await find() : undefined;
  if (there) return there;
  for (let tries = 1; ; tries += 1) {
    try {
      return await create();
    } catch (error) {
      if (!(error instanceof OutcomeUnknownError)) throw error;
      const { searchLagMilliseconds: milliseconds } = services;
      const what = 'for the target to show what it may have made, as its answer was lost';
      await sayWaiting(services, { what, milliseconds }, () => services.clock.sleep(milliseconds));
      const made = await find();
      if (made) return made;
      if (tries === mostTries) throw error;
    }
  }
}

/**
 * Sends fields, and where the site refuses some of them by name, sends the others: one field that it does not take costs
 * that field. Throws the refusal where it names none that could be left out.
 * @param needed fields without which there is nothing to send
 */
export async function withoutRefusedFields<Fields extends object, T>(
  fields: Fields,
  needed: readonly string[],
  send: (fields: Fields) => Promise<T>,
  onLeftOut: (field: string) => void,
): Promise<T> {
  try {
    return await send(fields);
  } catch (error) {
    if (!(error instanceof RequestRefusedError)) throw error;
    const refused = error.refusals
      .map(({ field }) => field)
      .filter((field) => field in fields && !needed.includes(field));
    if (refused.length === 0) throw error;
    for (const field of refused) onLeftOut(field);
    const left = Object.fromEntries(Object.entries(fields).filter(([field]) => !refused.includes(field))) as Fields;
    return withoutRefusedFields(left, needed, send, onLeftOut);
  }
}
