import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { boundsOf, mostDepth, mostPages, smallBytes } from '../../../adapters/atlassian/answer-bounds.ts';
import type { Id } from '../../../core/model/ids.ts';
import { json, type Responder } from './http-site.ts';
import { errorOf, testSite } from './test-site.ts';

const schema = 'K' as Id<'object schema'>;
const { bytes: mostBytes, values: mostValues } = boundsOf('configuration');
const place = 'GET /objectschema/K/objecttypes/flat';

/** JSON of so many bytes, packed: some kilobytes on the way. */
function packed(text: string, bytes: number, code = 200): Responder {
  const body = gzipSync(Buffer.concat([Buffer.from(text), Buffer.alloc(bytes - text.length, ' ')]));
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(body);
  };
}

/** An answer that goes on until nobody takes it any more. */
const endless =
  (code: number, ended: (response: ServerResponse) => void = () => undefined): Responder =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    const piece = Buffer.alloc(64 * 1024, ' ');
    const pump = () => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once('drain', pump);
    };
    response.once('close', () => ended(response));
    pump();
  };

const nested = (depth: number, leaf = '') => `[{"id":"1","a":${'['.repeat(depth - 2)}${leaf}${']'.repeat(depth - 2)}}]`;

describe('An answer', () => {
  it('may weigh so much and no byte more, however small it is on the way', async () => {
    const types = '[{"id":"1"}]';
    const within = await testSite([packed(types, mostBytes)]);
    expect(await within.reader.objectTypes(schema)).toEqual([{ id: '1' }]);

    const beyond = await testSite([packed(types, mostBytes + 1)]);
    const error = await errorOf(beyond.reader.objectTypes(schema));
    expect(error.name).toBe('ExcessiveAnswerError');
    expect(error.message).toBe(
      `${place} answered more than 16 MB, after 2 attempts: that is more than is ever read at once, so look in Assets what stands there.`,
    );
    expect(beyond.http.requests).toHaveLength(2);
  });

  it('that never ends is left, and its connection closed', async () => {
    const closed: Promise<unknown>[] = [];
    const responder: Responder = (response, request) => {
      closed.push(once(response, 'close'));
      endless(200)(response, request);
    };
    const site = await testSite([responder]);

    expect((await errorOf(site.reader.history('1' as Id<'object'>))).name).toBe('ExcessiveAnswerError');
    await Promise.all(closed);
    expect(closed).toHaveLength(2);
  });

  it.each([
    [404, 'NotFoundError'],
    [400, 'RequestRefusedError'],
    [403, 'PermissionRefusedError'],
    [401, 'LoginRefusedError'],
    [500, 'SiteUnavailableError'],
    [429, 'RateLimitedError'],
  ])('of %i is what its status says, of which only the beginning is read', async (code, name) => {
    const { reader } = await testSite([endless(code)]);

    expect((await errorOf(reader.objectTypes(schema))).name).toBe(name);
  });

  it('may be nested so deep and no deeper, whatever stands there', async () => {
    for (const leaf of ['', '1', '1.0']) {
      const within = await testSite([json(nested(mostDepth, leaf))]);
      expect(JSON.stringify(await within.reader.objectTypes(schema)), leaf).toContain(`[${leaf === '1.0' ? '' : leaf}`);

      for (const depth of [mostDepth + 1, 5_000, 200_000]) {
        const beyond = await testSite([json(nested(depth, leaf))]);
        const error = await errorOf(beyond.reader.objectTypes(schema));
        expect(error.name, `${leaf} ${depth}`).toBe('ExcessiveAnswerError');
        expect(error.message).toContain('nested more than 200 levels deep');
      }
    }
  });

  it('may have so many values, and commas in texts do not count', async () => {
    // One for the list, one for each record and for each list in it.
    const many = (count: number) => `[${Array.from({ length: count }, () => '{"id":[]}').join()}]`;
    const [within, beyond] = [Math.floor((mostValues - 1) / 3), Math.ceil(mostValues / 3)];
    for (const text of [many(within), `[{"id":"${',[{\\"'.repeat(mostValues)}"}]`]) {
      const { reader } = await testSite([json(text)]);
      expect((await reader.globalReferenceTypes()).length).toBeGreaterThan(0);
    }

    const { reader } = await testSite([json(many(beyond + 1))]);
    const error = await errorOf(reader.globalReferenceTypes());
    expect(error.name).toBe('ExcessiveAnswerError');
    expect(error.message).toContain('JSON of more than 1,000,000 values');
  });

  it('to a create leaves open whether it was made, and of a refusal says that it was not', async () => {
    const input = { name: 'A', objectSchemaKey: 'A' };
    const made = await testSite([packed('{"id":"1"}', mostBytes + 1, 201)]);
    expect((await errorOf(made.writer.createObjectSchema(input))).name).toBe('OutcomeUnknownError');
    expect(made.http.requests).toHaveLength(1);

    for (const refusal of [endless(400), json(`{"errors":${nested(200_000)}}`, 400)]) {
      const refused = await testSite([refusal]);
      expect((await errorOf(refused.writer.createObjectSchema(input))).name).toBe('RequestRefusedError');
    }
  });
});

describe('Many large answers at once', () => {
  const large = json(JSON.stringify([{ id: '1', text: 'x'.repeat(4 * smallBytes) }]));

  it('all come, one after the other', async () => {
    const { reader } = await testSite([large]);

    const answers = await Promise.all(Array.from({ length: 40 }, () => reader.objectTypes(schema)));

    expect(answers.every(([type]) => type?.id === '1')).toBe(true);
  });

  it('wait for their place without the time running out, and give it on when they fail', async () => {
    const timeoutMilliseconds = 300;
    /** Large, and then late, but not too late. */
    const slow: Responder = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`[${' '.repeat(2 * smallBytes)}`);
      setTimeout(() => response.end(']'), timeoutMilliseconds / 2);
    };
    const stalled: Responder = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`[${' '.repeat(2 * smallBytes)}`);
    };
    const { reader } = await testSite([stalled, stalled, slow], { timeoutMilliseconds });

    // One after the other they take far more than the time that each of them has.
    const answers = await Promise.all(Array.from({ length: 6 }, () => reader.objectTypes(schema)));

    expect(answers).toEqual(Array.from({ length: 6 }, () => []));
  });

  it('end with the run, also those that wait', async () => {
    const run = new AbortController();
    let underWay = 0;
    const responder: Responder = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`[${' '.repeat(2 * smallBytes)}`, () => {
        underWay += 1;
        if (underWay === 5) run.abort();
      });
    };
    const { reader } = await testSite([responder], { signal: run.signal });

    const errors = await Promise.all(Array.from({ length: 5 }, () => errorOf(reader.objectTypes(schema))));

    expect(errors.map(({ name }) => name)).toEqual(Array.from({ length: 5 }, () => 'InterruptedError'));
  });
});

describe('Pages that never end', () => {
  const startOf = (url: string) => Number(new URL(url, 'http://site').searchParams.get('startAt'));
  /** A page whose records are new on every page. */
  const fresh =
    (wrap: (records: readonly object[], startAt: number) => unknown): Responder =>
    (response, request) => {
      const startAt = startOf(request.url);
      const record = { id: `${startAt}`, objectSchemaKey: `K${startAt}`, accountId: `${startAt}`, name: `${startAt}` };
      json(wrap([record], startAt))(response, request);
    };

  it.each<[string, Responder, number]>([
    ['that the site counts', fresh((values) => ({ values, isLast: false, total: 3 })), 1007],
    ['that nobody counts', fresh((values) => ({ values, isLast: false })), 100_001],
  ])('of schemas %s are a fault', async (_case, responder, most) => {
    const { reader, http } = await testSite([
      (response, request) => {
        // The pages that nobody counts are as large as is asked for.
        if (most < 10_000) return responder(response, request);
        const startAt = startOf(request.url);
        const values = Array.from({ length: 5_000 }, (_, at) => ({ id: `${startAt + at}`, objectSchemaKey: 'K' }));
        return json({ values, isLast: false })(response, request);
      },
    ]);

    const error = await errorOf(reader.objectSchemas());

    expect(error.name).toBe('ExcessiveAnswerError');
    expect(error.message).toContain('pages without an end');
    expect(http.requests.length).toBeLessThanOrEqual(most + 2);
  });

  it('of users are a fault', async () => {
    const { reader, http } = await testSite([fresh((records) => records)]);

    const error = await errorOf(reader.accounts());

    expect(error.name).toBe('ExcessiveAnswerError');
    expect(http.requests).toHaveLength(mostPages + 2);
  });
});
