import { OutcomeUnknownError, RequestRefusedError } from '../../errors.ts';
import type { RefusalKind } from '../../model/refusal.ts';
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
 * that field. A refusal that names none may be about `displayName`, which sites have only since 2026. Throws the refusal where there
 * is none that could be left out.
 * @param needed fields without which there is nothing to send
 */
export async function withoutRefusedFields<Fields extends object, T>(
  fields: Fields,
  needed: readonly string[],
  send: (fields: Fields) => Promise<T>,
  onLeftOut: (field: string, kind: RefusalKind) => void,
): Promise<T> {
  try {
    return await send(fields);
  } catch (error) {
    if (!(error instanceof RequestRefusedError)) throw error;
    if (error.refusals.length === 0 && 'displayName' in fields) {
      const sent = await send(without(fields, ['displayName'])).catch((again: unknown) => {
        throw again instanceof RequestRefusedError ? error : again;
      });
      onLeftOut('displayName', 'other');
      return sent;
    }
    const refused = error.refusals.filter(({ field }) => field in fields && !needed.includes(field));
    if (refused.length === 0) throw error;
    for (const { field, kind } of refused) onLeftOut(field, kind);
    const names = refused.map(({ field }) => field);
    return withoutRefusedFields(without(fields, names), needed, send, onLeftOut);
  }
}

/** Sends what is to be made to a site that may not take display names: once it has refused one, it is asked no more. */
export class FieldsToMake {
  #takesDisplayNames = true;

  /** @param onLeftOut what the target does not take, with why; a display name that is the name itself is not missed. */
  make<Fields extends { readonly name?: string; readonly displayName?: string }, T>(
    fields: Fields,
    needed: readonly string[],
    send: (fields: Fields) => Promise<T>,
    onLeftOut: (reason: string) => void,
  ): Promise<T> {
    const leaveOut = (field: string, kind: RefusalKind) => {
      if (field === 'displayName' && kind === 'other') this.#takesDisplayNames = false;
      if (field === 'displayName' && fields.displayName === fields.name) return;
      onLeftOut(`the target does not take its field "${field}"`);
    };
    if (this.#takesDisplayNames || fields.displayName === undefined) {
      return withoutRefusedFields(fields, needed, send, leaveOut);
    }
    leaveOut('displayName', 'other');
    return withoutRefusedFields(without(fields, ['displayName']), needed, send, leaveOut);
  }
}

const without = <Fields extends object>(fields: Fields, names: readonly string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => !names.includes(field))) as Fields;
