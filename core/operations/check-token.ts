import type { Services } from '../ports/services.ts';
import { notChecked, type SetupCheck } from './one-check.ts';
import { daysUntil } from './token-days.ts';

/**
 * Whether the token of a login lasts for a while.
 * @param secret what the check of the secret found, and the command line that fills it
 */
export function checkToken(
  { tokenExpires, watched, clock }: Pick<Services, 'tokenExpires' | 'watched' | 'clock'>,
  secret: { readonly isBad: boolean; readonly howToFill: string },
): SetupCheck {
  const name = 'token';
  if (secret.isBad) return notChecked(name, 'the check "secret" failed');
  if (tokenExpires === null) {
    return {
      name,
      ok: true,
      detail: 'The settings do not say when it expires, so nobody is warned.',
      remedy: `Store the login again with that day ("expires"), with \`${secret.howToFill}\`.`,
    };
  }
  const days = daysUntil(tokenExpires, clock.now());
  // Where nobody watches, only a token that has ended is too late.
  if (days >= (watched?.tokenWarningDays ?? 0))
    return { name, ok: true, detail: `It expires on ${tokenExpires}.`, remedy: null };
  return {
    name,
    ok: false,
    detail: `It ${days < 0 ? 'expired' : 'expires'} on ${tokenExpires}.`,
    remedy: `Make a new API token, and store it with \`${secret.howToFill}\`.`,
  };
}
