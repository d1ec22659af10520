import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request gets nothing: a status, and a sentence of ours that repeats nothing of the request. */
export interface RequestRefusal {
  readonly status: 403 | 405;
  readonly error: string;
  readonly message: string;
}

/** The header in which the page sends the token. A cookie would go to every port of this machine, a query into logs and histories. */
export const tokenHeader = 'x-assets-backup-token';

const refused = (message: string): RequestRefusal => ({ status: 403, error: 'RefusedRequest', message });

/**
 * Who asks: nobody but a page that this very server has given out. Another site's page may send requests here too, also under a name
 * of its own that leads to this machine (DNS rebinding); so the address that was asked for has to be ours, letter by letter.
 * @param host `127.0.0.1:PORT`
 */
export function strangerRefusal(
  { headers, headersDistinct, method }: IncomingMessage,
  host: string,
): RequestRefusal | undefined {
  const hosts = headersDistinct.host ?? [];
  if (hosts.length !== 1 || hosts[0] !== host) return refused('This address is not the one that `browse` has printed.');
  if (headers.origin !== undefined && headers.origin !== `http://${host}`)
    return refused("Another site's page may not read backups.");
  const { 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return refused("Another site's page may not read backups. Open the address that `browse` has printed by itself.");
  if (method !== 'GET')
    return {
      status: 405,
      error: 'RefusedRequest',
      message: 'Nothing is changed here: requests are GET, and no other.',
    };
  return undefined;
}

/** Whether it comes from somebody who has seen the address with its token. */
export function tokenRefusal({ headers }: IncomingMessage, token: string): RequestRefusal | undefined {
  const { [tokenHeader]: given } = headers;
  const bytes = Buffer.from(typeof given === 'string' ? given : '');
  const wanted = Buffer.from(token);
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
    ? undefined
    : refused('The token is missing, or is that of a `browse` which has ended: open the address that it has printed.');
}
