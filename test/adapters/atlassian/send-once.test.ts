import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAssetsSite } from '../../../adapters/atlassian/assets-site.ts';
import { InterruptedError, OutcomeUnknownError, RateLimitedError, SiteUnavailableError } from '../../../core/errors.ts';
import type { Id } from '../../../core/model/ids.ts';
import type { AssetsWriter } from '../../../core/ports/assets-writer.ts';
import { VirtualClock } from '../../virtual-clock.ts';
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
import { ample, errorOf, loginSettings, RecordingReporter, type TestSite, testSite, workspaceAt } from './test-site.ts';

const id = <Kind extends string>(text: string) => text as Id<Kind>;
const made = json({ id: '39' }, 201);
const place = 'POST /objectschema/create';
const create = ({ writer }: { writer: AssetsWriter }) =>
  writer.createObjectSchema({ name: 'secret value', objectSchemaKey: 'A' });
const update = ({ writer }: TestSite) => writer.updateAttribute(id('23'), id('1'), { name: 'secret value' });
const patience = (fault: Responder) => (fault === hangs || fault === stalls ? { timeoutMilliseconds: 200 } : {});

/** After any of these, the site may have made what it was asked for. */
const unclear: readonly [string, Responder][] = [
  ['408', status(408)],
  ['500', status(500)],
  ['501', status(501)],
  ['502 with a web page', page(502)],
  ['503', status(503)],
  ['503 that asks to wait', status(503, { 'retry-after': '20' })],
  ['504', status(504)],
  ['201 with a web page', page(201)],
  ['201 without a body', json('', 201)],
  ['204', status(204)],
  ['cut JSON', bytes('{"id":"39","name":"secret val')],
  ['JSON without an id', json({ name: 'secret value' }, 201)],
  ['JSON of another shape', json(['secret value'], 201)],
  ['a redirect', redirect('/elsewhere')],
  ['a redirect with 307', redirect('/elsewhere', 307)],
  ['303', redirect('/elsewhere', 303)],
  ['a closed connection', closes],
  ['a body that is cut', cutBody],
  ['no answer', hangs],
  ['a body without an end', stalls],
];

describe('A create', () => {
  it.each(unclear)('is not sent again after %s, and what became of it is not known', async (_case, fault) => {
    const site = await testSite([fault, made], patience(fault));

    const error = await errorOf(create(site));

    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error.message).toMatch(new RegExp(`^${place} .*whether it was carried out is not known`));
    expect(error.message).not.toContain('secret');
    expect(site.http.requests).toHaveLength(1);
    expect(site.writer.requests()).toMatchObject({ configuration: 1, retries: 0 });
    expect(site.reporter.events.filter(({ name }) => name === 'request.failed')).toEqual([
      { level: 'debug', name: 'request.failed', fields: expect.objectContaining({ endpoint: place, attempt: 1 }) },
    ]);
    expect(JSON.stringify(site.reporter.events)).not.toContain('secret');
  });

  it('keeps the cause of a connection that failed', async () => {
    const error = await errorOf(create(await testSite([closes])));

    expect((error.cause as Error).message).toBe('socket hang up');
  });

  it('never follows a redirect, to this site or another', async () => {
    const other = await startHttpSite(made);
    const site = await testSite([redirect(`${other.url}/stolen`, 308)]);

    await errorOf(create(site));

    expect(other.requests).toEqual([]);
  });

  it('is sent again after a 429, when the time that the site asks for has passed', async () => {
    const site = await testSite([status(429, { 'retry-after': '40' }), status(429), made]);
    const began = site.clock.now();

    expect(await create(site)).toEqual({ id: '39' });

    expect(site.clock.now() - began).toBeGreaterThanOrEqual(40_000);
    expect(site.http.requests).toHaveLength(3);
    expect(site.writer.requests().retries).toBe(2);
  });

  it('is surely not carried out where the site answers only 429', async () => {
    const site = await testSite([status(429)]);

    expect(await errorOf(create(site))).toBeInstanceOf(RateLimitedError);
    expect(site.http.requests).toHaveLength(9);
  });

  it('is not known to be undone where another failure comes after a 429', async () => {
    const site = await testSite([status(429), closes, made]);

    expect(await errorOf(create(site))).toBeInstanceOf(OutcomeUnknownError);
    expect(site.http.requests).toHaveLength(2);
  });

  it('that is answered 503 with a time holds the others back', async () => {
    const site = await testSite([status(503, { 'retry-after': '25' }), made]);
    const began = site.clock.now();

    await errorOf(create(site));
    await create(site);

    expect(site.clock.now() - began).toBeGreaterThanOrEqual(25_000);
  });

  it('that is interrupted in its flight is interrupted', async () => {
    const run = new AbortController();
    const site = await testSite([stalls], { signal: run.signal });
    const writing = errorOf(create(site));
    await expect.poll(() => site.http.requests.length).toBe(1);

    run.abort();

    expect(await writing).toBeInstanceOf(InterruptedError);
  });

  it('is sent again where no connection was made', async () => {
    const { writer, server, reporter } = await siteThatComesUp(2);

    expect(await create({ writer })).toEqual({ id: '39' });

    expect(server.answered()).toBe(1);
    expect(writer.requests()).toMatchObject({ configuration: 3, retries: 2 });
    expect(reporter.events).toHaveLength(2);
  });

  it('is surely not carried out where no connection is ever made', async () => {
    const { writer } = await siteThatComesUp(100);

    const error = await errorOf(create({ writer }));

    expect(error).toBeInstanceOf(SiteUnavailableError);
    expect(error.message).toContain('after 5 attempts');
  });
});

describe('A write that may be carried out twice', () => {
  it.each<[string, Responder]>([
    ['429', status(429)],
    ['500', status(500)],
    ['503', status(503)],
    ['a web page', page()],
    ['a closed connection', closes],
    ['a body that is cut', cutBody],
    ['no answer', hangs],
  ])('is sent again after %s', async (_case, fault) => {
    const site = await testSite([fault, fault, json({ id: '1' })], patience(fault));

    await update(site);

    expect(site.http.requests.map(({ method, body }) => [method, body])).toEqual(
      Array.from({ length: 3 }, () => ['PUT', '{"name":"secret value"}']),
    );
  });

  it.each([
    ['without a body', bytes('')],
    ['with 204', (response) => response.writeHead(204).end()],
    ['with an empty text/html', bytes('', 'text/html')],
    ['with any JSON', json([])],
  ] as [string, Responder][])('needs no body: it is done when it is answered 2xx %s', async (_case, answer) => {
    const site = await testSite([answer]);

    await update(site);
    await site.writer.setObjectSchemaProperties(id('6'), {
      allowOtherObjectSchema: true,
      validateQuickCreate: true,
      quickCreateObjects: true,
    });

    expect(site.http.requests).toHaveLength(2);
  });

  it('fails as a read does', async () => {
    for (const [fault, name] of [
      [status(500), 'SiteUnavailableError'],
      [page(), 'UnexpectedAnswerError'],
      [redirect('/elsewhere', 307), 'UnexpectedAnswerError'],
    ] as const) {
      const error = await errorOf(update(await testSite([fault])));

      expect(error.name).toBe(name);
      expect(error.message).not.toContain('secret');
    }
  });
});

/** A site whose port is closed until so many requests have failed. */
async function siteThatComesUp(afterFailures: number) {
  const port = await freePort();
  const reporter = new RecordingReporter();
  let answered = 0;
  const server = createServer((_request, response) => {
    answered += 1;
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"39"}');
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const clock = new VirtualClock({ runs: true });
  const sleep = clock.sleep.bind(clock);
  clock.sleep = async (milliseconds, signal) => {
    if (reporter.events.length >= afterFailures && !server.listening) await listening(server, port);
    return sleep(milliseconds, signal);
  };
  const url = `http://127.0.0.1:${port}`;
  const settings = loginSettings({ siteName: url, apiUrl: url });
  const site = createAssetsSite({ settings, clock, reporter, random: () => 0.5 });
  return { writer: site.writer(workspaceAt(url), ample), reporter, server: { answered: () => answered } };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await listening(server, 0);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}
