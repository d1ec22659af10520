import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AssetsBackupError } from '../core/errors.ts';
import type { Fault } from '../pages/answers.ts';
import { browserDocument } from '../pages/browser/browser-document.ts';
import { Answers } from './answers/answers.ts';
import { ImageAnswer } from './answers/image-answer.ts';
import type { BrowsedPlace } from './browsed-place.ts';
import { faultOf } from './faults.ts';
import { type RequestRefusal, strangerRefusal, tokenRefusal } from './guard.ts';
import type { PageFiles } from './page-files.ts';

export interface BrowseServer {
  /** With the token in its fragment, which no browser sends anywhere. */
  readonly address: string;
  close(): Promise<void>;
}

/** Serves the backups of a place to a browser on this machine, and to nobody else. */
export async function startBrowseServer(place: BrowsedPlace, page: PageFiles): Promise<BrowseServer> {
  const token = randomBytes(32).toString('hex');
  const answers = new Answers(place);
  const files = filesOf(page);
  let host = '';
  const server = createServer((request, response) => {
    void serve(request, response);
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query] = (request.url ?? '').split('?', 2);
    const file = files.get(path);
    const refusal = strangerRefusal(request, host) ?? (file ? undefined : tokenRefusal(request, token));
    if (refusal) return refuse(response, refusal);
    if (file) return send(response, 200, ...file);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      const answer = await answers.to(path, new URLSearchParams(query), gone.signal);
      if (answer === undefined) {
        const message = 'There is no such page.';
        return refuse(response, { status: 404, error: 'NotFoundError', message });
      }
      if (answer instanceof ImageAnswer) return send(response, 200, answer.type, answer.bytes, answer.policy);
      send(response, 200, json, JSON.stringify(answer));
    } catch (error) {
      // Nobody waits for an answer any more.
      if (gone.signal.aborted) return;
      const { status, fault } = faultOf(error);
      if (!(error instanceof AssetsBackupError) && status === 500) place.onFault(error);
      send(response, status, json, JSON.stringify(fault));
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address: `http://${host}/#${token}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await answers.close();
    },
  };
}

const json = 'application/json; charset=utf-8';

type SentFile = readonly [type: string, text: string];

const filesOf = ({ script, style }: PageFiles): ReadonlyMap<string, SentFile> =>
  new Map<string, SentFile>([
    ['/', ['text/html; charset=utf-8', browserDocument]],
    ['/page.js', ['text/javascript; charset=utf-8', script]],
    ['/page.css', ['text/css; charset=utf-8', style]],
    ['/favicon.ico', ['image/svg+xml', pageIcon]],
  ]);

/** Three shelves. */
const pageIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#2563eb" d="M2 2h12v3H2zM2 6.5h12v3H2zM2 11h12v3H2z"/></svg>';

/** Nothing runs, loads or frames but what this server gives out itself, whatever a value may look like. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array, policy = pagePolicy) {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(status === 405 && { allow: 'GET' }),
  });
  response.end(body);
}

function refuse(
  response: ServerResponse,
  { status, error, message }: Omit<RequestRefusal, 'status'> & { status: number },
) {
  send(response, status, json, JSON.stringify({ error, message } satisfies Fault));
}
