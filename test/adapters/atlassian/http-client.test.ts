import { describe, expect, it } from 'vitest';
import type { AssetsBackupError } from '../../../core/errors.ts';
import {
  InterruptedError,
  RateLimitedError,
  SiteUnavailableError,
  UnexpectedAnswerError,
} from '../../../core/errors.ts';
import type { Id } from '../../../core/model/ids.ts';
import {
  bytes,
  closes,
  cutBody,
  hangs,
  json,
  page,
  type Responder,
  redirect,
  stalls,
  startHttpSite,
  status,
} from './http-site.ts';
import { basicHeader, budgetOf, errorOf, type TestSite, type TestSiteOptions, testSite } from './test-site.ts';

const types = json([{ id: '1', name: 'Laptop' }]);
const schema = 'K' as Id<'object schema'>;
const place = 'GET /objectschema/K/objecttypes/flat';

/** A read whose query has a value, which errors leave out. */
const object = '88' as Id<'object'>;
const read = ({ reader }: TestSite) => reader.objectTypes(schema);
const count = ({ reader }: TestSite) => reader.countObjects({ objectSchemaId: '1' as Id<'object schema'> });

/** Patient but where no answer comes, for a busy machine may be slow. */
const patience = (fault: Responder): TestSiteOptions =>
  fault === hangs || fault === stalls ? { timeoutMilliseconds: 200 } : {};

/** What passes by itself, with the event that tells of it and the error that it becomes when it does not pass. */
const passing: readonly [string, Responder, object, string][] = [
  ['408', status(408), { status: 408 }, 'SiteUnavailableError'],
  ['425', status(425), { status: 425 }, 'SiteUnavailableError'],
  ['500 with JSON', status(500), { status: 500 }, 'SiteUnavailableError'],
  ['502 with a web page', page(502), { status: 502 }, 'SiteUnavailableError'],
  ['503', status(503), { status: 503 }, 'SiteUnavailableError'],
  ['200 with a web page', page(), { error: expect.stringContaining('web page') }, 'UnexpectedAnswerError'],
  ['200 without a body', bytes(''), { error: expect.stringContaining('nothing') }, 'UnexpectedAnswerError'],
  ['204', status(204), { error: expect.stringContaining('nothing') }, 'UnexpectedAnswerError'],
  [
    'cut JSON',
    bytes('[{"id":"1","name":"secret val'),
    { error: expect.stringContaining('cut') },
    'UnexpectedAnswerError',
  ],
  [
    'broken UTF-8',
    bytes(Uint8Array.of(0x22, 0xff, 0x22)),
    { error: expect.stringContaining('UTF-8') },
    'UnexpectedAnswerError',
  ],
  [
    'JSON of another shape',
    json({ values: 'secret value' }),
    { error: expect.stringContaining('shape') },
    'UnexpectedAnswerError',
  ],
  ['a closed connection', closes, { error: expect.stringContaining('failed') }, 'SiteUnavailableError'],
  ['a body that is cut', cutBody, { error: expect.stringContaining('failed') }, 'SiteUnavailableError'],
  ['no answer', hangs, { error: expect.stringContaining('within 0.2 seconds') }, 'SiteUnavailableError'],
  ['a body without an end', stalls, { error: expect.stringContaining('within 0.2 seconds') }, 'SiteUnavailableError'],
];

describe('A read', () => {
  it.each(passing)('is sent again after %s', async (_case, fault, event) => {
    const site = await testSite([fault, fault, types], patience(fault));

    expect(await read(site)).toEqual([{ id: '1', name: 'Laptop' }]);

    expect(site.http.requests).toHaveLength(3);
    expect(site.reader.requests()).toMatchObject({ configuration: 3, retries: 2 });
    expect(site.reporter.requests).toHaveLength(3);
    expect(site.reporter.events).toEqual([
      { level: 'debug', name: 'request.failed', fields: { endpoint: place, ...event, attempt: 1 } },
      { level: 'debug', name: 'request.failed', fields: { endpoint: place, ...event, attempt: 2 } },
    ]);
  });

  it.each(passing)('fails after four retries of %s', async (_case, fault, _event, name) => {
    const site = await testSite([fault], patience(fault));

    const error = await errorOf(read(site));

    expect(error.name).toBe(name);
    expect(error.message).toContain(place);
    expect(error.message).toContain('after 5 attempts');
    expect(error.message).not.toMatch(/secret|includeObjectCounts/);
    expect(site.reader.requests()).toMatchObject({ configuration: 5, retries: 4 });
  });

  it('is sent again also where it is a search by POST, which changes nothing', async () => {
    const site = await testSite([status(500), closes, json({ totalCount: 3 })]);

    expect(await count(site)).toBe(3);
    expect(site.http.requests.map(({ method, body }) => [method, body])).toEqual(
      Array.from({ length: 3 }, () => ['POST', '{"qlQuery":"objectSchemaId = 1"}']),
    );
  });

  it.each([
    [400, 'RequestRefusedError'],
    [401, 'LoginRefusedError'],
    [403, 'PermissionRefusedError'],
    [404, 'NotFoundError'],
    [406, 'RequestRefusedError'],
    [410, 'RequestRefusedError'],
    [422, 'RequestRefusedError'],
  ])('is not sent again after %i, which is a %s', async (code, name) => {
    for (const answer of [status(code), page(code)]) {
      const site = await testSite([answer]);

      const error = await errorOf(read(site));

      expect(error.name).toBe(name);
      expect(error.message).toMatch(new RegExp(`^${place} .*${code}`));
      expect(error.message).not.toContain('secret');
      expect(site.http.requests).toHaveLength(1);
      expect(site.reporter.events).toEqual([
        { level: 'debug', name: 'request.failed', fields: { endpoint: place, status: code, attempt: 1 } },
      ]);
    }
  });

  it('says that a scope is missing where the site says so', async () => {
    const site = await testSite([json({ code: 401, message: 'Unauthorized; scope does not match' }, 401)]);

    expect((await errorOf(read(site))).message).toContain('scope does not match');
  });

  it('keeps the cause of a connection that failed', async () => {
    const site = await testSite([closes]);

    const error = await errorOf(read(site));

    expect(error.cause).toBeInstanceOf(Error);
    expect((error.cause as Error).message).toBe('socket hang up');
  });

  it('waits 2, 4, 8 and 16 seconds before its retries', async () => {
    const site = await testSite([status(500)]);
    const began = site.clock.now();

    await errorOf(read(site));

    expect((site.clock.now() - began) / 1000).toBeCloseTo(30, 0);
  });

  it('is not tried again when its retries have taken three minutes', async () => {
    const site = await testSite([status(503, { 'retry-after': '110' })]);

    const error = await errorOf(read(site));

    expect(error).toBeInstanceOf(SiteUnavailableError);
    expect(site.http.requests).toHaveLength(3);
  });

  it('passes through the budget with each retry', async () => {
    const slow = await testSite([status(500), types], { budget: budgetOf(1) });
    const began = slow.clock.now();

    await read(slow);

    expect(slow.clock.now() - began).toBeGreaterThan(120_000);
  });
});

describe('A rate limit', () => {
  it.each<[string, Record<string, string>]>([
    ['seconds', { 'retry-after': '40' }],
    ['an HTTP date', { 'retry-after': 'Mon, 23 Nov 2026 02:00:40 GMT' }],
    ['the time of a reset', { 'x-ratelimit-reset': '2026-11-23T02:00:40Z' }],
    ['the time of a reset without seconds', { 'x-ratelimit-reset': '2026-11-23T02:00:40.000Z', 'retry-after': 'soon' }],
  ])('holds all requests of the reader back for what the site asks, given as %s', async (_case, headers) => {
    const site = await testSite([status(429, headers), types]);
    const began = site.clock.now();
    const first = read(site);
    await expect.poll(() => site.http.requests.length).toBeGreaterThan(0);

    await Promise.all([first, read(site), read(site)]);

    expect(site.clock.now() - began).toBeGreaterThanOrEqual(40_000);
    expect(site.clock.now() - began).toBeLessThan(60_000);
    expect(site.reporter.events).toContainEqual({ level: 'info', name: 'rate-limit.waited', fields: { seconds: 40 } });
    const wait = { seconds: 40, endpoint: 'configuration', at: expect.stringMatching(/^2026-11-23T02:00:0/) };
    expect(site.reader.waits()).toEqual([wait]);
  });

  it('holds all requests back also where a 503 asks to wait', async () => {
    const site = await testSite([status(503, { 'retry-after': '25' }), types]);
    const began = site.clock.now();

    await read(site);

    expect(site.clock.now() - began).toBeGreaterThanOrEqual(25_000);
    expect(site.reporter.events.map(({ name }) => name)).toEqual(['request.failed', 'rate-limit.waited']);
  });

  it('without a time holds all requests back by the back-off, and is retried eight times', async () => {
    const site = await testSite([status(429)]);
    const began = site.clock.now();

    const error = await errorOf(read(site));

    expect(error).toBeInstanceOf(RateLimitedError);
    expect(error.message).toContain('after 9 attempts');
    // 2 + 4 + 8 + 16 + 30 + 30 + 30 + 30
    expect((site.clock.now() - began) / 1000).toBeCloseTo(150, 0);
    expect(site.reporter.events.filter(({ name }) => name === 'rate-limit.waited')).toHaveLength(8);
  });

  it('passes after eight refusals', async () => {
    const refusals = Array.from({ length: 8 }, () => status(429));
    const site = await testSite([...refusals, types]);

    expect(await read(site)).toHaveLength(1);
    expect(site.reader.requests()).toMatchObject({ retries: 8, throttled: 8 });
  });

  it('that asks for more than five minutes is an error at once, with the number', async () => {
    const site = await testSite([status(429, { 'retry-after': '301' })]);

    const error = await errorOf(read(site));

    expect(error).toBeInstanceOf(RateLimitedError);
    expect(error.message).toContain('301 seconds');
    expect(site.http.requests).toHaveLength(1);
  });

  it('is kept apart from other failures', async () => {
    const site = await testSite([status(429), status(500), status(429), closes, page(), status(429), types]);

    expect(await read(site)).toHaveLength(1);
  });
});

describe('A redirect', () => {
  it('is followed with the login where the origin stays', async () => {
    const site = await testSite([redirect('/elsewhere?x=1'), redirect('again', 307), types]);

    await read(site);

    expect(site.http.requests.map(({ url }) => url).slice(1)).toEqual(['/elsewhere?x=1', '/again']);
    expect(site.http.requests.map(({ headers }) => headers.authorization)).toEqual([
      basicHeader,
      basicHeader,
      basicHeader,
    ]);
    expect(site.reader.requests()).toMatchObject({ configuration: 3, retries: 0 });
  });

  it('never carries the login to another origin, nor back from it', async () => {
    const site = await testSite([hangs]);
    const other = await startHttpSite(redirect(`${site.http.url}/back`));
    site.http.willAnswer(redirect(`${other.url}/stolen`), types);

    await read(site);

    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(site.http.requests.map(({ headers }) => headers.authorization)).toEqual([basicHeader, undefined]);
  });

  it.each([401, 403, 404, 410, 429])('to another host that answers %i is not the refusal of the site', async (code) => {
    const site = await testSite([hangs]);
    const other = await startHttpSite(status(code));
    site.http.willAnswer(redirect(`${other.url}/?token=secret`));

    for (const request of [read(site), site.reader.comments(object), site.reader.object(object)]) {
      const error = await errorOf(request);
      expect(error).toBeInstanceOf(UnexpectedAnswerError);
      expect(error.message).toContain(`${code} at ${other.url}, to which the site redirects`);
      expect(error.message).not.toContain('secret');
    }
  });

  it('to another host and back, without the login, is none either', async () => {
    const site = await testSite([hangs]);
    const other = await startHttpSite(redirect(`${site.http.url}/back`));
    site.http.willAnswer(redirect(`${other.url}/away`), status(401), redirect(`${other.url}/away`), types);

    expect(await read(site)).toHaveLength(1);
  });

  it.each([
    ['to http on another machine', redirect('http://example.com/?token=secret')],
    ['to another scheme', redirect('file:///etc/passwd')],
    ['without an address', status(302)],
    ['without end', redirect('/round')],
    ['with a 304', status(304)],
    ['with a login in its address', redirect('https://secret:secret@example.com/')],
  ])('%s is refused', async (_case, answer) => {
    const site = await testSite([answer]);

    const error = await errorOf(read(site));

    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error.message).not.toContain('secret');
    expect(site.http.requests.length).toBeLessThanOrEqual(4);
  });

  it('of a POST is refused', async () => {
    const site = await testSite([redirect('/elsewhere')]);

    expect(await errorOf(count(site))).toBeInstanceOf(UnexpectedAnswerError);
    expect(site.http.requests).toHaveLength(1);
  });
});

describe('An interruption', () => {
  it('ends a request that is under way', async () => {
    const run = new AbortController();
    const site = await testSite([stalls], { signal: run.signal });
    const reading = errorOf(read(site));
    await expect.poll(() => site.http.requests.length).toBe(1);

    run.abort(new Error('Ctrl+C'));

    const error = (await reading) as AssetsBackupError;
    expect(error).toBeInstanceOf(InterruptedError);
    expect(error.exitCode).toBe(130);
    expect(error.cause).toEqual(new Error('Ctrl+C'));
    expect(site.http.requests).toHaveLength(1);
  });

  it('before the start sends nothing', async () => {
    const site = await testSite([types], { signal: AbortSignal.abort() });

    expect(await errorOf(read(site))).toBeInstanceOf(InterruptedError);
    expect(await errorOf(site.site.discover())).toBeInstanceOf(InterruptedError);
    expect(site.http.requests).toHaveLength(0);
  });
});

describe('Many requests at once', () => {
  it('are all answered, over connections that are kept', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    const slow: Responder = (response, request) => setTimeout(() => types(response, request), 5);
    const site = await testSite([slow], { signal: new AbortController().signal });

    const work = Array.from({ length: 64 }, async () => {
      for (let index = 0; index < 10; index += 1) await read(site);
    });
    await Promise.all(work);

    process.off('warning', warn);
    expect(site.http.requests).toHaveLength(640);
    expect(site.http.connections()).toBeLessThanOrEqual(70);
    expect(warnings).toEqual([]);
  });
});
