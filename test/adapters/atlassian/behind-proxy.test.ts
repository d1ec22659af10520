import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as http from 'node:http';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AnswerRoom } from '../../../adapters/atlassian/answer-room.ts';
import { exchange } from '../../../adapters/atlassian/http-exchange.ts';
import { json, startHttpSite } from './http-site.ts';
import { errorOf } from './test-site.ts';

const program = fileURLToPath(new URL('./programs/find-workspace.ts', import.meta.url));

/** A proxy that passes on what is asked over http, and opens no tunnel; what it was asked for. */
async function startProxy(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const passedOn = request(incoming.url ?? '', { method: incoming.method ?? '', headers: incoming.headers });
    passedOn.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(passedOn);
  });
  server.on('connect', ({ url }, socket: Socket) => {
    asked.push(`CONNECT ${url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function said(site: string, proxy: string, more: NodeJS.ProcessEnv): Promise<string> {
  const env = { PATH: process.env.PATH, HTTP_PROXY: proxy, HTTPS_PROXY: proxy, ...more };
  const child = spawn(process.execPath, [program, site], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [words] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return words;
}

describe('Behind a proxy', () => {
  const found = json({ values: [{ workspaceId: 'ws-1' }] });

  it('a site is asked through it where NODE_USE_ENV_PROXY says so', async () => {
    const [site, proxy] = [await startHttpSite(found), await startProxy()];

    expect(await said(site.url, proxy.url, { NODE_USE_ENV_PROXY: '1' })).toBe('ws-1');

    expect(proxy.asked).toHaveLength(site.requests.length);
    expect(proxy.asked[0]).toBe(`GET ${site.url}/rest/servicedeskapi/assets/workspace`);
  });

  it.each([
    ['nothing says so', {}],
    ['NO_PROXY names it', { NODE_USE_ENV_PROXY: '1', NO_PROXY: '127.0.0.1' }],
  ])('a site is asked directly where %s', async (_case, more) => {
    const [site, proxy] = [await startHttpSite(found), await startProxy()];

    expect(await said(site.url, proxy.url, more)).toBe('ws-1');

    expect(proxy.asked).toEqual([]);
  });

  it('a site with https is asked through a tunnel, and nothing of the login reaches the proxy', async () => {
    const proxy = await startProxy();

    const words = await said('https://site.example.com', proxy.url, { NODE_USE_ENV_PROXY: '1' });

    expect(proxy.asked).toEqual(Array.from(proxy.asked, () => 'CONNECT site.example.com:443'));
    expect(proxy.asked.length).toBeGreaterThan(0);
    expect(words).toContain('https://site.example.com');
    expect(words).not.toContain('token');
  });

  // Node has it since 24.14; it does here what NODE_USE_ENV_PROXY does at the start.
  const { setGlobalProxyFromEnv } = http as { setGlobalProxyFromEnv?: (env: NodeJS.ProcessEnv) => () => void };
  it.skipIf(!setGlobalProxyFromEnv).each([
    ['the tunnel stands and TLS does not', 'HTTP/1.1 200 OK', 'CONNECT_TIMEOUT'],
    ['there is no tunnel', 'HTTP/1.1 403 Forbidden', 'ERR_PROXY_TUNNEL'],
  ])('nothing can have arrived where %s', async (_case, answer, code) => {
    const { promise: isAnswered, resolve } = Promise.withResolvers<void>();
    const sockets: Socket[] = [];
    const proxy = createServer().on('connect', (_request, socket: Socket) => {
      sockets.push(socket);
      socket.write(`${answer}\r\n\r\n`);
      socket.on('error', () => undefined);
      // The beginning of TLS.
      socket.once('data', () => resolve());
    });
    await new Promise<void>((listens) => proxy.listen(0, '127.0.0.1', listens));
    const restore = setGlobalProxyFromEnv?.({
      https_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
      restore?.();
      for (const socket of sockets) socket.destroy();
      proxy.close();
    });

    const url = new URL('https://site.example.com/');
    const failed = errorOf(
      exchange(
        { method: 'POST', url, accept: '*/*', authorization: undefined, body: {} },
        {
          timeoutMilliseconds: 60_000,
          signal: undefined,
          place: new AnswerRoom().place(),
          bounds: { bytes: 100, values: 100 },
        },
      ),
    );
    await Promise.race([isAnswered, failed]);
    vi.advanceTimersByTime(10_000);

    expect(await failed).toMatchObject({ code, neverConnected: true });
  });
});
