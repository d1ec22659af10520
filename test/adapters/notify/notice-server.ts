import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What was posted. */
export interface PostedNotice {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

export interface NoticeServer {
  readonly url: string;
  /** The part of its address that nobody may see. */
  readonly secret: string;
  readonly posted: readonly PostedNotice[];
  /** The texts of what was posted. */
  readonly texts: () => string[];
}

/** A webhook that answers as it is told, and is gone with the test. */
export async function noticeServer(
  answer: (response: ServerResponse, number: number, request: IncomingMessage) => void = (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  },
): Promise<NoticeServer> {
  const posted: PostedNotice[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { method, url: path, headers } = request;
      posted.push({ method, path, contentType: headers['content-type'], body });
      answer(response, posted.length, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const secret = 'T0SECRET/B0SECRET/xYzSecret123';
  return {
    url: `http://127.0.0.1:${port}/services/${secret}`,
    secret,
    posted,
    texts: () => posted.map(({ body }) => (JSON.parse(body) as { text: string }).text),
  };
}
