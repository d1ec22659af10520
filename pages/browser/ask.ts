import type { Fault } from '../answers.ts';
import { token } from './session.ts';

/** What became of a question to the server. `message` says what to do next. */
export type Outcome<Answer> =
  | { readonly state: 'waiting' }
  | { readonly state: 'answered'; readonly answer: Answer }
  | { readonly state: 'failed'; readonly message: string };

export const header = () => ({ 'x-assets-backup-token': token() ?? '' });

/** `/api/objects?backup=…`; what is undefined is left out. */
export function addressOf(name: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, `${value}`]]));
  return given.length === 0 ? `/api/${name}` : `/api/${name}?${new URLSearchParams(given)}`;
}

/** Asks once. */
export async function ask<Answer>(address: string, signal: AbortSignal): Promise<Outcome<Answer>> {
  let response: Response;
  try {
    response = await fetch(address, { headers: header(), signal });
  } catch {
    return { state: 'failed', message: serverGone };
  }
  try {
    const answer: unknown = await response.json();
    if (response.ok) return { state: 'answered', answer: answer as Answer };
    return { state: 'failed', message: (answer as Fault).message };
  } catch {
    return { state: 'failed', message: cutOff };
  }
}

export const serverGone =
  'The command `browse` has ended, or cannot be reached. Start it again in a terminal, and open the address that it prints.';
const cutOff = 'The answer broke off. Load this page again; if that does not help, start the command `browse` again.';
