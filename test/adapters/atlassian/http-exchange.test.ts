import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Answer } from '../../../adapters/atlassian/answer.ts';
import { AnswerRoom } from '../../../adapters/atlassian/answer-room.ts';
import { exchange } from '../../../adapters/atlassian/http-exchange.ts';
import { NetworkFault } from '../../../adapters/atlassian/network-fault.ts';
import { json, startHttpSite } from './http-site.ts';
import { errorOf } from './test-site.ts';

const room = new AnswerRoom();
const bounds = { bytes: 16 * 2 ** 20, values: 1_000_000 };
const limits = () => ({ timeoutMilliseconds: 10_000, signal: undefined, place: room.place(), bounds });

function ask(url: string, more: object = {}): Promise<Answer> {
  const request = {
    method: 'GET',
    url: new URL(url),
    accept: '*/*',
    authorization: 'Basic c2VjcmV0',
    body: undefined,
  } as const;
  return exchange({ ...request, ...more }, limits());
}

const textOf = ({ bytes }: Answer) => Buffer.from(bytes).toString('latin1');

interface RawSite {
  readonly url: string;
  readonly requests: string[];
  readonly sockets: Set<Socket>;
}

/** A server that writes what it is told, HTTP or not, whenever a request has come. */
async function rawSite(answer: (socket: Socket, requests: number) => void): Promise<RawSite> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      requests.push(piece.toString('latin1'));
      answer(socket, requests.length);
    });
  });
  await listening(server, sockets);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests, sockets };
}

async function listening(server: Server, sockets: Set<Socket>, host = '127.0.0.1'): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
}

const head = (...lines: string[]) => `${['HTTP/1.1 200 OK', ...lines].join('\r\n')}\r\n\r\n`;
const whole = (body: string) => `${head(`Content-Length: ${body.length}`)}${body}`;
const chunked = head('Transfer-Encoding: chunked');

describe('The answer to a request', () => {
  it.each([
    ['with its length', whole('[1]'), '[1]'],
    ['in chunks', `${chunked}1\r\n[\r\n2\r\n1]\r\n0\r\n\r\n`, '[1]'],
    ['after others that are none yet', `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${whole('[1]')}`, '[1]'],
    ['without a body', head('Content-Length: 0'), ''],
    ['with 204', 'HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n', ''],
    ['with 304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n', ''],
  ])('comes whole %s, and leaves the connection to the next', async (_case, bytes, body) => {
    const site = await rawSite((socket) => socket.write(bytes, 'latin1'));

    for (let turn = 0; turn < 3; turn += 1) expect(textOf(await ask(site.url))).toBe(body);

    expect(site.requests).toHaveLength(3);
    expect(site.sockets.size).toBe(1);
  });

  it('may end with its connection', async () => {
    const site = await rawSite((socket) => socket.end(`${head()}[1]`));

    expect(textOf(await ask(site.url))).toBe('[1]');
  });

  it('has its headers by names in small letters, and its status', async () => {
    const site = await rawSite((socket) =>
      socket.write('HTTP/1.1 429 Slow down\r\nRetry-After: 7\r\nX-RateLimit-Reset: soon\r\nContent-Length: 0\r\n\r\n'),
    );

    const { status, headers } = await ask(site.url);

    expect(status).toBe(429);
    expect(headers).toMatchObject({ 'retry-after': '7', 'x-ratelimit-reset': 'soon' });
  });

  it.each<[string, Uint8Array]>([
    ['gzip', gzipSync('[1]')],
    ['x-gzip', gzipSync('[1]')],
    ['GZIP', gzipSync('[1]')],
    ['deflate', deflateSync('[1]')],
    ['br', brotliCompressSync('[1]')],
    ['identity', Buffer.from('[1]')],
    ['zstd', Buffer.from('[1]')],
    ['gzip, gzip', Buffer.from('[1]')],
  ])('is unpacked where it is %s, or as it came where nobody asked for that', async (packing, bytes) => {
    const site = await rawSite((socket) => {
      socket.write(head(`Content-Encoding: ${packing}`, `Content-Length: ${bytes.length}`));
      socket.write(bytes);
    });

    for (let turn = 0; turn < 2; turn += 1) expect(textOf(await ask(site.url))).toBe('[1]');

    expect(site.requests[0]).toMatch(/^accept-encoding: gzip, br\r$/im);
    expect(site.sockets.size).toBe(1);
  });

  it.each(['gzip', 'deflate', 'br'])('is empty where nothing is said to be %s', async (packing) => {
    const site = await rawSite((socket) => socket.write(head(`Content-Encoding: ${packing}`, 'Content-Length: 0')));

    expect((await ask(site.url)).bytes).toHaveLength(0);
  });

  it('is bytes, however it came', async () => {
    const packed = gzipSync('[1]');
    for (const bytes of [
      whole('[1]'),
      `${head('Content-Encoding: gzip', `Content-Length: ${packed.length}`)}${packed.toString('latin1')}`,
    ]) {
      const site = await rawSite((socket) => socket.write(bytes, 'latin1'));
      expect((await ask(site.url)).bytes.constructor).toBe(Uint8Array);
    }
  });
});

describe('A request', () => {
  it('says what it is and how long, and nothing about a browser', async () => {
    const site = await rawSite((socket) => socket.write(whole('')));

    await ask(site.url, { method: 'POST', body: { text: 'é' } });
    await ask(site.url, { method: 'PUT', image: Uint8Array.of(1, 2, 3) });
    await ask(site.url, { method: 'DELETE', authorization: undefined });

    const [post = '', put = '', gone = ''] = site.requests;
    expect(post).toMatch(/^POST \/ HTTP\/1\.1\r\n/);
    expect(post).toMatch(/^content-type: application\/json\r\ncontent-length: 13\r$/im);
    expect(post).toMatch(/^authorization: Basic c2VjcmV0\r$/im);
    expect(post).toMatch(/^user-agent: assets-backup\r$/im);
    expect(post).not.toMatch(/^(sec-|origin|cookie|referer)/im);
    expect(put).toMatch(/^content-type: image\/png\r\ncontent-length: 3\r$/im);
    expect(gone).not.toMatch(/^(authorization|content-)/im);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('finds %s, by its port, path and query', async (host) => {
    const asked: (string | undefined)[] = [];
    const server = createHttpServer((incoming, response) => {
      asked.push(incoming.url, incoming.headers.host, incoming.headers.authorization);
      response.end('[1]');
    });
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => sockets.add(socket));
    await listening(server, sockets, host === '[::1]' ? '::1' : '127.0.0.1');
    const { port } = server.address() as AddressInfo;

    expect(textOf(await ask(`http://user:secret@${host}:${port}/a%20b/?c=%26#d`))).toBe('[1]');

    expect(asked).toEqual(['/a%20b/?c=%26', `${host}:${port}`, 'Basic c2VjcmV0']);
  });

  it('whose header cannot be one is not sent, and its error does not quote it', async () => {
    const site = await rawSite((socket) => socket.write(whole('')));

    const error = await errorOf(ask(site.url, { authorization: 'secret\r\nx: y' }));

    expect(inspect(error, { depth: 9 })).not.toContain('secret');
    expect(site.requests).toEqual([]);
  });

  it('loads nothing of fetch', async () => {
    const site = await startHttpSite(json({ values: [{ workspaceId: 'ws-1' }] }));
    const program = fileURLToPath(new URL('./programs/find-workspace.ts', import.meta.url));
    const look = "process.on('exit', () => console.log(process.moduleLoadList.filter((name) => /undici/.test(name))))";

    const args = ['--import', `data:text/javascript,${encodeURIComponent(look)}`, program, site.url];
    const { stdout } = await promisify(execFile)(process.execPath, args);

    expect(stdout).toBe('ws-1[]\n');
  });

  it('is not sent where the run has ended', async () => {
    const site = await rawSite((socket) => socket.write(whole('')));
    const request = {
      method: 'GET',
      url: new URL(site.url),
      accept: '*/*',
      authorization: undefined,
      body: undefined,
    } as const;

    const error = await errorOf(exchange(request, { ...limits(), signal: AbortSignal.abort() }));

    expect(error).toBeInstanceOf(NetworkFault);
    expect(site.requests).toEqual([]);
  });
});

describe('No whole answer', () => {
  const faults: readonly [string, (socket: Socket) => void, string][] = [
    ['no byte', (socket) => socket.end(), 'ECONNRESET'],
    ['a reset', (socket) => socket.resetAndDestroy(), 'ECONNRESET'],
    ['half a header', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'), 'ECONNRESET'],
    ['less than its length', (socket) => socket.end(`${head('Content-Length: 10')}secret`), 'ECONNRESET'],
    ['no end of its chunks', (socket) => socket.end(`${chunked}6\r\nsecret\r\n`), 'ECONNRESET'],
    [
      'less than its length, packed',
      (socket) => {
        const packed = gzipSync('secret');
        socket.write(head('Content-Encoding: gzip', `Content-Length: ${packed.length + 1}`));
        socket.end(packed);
      },
      'ECONNRESET',
    ],
    ['bytes after its end', (socket) => socket.write(`${whole('[1]')}secret`), 'HPE_INVALID_CONSTANT'],
    ['chunks that are none', (socket) => socket.write(`${chunked}secret\r\n`), 'HPE_INVALID_CHUNK_SIZE'],
    ['another protocol', (socket) => socket.write('SSH-2.0-secret\r\n'), 'HPE_INVALID_CONSTANT'],
    ['headers without an end', (socket) => socket.write(head(`x: ${'secret'.repeat(20_000)}`)), 'HPE_HEADER_OVERFLOW'],
    ['a length that is none', (socket) => socket.write(head('Content-Length: secret')), 'HPE_INVALID_CONTENT_LENGTH'],
    [
      'a wish to speak something else',
      (socket) => socket.write('HTTP/1.1 101 Switching\r\nUpgrade: secret\r\nConnection: upgrade\r\n\r\n'),
      'ECONNRESET',
    ],
  ];

  it.each(faults)('but %s is a fault, after which the request may have arrived', async (_case, answer, code) => {
    const site = await rawSite(answer);

    const error = await errorOf(ask(site.url));

    expect(error).toBeInstanceOf(NetworkFault);
    expect(error).toMatchObject({ code, neverConnected: false });
    // As text and as bytes: Node keeps what it could not read with its error.
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret|73 65 63/);
    expect(site.requests).toHaveLength(1);
    await expect.poll(() => [...site.sockets].every(({ destroyed }) => destroyed)).toBe(true);
  });

  it.each(['gzip', 'deflate', 'br'])('comes where bytes are said to be %s and are not', async (packing) => {
    const site = await rawSite((socket) =>
      socket.write(`${head(`Content-Encoding: ${packing}`, 'Content-Length: 6')}secret`),
    );

    const error = await errorOf(ask(site.url));

    expect(error).toBeInstanceOf(NetworkFault);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret|73 65 63/);
  });

  it('comes of a request over a connection that is cut just then, which is sent once', async () => {
    const site = await rawSite((socket, requests) => {
      if (requests === 1) socket.write(whole('[1]'));
      else socket.destroy();
    });
    await ask(site.url);

    const error = await errorOf(ask(site.url, { method: 'POST', body: {} }));

    expect(error).toMatchObject({ code: 'ECONNRESET', neverConnected: false });
    expect(site.requests).toHaveLength(2);
    expect(site.sockets.size).toBe(1);
  });

  it('is no matter of a connection that was closed while nobody used it', async () => {
    const site = await rawSite((socket) => socket.end(whole('[1]')));

    for (let turn = 0; turn < 3; turn += 1) {
      expect(textOf(await ask(site.url))).toBe('[1]');
      await expect.poll(() => [...site.sockets].every(({ destroyed }) => destroyed)).toBe(true);
    }

    expect(site.sockets.size).toBe(3);
  });

  it.each([
    ['at once', (socket: Socket, answers: string[]) => socket.write(answers.join(''))],
    [
      'one later',
      (socket: Socket, [first = '', second = '']: string[]) => {
        socket.write(first);
        setTimeout(() => socket.write(second), 10);
      },
    ],
  ])('is the second of two answers, %s', async (_case, write) => {
    const site = await rawSite((socket, requests) => write(socket, [whole(`[${requests}]`), whole('"of nobody"')]));

    for (let turn = 1; turn <= 5; turn += 1) {
      expect(textOf(await ask(site.url))).toBe(`[${turn}]`);
      // The connection is given up as soon as it is seen.
      await expect.poll(() => [...site.sockets].every(({ destroyed }) => destroyed)).toBe(true);
    }
  });

  // Port 1 is none that a system gives out by itself, as it does to the servers of other tests.
  it.each([
    ['nobody listens', 'http://127.0.0.1:1/', 'ECONNREFUSED'],
    ['nobody listens at any of its addresses', 'http://localhost:1/', 'ECONNREFUSED'],
    ['there is no such name', 'http://no-such-site.invalid/', /^(ENOTFOUND|EAI_AGAIN)$/],
  ])('and no connection where %s', async (_case, url, code) => {
    const error = await errorOf(ask(url));

    expect(error).toMatchObject({ code: expect.stringMatching(code), neverConnected: true });
    expect(error.message).not.toBe('');
  });

  it('and no connection where TLS does not come to stand within ten seconds', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket));
    await listening(server, sockets);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });

    const failed = errorOf(
      exchange(
        {
          method: 'POST',
          url: new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`),
          accept: '*/*',
          authorization: undefined,
          body: {},
        },
        { ...limits(), timeoutMilliseconds: 60_000 },
      ),
    );
    while (sockets.size === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(9_999);
    expect([...sockets].every(({ readyState }) => readyState === 'open')).toBe(true);
    vi.advanceTimersByTime(1);

    expect(await failed).toMatchObject({
      message: 'no connection within 10 seconds',
      code: 'CONNECT_TIMEOUT',
      neverConnected: true,
    });
  });
});

describe('A large answer', () => {
  it('waits for its place with its sender held back, and then comes whole', async () => {
    const total = 15 * 2 ** 20;
    let sent = 0;
    const server = createHttpServer((_request, response) => {
      response.writeHead(200, { 'content-length': total });
      const piece = Buffer.alloc(2 ** 16, ' ');
      const pump = () => {
        for (; sent < total; ) {
          sent += piece.length;
          if (!response.write(piece)) return response.once('drain', pump);
        }
        return response.end();
      };
      pump();
    });
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => sockets.add(socket));
    await listening(server, sockets);
    const taken = room.place();
    await taken.beLarge();
    const own = limits();

    const answering = exchange(
      {
        method: 'GET',
        url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
        accept: '*/*',
        authorization: undefined,
        body: undefined,
      },
      own,
    );
    await expect.poll(() => own.place.isLarge).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toBeLessThan(total);
    taken.leave();

    expect((await answering).bytes).toHaveLength(total);
    own.place.leave();
  });
});
