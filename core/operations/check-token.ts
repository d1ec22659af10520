import type { Services } from '../ports/services.ts';
import { notChecked, type SetupCheck } from './one-check.ts';
import type { SetupWords } from './setup-words.ts';
import { daysUntil } from './token-days.ts';

/**
 * Whether the token of a login lasts for a while.
 * @param settingsAreBad whether the check of the settings has failed, so that nobody knows
 */
export function checkToken(
  { tokenExpires, watched, clock }: Pick<Services, 'tokenExpires' | 'watched' | 'clock'>,
  words: SetupWords,
  settingsAreBad: boolean,
): SetupCheck {
  const name = 'token';
  if (settingsAreBad) return notChecked(name, `the check "${words.settings.name}" failed`);
  if (tokenExpires === null) {
    return {
      name,
      ok: true,
      detail: 'The settings do not say when it expires, so nobody is warned.',
      remedy: words.storeExpiry,
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
    remedy: `Make a new API token, and ${words.storeToken}.`,
  };
}
