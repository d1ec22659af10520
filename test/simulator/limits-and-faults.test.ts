import { expect, test } from 'vitest';
import { emptySite } from '../../simulator/seeds/empty.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import type { FaultRule } from '../../simulator/start-simulator.ts';
import { officesSite } from './offices-site.ts';
import { start } from './start.ts';

function manualClock() {
  return {
    nowMs: Date.UTC(2026, 0, 1),
    now() {
      return this.nowMs;
    },
  };
}

test('admits so many requests in any minute, and says when to come again', async () => {
  const clock = manualClock();
  const { client, simulator } = await start({ site: emptySite(), clock, limits: { perEndpoint: { usage: 2 } } });
  expect((await client.get('/usage')).status).toBe(200);
  clock.nowMs += 20_000;
  expect((await client.get('/usage')).status).toBe(200);
  const refused = await client.get('/usage');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('40');
  clock.nowMs += 40_000;
  expect((await client.get('/usage')).status).toBe(200);
  expect((await client.get('/usage')).headers.get('retry-after')).toBe('20');
  expect((await client.get('/objectschema/list')).status).toBe(200);
  expect(simulator.requests.rejected).toBe(2);
  expect(simulator.requests.rejectedByEndpoint).toEqual({ usage: 2 });
  expect(simulator.requests.busiestWindow('usage')).toBe(4);
});

test('can leave Retry-After out', async () => {
  const { client } = await start({ site: emptySite(), limits: { default: 1 }, quirks: { retryAfter: false } });
  await client.get('/usage');
  const refused = await client.get('/usage');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
});

test('can limit all endpoints together', async () => {
  const { client } = await start({ site: emptySite(), limits: { overall: 2 } });
  const statuses = [];
  for (const path of ['/usage', '/icon/global', '/config/statustype']) statuses.push((await client.get(path)).status);
  expect(statuses).toEqual([200, 200, 429]);
});

test('knows the documented limits', async () => {
  const { client, simulator } = await start({
    site: officesSite().site,
    clock: manualClock(),
    limits: { documented: true },
  });
  const count = () => client.post('/object/aql/totalcount', { qlQuery: 'objectTypeId = 1' });
  for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 51 }, count));
  expect(simulator.requests.byStatus).toEqual({ 200: 500, 429: 10 });
});

test('fails as often as a rule says, after as many as it lets through', async () => {
  const rule: FaultRule = {
    endpoint: 'usage',
    skip: 1,
    times: 2,
    fault: { kind: 'status', status: 503, retryAfter: 7 },
  };
  const { client, simulator } = await start({ site: emptySite(), faults: [rule] });
  const replies = [];
  for (let index = 0; index < 4; index += 1) replies.push(await client.get('/usage'));
  expect(replies.map(({ status }) => status)).toEqual([200, 503, 503, 200]);
  expect(replies[1]?.headers.get('retry-after')).toBe('7');
  expect(simulator.faults.struck(rule)).toBe(2);
});

test('strikes only the requests that a rule matches', async () => {
  const { client, simulator } = await start({ site: officesSite().site });
  const remove = simulator.faults.add({
    endpoint: ['object', 'history'],
    match: ({ params }) => params.id === '2',
    fault: { kind: 'status', status: 500 },
  });
  const statuses = async () => [(await client.get('/object/1')).status, (await client.get('/object/2/history')).status];
  expect(await statuses()).toEqual([200, 500]);
  remove();
  expect(await statuses()).toEqual([200, 200]);
});

test('gives web pages, empty answers, other shapes and halves of answers', async () => {
  const { client, simulator } = await start({ site: emptySite() });
  const faulty = async (fault: FaultRule['fault']) => {
    simulator.faults.add({ endpoint: 'statustypes', times: 1, fault });
    return client.get('/config/statustype');
  };
  expect(await faulty({ kind: 'html', status: 503 })).toMatchObject({
    status: 503,
    text: expect.stringContaining('<html>'),
  });
  expect(await faulty({ kind: 'html', status: 200 })).toMatchObject({ status: 200, json: undefined });
  expect(await faulty({ kind: 'empty' })).toMatchObject({ status: 200, text: '' });
  expect(await faulty({ kind: 'wrong-shape', body: {} })).toMatchObject({ status: 200, json: {} });
  expect(await faulty({ kind: 'truncated' })).toMatchObject({
    status: 200,
    json: undefined,
    text: expect.stringContaining('[{'),
  });
  await expect(faulty({ kind: 'cut' })).rejects.toThrow();
  await expect(faulty({ kind: 'close' })).rejects.toThrow();
  expect((await faulty({ kind: 'delay', ms: 20 })).status).toBe(200);
  expect((await faulty({ kind: 'drop-item', index: 0 })).json).toHaveLength(6);
  expect((await faulty({ kind: 'repeat-item', index: 0 })).json).toHaveLength(8);
});

test('drops an item of a page while its totals stay', async () => {
  const { client, simulator } = await start({ site: largeSite({ objects: 3, types: 1, schemas: 1 }) });
  simulator.faults.add({ endpoint: 'object-aql', fault: { kind: 'drop-item', index: 1 } });
  const { json } = await client.aql('objectTypeId = 1');
  expect(json.values).toHaveLength(2);
  expect(json).toMatchObject({ total: 3, last: true });
});

test('can spoil icons as well', async () => {
  const { client, simulator } = await start({ site: emptySite() });
  simulator.faults.add({ endpoint: 'icon-png', fault: { kind: 'html' } });
  expect((await client.get('/icon/1/icon.png')).status).toBe(502);
});

test('can do the work and lose only the answer', async () => {
  const { site, office } = officesSite();
  const { client, simulator } = await start({ site });
  const nameId = site.labelAttribute(office.id)?.id;
  const create = () =>
    client.post('/object/create', {
      objectTypeId: `${office.id}`,
      attributes: [{ objectTypeAttributeId: `${nameId}`, objectAttributeValues: [{ value: 'lost' }] }],
    });
  simulator.faults.add({ endpoint: 'object-create', times: 1, workDone: true, fault: { kind: 'status', status: 504 } });
  expect((await create()).status).toBe(504);
  expect(await client.labels('Name = lost')).toEqual(['lost']);
  simulator.faults.add({ endpoint: 'object-create', times: 1, fault: { kind: 'close' } });
  await expect(create()).rejects.toThrow();
  expect(await client.labels('Name = lost')).toEqual(['lost']);
});

test('closes with a request that hangs', async () => {
  const { client, simulator } = await start({
    site: emptySite(),
    faults: [{ endpoint: 'usage', fault: { kind: 'hang' } }],
  });
  const hanging = client.get('/usage').catch(() => 'failed');
  await new Promise<void>((resolve) => simulator.onRequest('usage', () => void setTimeout(resolve, 5)));
  await simulator.close();
  expect(await hanging).toBe('failed');
});

test('keeps a log and counters that can be reset', async () => {
  const { client, simulator } = await start({ site: emptySite() });
  await client.get('/usage');
  await client.get('/nothing');
  expect(simulator.requests.log).toMatchObject([
    { endpoint: 'usage', method: 'GET', path: `${client.assetsBase}/usage`, status: 200 },
    { endpoint: 'unknown', status: 404 },
  ]);
  expect(simulator.requests).toMatchObject({ total: 2, byEndpoint: { usage: 1, unknown: 1 }, inFlight: 0 });
  simulator.requests.reset();
  expect(simulator.requests).toMatchObject({ total: 0, byEndpoint: {}, log: [] });
});

test('gives answers that are packed, heavy, nested, or pages without an end', async () => {
  const { client, simulator } = await start({ site: largeSite({ objects: 5, types: 1, schemas: 1 }) });
  const faulty = async (fault: FaultRule['fault'], query = '') => {
    simulator.faults.add({ endpoint: ['object-aql', 'statustypes'], times: 1, fault });
    return query === '' ? client.get('/config/statustype') : client.aql('objectTypeId = 1', query);
  };
  const packed = await faulty({ kind: 'packed', bytes: 1_000_000 });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(Number(packed.headers.get('content-length'))).toBeLessThan(10_000);
  expect(packed.text.length).toBeGreaterThan(1_000_000);
  expect(packed.json).toHaveLength(7);

  const heavy = await faulty({ kind: 'heavy', bytesEach: 10_000 });
  expect(heavy.text.length).toBeGreaterThan(7 * 10_000);
  expect(JSON.parse(heavy.text)).toHaveLength(7);
  const nested = await faulty({ kind: 'nested', depth: 5, id: '2' });
  expect(nested.json.map((record: { undocumented?: unknown }) => record.undocumented)).toContainEqual([[[[[]]]]]);

  const pages = [];
  for (const startAt of [0, 2, 4, 8])
    pages.push((await faulty({ kind: 'endless' }, `startAt=${startAt}&maxResults=3`)).json);
  const ids = pages.map(({ values }) => values.map(({ id }: { id: string }) => id));
  expect(ids[0]).toEqual(['1', '2', '3']);
  expect(ids[1]?.[0]).toBe('3');
  expect(ids[2]?.[0]).toBe(ids[1]?.[2]);
  expect(new Set(ids.flat()).size).toBe(10);
  expect(pages.some(({ isLast }) => isLast)).toBe(false);
});

test('can stall in the middle of a body', async () => {
  const { simulator } = await start({
    site: emptySite(),
    faults: [{ endpoint: 'tenant-info', fault: { kind: 'stall' } }],
  });
  const response = await fetch(`${simulator.url}/_edge/tenant_info`);
  const reader = response.body?.getReader();
  expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
  const late = reader?.read().then(() => 'more');
  expect(await Promise.race([late, new Promise((resolve) => setTimeout(() => resolve('nothing'), 100))])).toBe(
    'nothing',
  );
  await reader?.cancel();
});
