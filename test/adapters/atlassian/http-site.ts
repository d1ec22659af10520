import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ReceivedRequest {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers a request, in whatever manner. */
export type Responder = (response: ServerResponse, request: ReceivedRequest) => void;

export interface HttpSite {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** One responder for each coming request, the last of them for all that follow. */
  willAnswer(...responders: Responder[]): void;
  /** How many connections were opened so far. */
  connections(): number;
}

/** A real HTTP server that ends with the test and answers as it is told. */
export async function startHttpSite(...responders: Responder[]): Promise<HttpSite> {
  const requests: ReceivedRequest[] = [];
  let coming = responders;
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((body) => {
      const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body };
      requests.push(request);
      const [responder = status(500)] = coming;
      if (coming.length > 1) coming = coming.slice(1);
      responder(response, request);
    });
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    willAnswer(...next) {
      coming = next;
    },
    connections: () => connections,
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export const json =
  (value: unknown, code = 200, headers: Record<string, string> = {}): Responder =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };

export const status = (code: number, headers: Record<string, string> = {}): Responder =>
  json({ errorMessages: ['secret value'], errors: {} }, code, headers);

export const page =
  (code = 200): Responder =>
  (response) => {
    response.writeHead(code, { 'content-type': 'text/html' });
    response.end('<!DOCTYPE html><html><body>secret value</body></html>');
  };

export const bytes =
  (body: Uint8Array | string, contentType = 'application/json'): Responder =>
  (response) => {
    response.writeHead(200, { 'content-type': contentType });
    response.end(body);
  };

export const redirect = (location: string, code = 302): Responder => status(code, { location });

export const closes: Responder = (response) => {
  response.destroy();
};

/** Promises more bytes than come before the connection is closed. */
export const cutBody: Responder = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('[{"id":"1","name":"secret value"');
  setTimeout(() => response.destroy(), 20);
};

/** The headers and some of the body, and then nothing more. */
export const stalls: Responder = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('[');
};

export const hangs: Responder = () => undefined;
