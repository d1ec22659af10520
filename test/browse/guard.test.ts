import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { Browsed } from './browsed.ts';

const golden = new GoldenFolder('format-2');
const paths = ['/', '/page.js', '/page.css', '/favicon.ico', '/api/place', '/api/backups', '/api/nothing', '/nothing'];

describe('who asks', () => {
  it.each([
    ['another name that leads here', { host: 'backups.example:PORT' }],
    ['localhost', { host: 'localhost:PORT' }],
    ['another port', { host: '127.0.0.1:1' }],
    ['no port', { host: '127.0.0.1' }],
    ['a name that begins like ours', { host: '127.0.0.1:PORT.example' }],
    ['a user before the host', { host: 'x@127.0.0.1:PORT' }],
    ['another origin', { origin: 'http://evil.example' }],
    ['another port as origin', { origin: 'http://127.0.0.1:1' }],
    ['an origin by https', { origin: 'https://127.0.0.1:PORT' }],
    ['a file as origin', { origin: 'null' }],
    ['two origins', { origin: ['http://127.0.0.1:PORT', 'http://evil.example'] }],
    ["another site's page", { 'sec-fetch-site': 'cross-site' }],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }],
    ['a word that no browser says', { 'sec-fetch-site': 'same-origin, none' }],
  ])('is refused: %s', async (_, headers) => {
    const browsed = await Browsed.of(golden.copy());
    const { host } = new URL(browsed.origin);
    const own = JSON.parse(
      JSON.stringify(headers)
        .replaceAll('127.0.0.1:PORT', host)
        .replaceAll(':PORT', `:${new URL(browsed.origin).port}`),
    );
    for (const path of paths) {
      const answer = await browsed.ask(path, { headers: { host, 'x-assets-backup-token': browsed.token, ...own } });
      expect(answer.status, path).toBe(403);
      expect(answer.body.toString()).toMatch(/^\{"error":"RefusedRequest","message":"[^"]+"\}$/);
    }
  });

  it.each([
    ['two hosts', 'GET /api/place HTTP/1.1\r\nHost: OURS\r\nHost: evil.example\r\n'],
    ['two hosts, ours last', 'GET /api/place HTTP/1.1\r\nHost: evil.example\r\nHost: OURS\r\n'],
    ['no host', 'GET /api/place HTTP/1.1\r\n'],
    ['no host, as of old', 'GET /api/place HTTP/1.0\r\n'],
    ['another host, asked by its whole address', 'GET http://OURS/api/place HTTP/1.1\r\nHost: evil.example\r\n'],
    ['a whole address', 'GET http://OURS/api/place HTTP/1.1\r\nHost: OURS\r\n'],
    ['an upgrade', 'GET /api/place HTTP/1.1\r\nHost: evil.example\r\nConnection: upgrade\r\nUpgrade: websocket\r\n'],
  ])('gets nothing: %s', async (_, request) => {
    const browsed = await Browsed.of(golden.copy());
    const { host, port } = new URL(browsed.origin);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `${request.replaceAll('OURS', host)}x-assets-backup-token: ${browsed.token}\r\nConnection: close\r\n\r\n`,
    );
    const answer = Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString();
    expect(answer).toMatch(/^(HTTP\/1\.1 (400|403|404) .*)?/);
    expect(answer).not.toContain('restoreWords');
  });

  it.each([
    ['nothing but the host', {}],
    ['our origin', { origin: 'http://127.0.0.1:PORT' }],
    ['our page', { 'sec-fetch-site': 'same-origin' }],
    ['a person who opens the address', { 'sec-fetch-site': 'none' }],
  ])('is answered: %s', async (_, headers) => {
    const browsed = await Browsed.of(golden.copy());
    const own = JSON.parse(JSON.stringify(headers).replaceAll('127.0.0.1:PORT', new URL(browsed.origin).host));
    for (const path of ['/', '/page.js', '/page.css', '/favicon.ico', '/api/place']) {
      const answer = await browsed.ask(path, { headers: { 'x-assets-backup-token': browsed.token, ...own } });
      expect(answer.status, path).toBe(200);
    }
  });

  it('needs the token for all but the page', async () => {
    const browsed = await Browsed.of(golden.copy());
    const { token } = browsed;
    const wrong = [
      undefined,
      '',
      token.slice(1),
      `${token}0`,
      token.toUpperCase(),
      `${token}, ${token}`,
      'f'.repeat(64),
    ];
    for (const given of wrong) {
      const headers = given === undefined ? {} : { 'x-assets-backup-token': given };
      for (const path of [
        '/api/place',
        '/api/backups',
        '/api/nothing',
        '/nothing',
        '/__proto__',
        `/api/place?token=${token}`,
      ])
        expect((await browsed.ask(path, { headers })).status, `${path} ${given}`).toBe(403);
      for (const path of ['/', '/page.js', '/page.css', '/favicon.ico'])
        expect((await browsed.ask(path, { headers })).status).toBe(200);
    }
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect((await browsed.ask('/', {})).body.toString()).not.toContain(token);
  });

  it('may only get', async () => {
    const browsed = await Browsed.of(golden.copy());
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
      for (const path of ['/', '/api/place']) {
        const answer = await browsed.ask(path, { method, headers: { 'x-assets-backup-token': browsed.token } });
        expect(answer.status, method).toBe(405);
        expect(answer.headers.allow).toBe('GET');
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    }
  });

  it('gets headers that let nothing else in, whatever the answer', async () => {
    const browsed = await Browsed.of(golden.copy());
    for (const path of [...paths, '/api/backup?backup=nothing', '/api/object']) {
      const { headers } = await browsed.ask(path, { headers: { 'x-assets-backup-token': browsed.token } });
      expect(headers, path).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy.split('; ')).toEqual([
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
      ]);
      expect(policy).not.toMatch(/unsafe|\*/);
    }
  });

  it('is on this machine', async () => {
    const browsed = await Browsed.of(golden.copy());
    expect(browsed.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
