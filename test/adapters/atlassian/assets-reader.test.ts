import { describe, expect, it } from 'vitest';
import { NotFoundError, UnexpectedAnswerError } from '../../../core/errors.ts';
import type { Id } from '../../../core/model/ids.ts';
import type { EndpointClass } from '../../../core/model/request-budget.ts';
import type { AssetsReader, ObjectPage } from '../../../core/ports/assets-reader.ts';
import { bytes, json, page, type Responder, status } from './http-site.ts';
import { sample, sampleRecord, withoutMediaTokens } from './sample.ts';
import { basicHeader, errorOf, testSite } from './test-site.ts';

const id = <Kind extends string>(text: string) => text as Id<Kind>;
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const base = '/jsm/assets/workspace/ws-1/v1';

interface Read {
  readonly name: string;
  readonly read: (reader: AssetsReader) => Promise<unknown>;
  readonly answer: Responder;
  readonly request: string;
  readonly endpointClass: EndpointClass;
  readonly expected: unknown;
  readonly body?: unknown;
}

const aql = sampleRecord('object-aql') as { values: unknown; objectTypeAttributes: unknown };

const reads: readonly Read[] = [
  {
    name: 'how many objects refer to one',
    read: (reader) => reader.inboundReferences(id('88')),
    answer: json(sample('object-referenceinfo')),
    request: 'GET /object/88/referenceinfo',
    endpointClass: 'object-references',
    expected: 2,
  },
  {
    name: 'how many objects of several types refer to one',
    read: (reader) => reader.inboundReferences(id('88')),
    answer: json([2, 1, 0].map((numberOfReferencedObjects) => ({ numberOfReferencedObjects }))),
    request: 'GET /object/88/referenceinfo',
    endpointClass: 'object-references',
    expected: 3,
  },
  {
    name: 'that no object refers to one',
    read: (reader) => reader.inboundReferences(id('88')),
    answer: json([]),
    request: 'GET /object/88/referenceinfo',
    endpointClass: 'object-references',
    expected: 0,
  },
  {
    name: 'which issues are connected to an object',
    read: (reader) => reader.connectedTickets(id('88')),
    answer: json(sample('objectconnectedtickets')),
    request: 'GET /objectconnectedtickets/88/tickets',
    endpointClass: 'object',
    expected: ['10968'],
  },
  {
    name: 'the list of schemas',
    read: (reader) => reader.objectSchemas(),
    answer: json(sample('objectschema-list')),
    request: 'GET /objectschema/list?startAt=0&maxResults=50&includeCounts=true',
    endpointClass: 'configuration',
    expected: sampleRecord('objectschema-list').values,
  },
  {
    name: 'a schema',
    read: (reader) => reader.objectSchema(id('39')),
    answer: json(sample('objectschema-get')),
    request: 'GET /objectschema/39',
    endpointClass: 'configuration',
    expected: sample('objectschema-get'),
  },
  {
    name: 'the properties of a schema',
    read: (reader) => reader.objectSchemaProperties(id('6')),
    answer: json(sample('schema-property')),
    request: 'GET /global/config/objectschema/6/property',
    endpointClass: 'configuration',
    expected: { offered: true, value: sample('schema-property') },
  },
  {
    name: 'the types of a schema',
    read: (reader) => reader.objectTypes(id('6')),
    answer: json(sample('objectschema-objecttypes-flat')),
    request: 'GET /objectschema/6/objecttypes/flat?includeObjectCounts=true',
    endpointClass: 'configuration',
    expected: sample('objectschema-objecttypes-flat'),
  },
  {
    name: 'the attributes of a type',
    read: (reader) => reader.attributes(id('23')),
    answer: json(sample('objecttype-attributes')),
    request: 'GET /objecttype/23/attributes',
    endpointClass: 'object-type-attributes',
    expected: sample('objecttype-attributes'),
  },
  {
    name: 'the global status types',
    read: (reader) => reader.globalStatusTypes(),
    answer: json(sample('statustype-list')),
    request: 'GET /config/statustype',
    endpointClass: 'configuration',
    expected: sample('statustype-list'),
  },
  {
    name: 'the status types of a schema',
    read: (reader) => reader.statusTypes(id('6')),
    answer: json([]),
    request: 'GET /config/statustype?objectSchemaId=6',
    endpointClass: 'configuration',
    expected: [],
  },
  {
    name: 'the global reference types',
    read: (reader) => reader.globalReferenceTypes(),
    answer: json(sample('referencetype-list')),
    request: 'GET /config/referencetype',
    endpointClass: 'configuration',
    expected: sample('referencetype-list'),
  },
  {
    name: 'the reference types of a schema',
    read: (reader) => reader.referenceTypes(id('6')),
    answer: json(sample('referencetype-list')),
    request: 'GET /config/referencetype?objectSchemaId=6',
    endpointClass: 'configuration',
    expected: sample('referencetype-list'),
  },
  {
    name: 'the global icons',
    read: (reader) => reader.globalIcons(),
    answer: json(sample('icon-global')),
    request: 'GET /icon/global',
    endpointClass: 'configuration',
    expected: sample('icon-global'),
  },
  {
    name: 'an icon with a UUID',
    read: (reader) => reader.icon(id('0c5b7b3e-9d8e-4e60-8df1-1d1c2a5b0d11')),
    answer: json({ id: '0c5b7b3e-9d8e-4e60-8df1-1d1c2a5b0d11', name: 'Laptop' }),
    request: 'GET /icon/0c5b7b3e-9d8e-4e60-8df1-1d1c2a5b0d11',
    endpointClass: 'configuration',
    expected: { id: '0c5b7b3e-9d8e-4e60-8df1-1d1c2a5b0d11', name: 'Laptop' },
  },
  {
    name: "an icon's image",
    read: (reader) => reader.iconImage(id('13')),
    answer: bytes(png, 'image/png'),
    request: 'GET /icon/13/icon.png?size=48',
    endpointClass: 'configuration',
    expected: new Uint8Array(png),
  },
  {
    name: 'a page of objects',
    read: (reader) => pageOf(reader.objects({ objectTypeId: id('23'), startAt: 500, maxResults: 250 })),
    answer: json(aql),
    request: 'POST /object/aql?startAt=500&maxResults=250&includeAttributes=true',
    body: { qlQuery: 'objectTypeId = 23 order by Key asc' },
    endpointClass: 'object-aql',
    expected: { objects: aql.values, attributes: aql.objectTypeAttributes, isLast: false },
  },
  {
    name: 'a page of the objects with ids from one on',
    read: (reader) =>
      pageOf(reader.objects({ objectTypeId: id('23'), ids: { from: 88 }, startAt: 0, maxResults: 400 })),
    answer: json(aql),
    request: 'POST /object/aql?startAt=0&maxResults=400&includeAttributes=true',
    body: { qlQuery: 'objectTypeId = 23 AND objectId >= 88 order by Key asc' },
    endpointClass: 'object-aql',
    expected: { objects: aql.values, attributes: aql.objectTypeAttributes, isLast: false },
  },
  {
    name: 'the count of the objects with ids of a range',
    read: (reader) => reader.countObjects({ objectTypeId: id('23'), ids: { from: 88, to: 99 } }),
    answer: json({ totalCount: 3 }),
    request: 'POST /object/aql/totalcount',
    body: { qlQuery: 'objectTypeId = 23 AND objectId >= 88 AND objectId <= 99' },
    endpointClass: 'object-count',
    expected: 3,
  },
  {
    name: 'the count of a type',
    read: (reader) => reader.countObjects({ objectTypeId: id('23') }),
    answer: json(sample('object-aql-totalcount')),
    request: 'POST /object/aql/totalcount',
    body: { qlQuery: 'objectTypeId = 23' },
    endpointClass: 'object-count',
    expected: 5,
  },
  {
    name: 'the count of a schema',
    read: (reader) => reader.countObjects({ objectSchemaId: id('6') }),
    answer: json({ totalCount: 0 }),
    request: 'POST /object/aql/totalcount',
    body: { qlQuery: 'objectSchemaId = 6' },
    endpointClass: 'object-count',
    expected: 0,
  },
  {
    name: 'an object',
    read: (reader) => reader.object(id('88')),
    answer: json(sample('object-get')),
    request: 'GET /object/88',
    endpointClass: 'object',
    expected: sample('object-get'),
  },
  {
    name: 'a history',
    read: (reader) => reader.history(id('88')),
    answer: json(sample('object-history')),
    request: 'GET /object/88/history?asc=true',
    endpointClass: 'history',
    expected: sample('object-history'),
  },
  {
    name: 'comments',
    read: (reader) => reader.comments(id('88')),
    answer: json(sample('comment-cloud')),
    request: 'GET /comment/object/88',
    endpointClass: 'comments',
    expected: { offered: true, value: sample('comment-cloud') },
  },
  {
    name: 'the usage',
    read: (reader) => reader.usage(),
    answer: json(sample('usage')),
    request: 'GET /usage',
    endpointClass: 'configuration',
    expected: {
      offered: true,
      value: { objects: 1234, schemas: [{ id: '1', name: 'hardware-assets', objects: 567 }] },
    },
  },
];

async function pageOf(reading: Promise<ObjectPage>): Promise<Omit<ObjectPage, 'bytes'>> {
  const { bytes: _, ...page } = await reading;
  return page;
}

describe('The reader of a site', () => {
  it.each(reads)('reads $name whole, by the documented request', async (one) => {
    const { http, reader, reporter } = await testSite([one.answer]);

    const value = await one.read(reader);

    expect(value).toEqual(withoutMediaTokensUnlessBytes(one.expected));
    const [request] = http.requests;
    expect(`${request?.method} ${request?.url}`).toBe(one.request.replace(' ', ` ${base}`));
    expect(request?.body ? JSON.parse(request.body) : undefined).toEqual(one.body);
    expect(request?.headers.authorization).toBe(basicHeader);
    expect(request?.headers['user-agent']).toBe('assets-backup');
    expect(request?.headers.accept).toBe(one.name.includes('image') ? 'image/png,image/*;q=0.9' : 'application/json');
    expect(reporter.requests).toEqual([one.endpointClass]);
    expect(reader.requests()).toMatchObject({ [one.endpointClass]: 1, retries: 0 });
  });

  it('takes connected issues that the site does not list for none that it does not have', async () => {
    const { reader } = await testSite([json({ allTicketsQuery: 'x' })]);

    expect(await reader.connectedTickets(id('88'))).toBeUndefined();
  });

  it.each(reads)('takes neither an error object, a list of texts nor a number for $name', async ({ read }) => {
    for (const wrong of [
      { errorMessages: ['secret value'], errors: {} },
      ['secret value'],
      5,
      null,
      '"secret value"',
    ]) {
      const { reader } = await testSite([json(wrong)]);

      const error = await errorOf(read(reader));

      expect(error).toBeInstanceOf(UnexpectedAnswerError);
      expect(error.message).not.toContain('secret');
    }
  });

  it('gives unknown fields, odd names and unusual numbers back as they came, without media tokens', async () => {
    const { reader } = await testSite([
      bytes(
        '{"id":88,"attributes":[{"big":12345678901234567890,"x":1.0}],"constructor":1,"__proto__":{"a":-0},"avatar":{"mediaJwtToken":"secret","fileId":"f"}}',
      ),
    ]);

    expect(JSON.stringify(await reader.object(id('88')))).toBe(
      '{"id":88,"attributes":[{"big":12345678901234567890,"x":1.0}],"constructor":1,"__proto__":{"a":-0},"avatar":{"fileId":"f"}}',
    );
  });

  it('tolerates ids that are numbers, and records without displayName, type or value', async () => {
    const { reader } = await testSite([json([{ id: 7, name: 'Old' }])]);

    expect(await reader.attributes(id('1'))).toEqual([{ id: 7, name: 'Old' }]);
  });

  it.each([
    ['no id', [{ name: 'x' }]],
    ['an empty id', [{ id: '' }]],
    ['an id that is null', [{ id: null }]],
    ['an id that is a fraction', [{ id: 1.5 }]],
    ['a paged answer', { values: [{ id: '1' }], isLast: true }],
  ])('refuses %s in a list', async (_case, answer) => {
    const { reader } = await testSite([json(answer)]);

    expect(await errorOf(reader.objectTypes(id('1')))).toBeInstanceOf(UnexpectedAnswerError);
  });

  it.each(['12345678901234567890', '1.0', '1e3'])('refuses the number %s as an id', async (number) => {
    const { reader } = await testSite([bytes(`[{"id":${number}}]`)]);
    expect(await errorOf(reader.objectTypes(id('1')))).toBeInstanceOf(UnexpectedAnswerError);
  });

  it.each([
    ['246.0', 246],
    ['1e3', 1_000],
    // Ids are texts that hold integers as well.
    ['"246"', 246],
  ])('takes %s for the count %i', async (spelt, count) => {
    const { reader } = await testSite([bytes(`{"totalCount":${spelt}}`)]);
    expect(await reader.countObjects({ objectTypeId: id('1') })).toBe(count);
  });

  it.each([
    ['the first of them', ['2026-11-02T10:00:00.000Z', '2026-11-01T10:00:00.000Z'], '1 "2026-11-02T10:00:00.000Z"'],
    ['nothing where the objects have no such time', [undefined], undefined],
    [
      'nothing where the site sorts by something else',
      ['2026-11-01T10:00:00.000Z', '2026-11-02T10:00:00.000Z'],
      undefined,
    ],
    ['nothing of a schema without objects', [], undefined],
  ])('the newest change of a schema is %s', async (_case, times, expected) => {
    const values = times.map((updated, index) => ({ id: String(index + 1), updated }));
    const { reader } = await testSite([json({ values, isLast: true })]);

    expect(await reader.newestChange(id('6'))).toBe(expected);
  });

  it('asks by itself for an object that comes without attributes', async () => {
    const whole = { id: '2', attributes: [{ objectTypeAttributeId: '9', objectAttributeValues: [] }] };
    const { http, reader } = await testSite([json({ values: [{ id: '2' }], isLast: true }), json(whole)]);

    const page = await reader.objects({ objectTypeId: id('1'), startAt: 0, maxResults: 500 });

    expect(page.objects).toEqual([whole]);
    expect(http.requests[1]?.url).toMatch(/\/object\/2$/);
  });

  it.each([-1, 1.5, '1.5', '', 'five', null])('refuses %j as a count', async (totalCount) => {
    const { reader } = await testSite([json({ totalCount })]);

    expect(await errorOf(reader.countObjects({ objectTypeId: id('1') }))).toBeInstanceOf(UnexpectedAnswerError);
  });

  it('quotes an id that is no number in a query, and escapes it in a path', async () => {
    const { http, reader } = await testSite([json({ totalCount: 1 }), json([])]);

    await reader.countObjects({ objectTypeId: id('1" OR "1') });
    await reader.objectTypes(id('../usage?x#'));

    expect(JSON.parse(http.requests[0]?.body ?? '')).toEqual({ qlQuery: 'objectTypeId = "1\\" OR \\"1"' });
    expect(http.requests[1]?.url).toBe(
      `${base}/objectschema/..%2Fusage%3Fx%23/objecttypes/flat?includeObjectCounts=true`,
    );
    expect(() => reader.object(id('..'))).toThrow(TypeError);
  });

  it.each([
    ['GIF89a', 'image/png'],
    ['<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', 'text/html'],
    ['what we do not know', 'image/x-icon'],
  ])('takes any image for one, %j as %s', async (image, type) => {
    const { reader } = await testSite([bytes(image, type)]);

    expect(new TextDecoder().decode(await reader.iconImage(id('1')))).toBe(image);
  });

  it.each([
    ['{"message":"no image"}', 'application/json', 1],
    ['no image', 'application/octet-stream', 1],
    ['<!DOCTYPE html><svg/>', 'text/html', 5],
    ['<html>', 'image/png', 5],
    ['', 'image/png', 5],
  ])(
    'takes %j as %s for no image, and asks again only for what may come from a proxy',
    async (answer, type, requests) => {
      const { reader, http } = await testSite([bytes(answer, type)]);

      expect(await errorOf(reader.iconImage(id('1')))).toBeInstanceOf(UnexpectedAnswerError);
      expect(http.requests).toHaveLength(requests);
    },
  );
});

describe('A page of objects', () => {
  const object = { id: '1', attributes: [] };
  const query = { objectTypeId: id<'object type'>('1'), startAt: 0, maxResults: 2 };

  it.each([
    [{ isLast: true }, true],
    [{ isLast: false }, false],
    [{ isLast: 'true' }, true],
    [{ isLast: 'false', last: true }, false],
    [{ last: true }, true],
    [{ last: 'false' }, false],
    [{}, undefined],
    [{ hasMoreResults: true, isLast: true }, false],
    [{ hasMoreResults: false }, true],
    [{ hasMoreResults: false, isLast: 'false' }, false],
    [{ isLast: 'perhaps' }, undefined],
  ])('with %j has isLast = %j', async (fields, isLast) => {
    const { reader } = await testSite([json({ values: [object], ...fields })]);

    expect(await pageOf(reader.objects(query))).toEqual({ objects: [object], attributes: [], isLast });
  });

  it('comes with its objects as they were received', async () => {
    const avatar = { url16: 'x', mediaJwtToken: 'eyJ.a-b' };
    const { reader } = await testSite([json({ values: [object, { ...object, avatar }], isLast: true })]);

    const { objects } = await reader.objects(query, (one, { received }) => ({ id: one.id, one, received }));
    expect(objects.map(({ one }) => one)).toEqual([object, { ...object, avatar: { url16: 'x' } }]);
    for (const { one, received } of objects) expect(new TextDecoder().decode(received)).toBe(JSON.stringify(one));
  });

  it.each([
    ['without attributes', { values: [{ id: '1' }] }],
    ['with attributes that are no list', { values: [{ id: '1', attributes: {} }] }],
    ['without an id', { values: [{ attributes: [] }] }],
    ['without a list of objects', { objectEntries: [object] }],
  ])('with an object %s is no answer', async (_case, answer) => {
    const { reader } = await testSite([json(answer)]);

    expect(await errorOf(reader.objects(query))).toBeInstanceOf(UnexpectedAnswerError);
  });
});

describe('The list of schemas', () => {
  const schema = (number: number) => ({ id: String(number), objectSchemaKey: `K${number}` });
  const pageOf = (numbers: number[], fields: object = {}) => json({ values: numbers.map(schema), total: 1, ...fields });

  it.each([
    ['a boolean', { isLast: false }, { isLast: true }],
    ['a text', { isLast: 'false' }, { isLast: 'true' }],
    ['only in last', { last: false }, { last: true }],
  ])('is read to its end where the end is told by %s, whatever the total says', async (_case, more, end) => {
    const { http, reader } = await testSite([pageOf([1, 2], more), pageOf([2, 3], more), pageOf([4], end)]);

    expect(await reader.objectSchemas()).toEqual([1, 2, 3, 4].map(schema));
    expect(http.requests.map(({ url }) => new URL(url, 'http://x').searchParams.get('startAt'))).toEqual([
      '0',
      '2',
      '4',
    ]);
  });

  it.each([[[]], [[1, 2]]])('ends with a page that brings nothing new (%j) where no end is told', async (last) => {
    const { http, reader } = await testSite([pageOf([1, 2]), pageOf([3]), pageOf(last)]);

    expect(await reader.objectSchemas()).toEqual([1, 2, 3].map(schema));
    expect(http.requests).toHaveLength(3);
  });

  it('is not read for ever where pages bring nothing new and none is the last', async () => {
    const { reader } = await testSite([pageOf([1, 2], { isLast: false })]);

    expect(await errorOf(reader.objectSchemas())).toBeInstanceOf(UnexpectedAnswerError);
  });

  it('may be empty', async () => {
    const { reader } = await testSite([pageOf([], { isLast: true })]);

    expect(await reader.objectSchemas()).toEqual([]);
  });
});

describe('What a site may not offer', () => {
  const scopeMismatch = json({ code: 401, message: 'Unauthorized; scope does not match' }, 401);
  const noSuchRoute = json({ type: 'about:blank', title: 'Not Found', status: 404 }, 404);

  it.each<[string, (reader: AssetsReader) => Promise<unknown>, Responder, string]>([
    ['properties: 404', (reader) => reader.objectSchemaProperties(id('1')), noSuchRoute, '404'],
    ['properties: 405', (reader) => reader.objectSchemaProperties(id('1')), status(405), '405'],
    ['properties: no scope', (reader) => reader.objectSchemaProperties(id('1')), scopeMismatch, 'scope does not match'],
    ['comments: 404', (reader) => reader.comments(id('1')), noSuchRoute, '404'],
    ['comments: no scope', (reader) => reader.comments(id('1')), scopeMismatch, 'scope does not match'],
    ['usage: 403', (reader) => reader.usage(), status(403), '403'],
    ['usage: 404', (reader) => reader.usage(), noSuchRoute, '404'],
  ])('is recognised, at once and with its reason (%s)', async (_case, read, answer, reason) => {
    const { http, reader } = await testSite([answer]);

    expect(await read(reader)).toEqual({ offered: false, reason: expect.stringContaining(reason) as unknown });
    expect(http.requests).toHaveLength(1);
  });

  it.each<[string, (reader: AssetsReader) => Promise<unknown>, Responder, string]>([
    ['properties, login ended', (reader) => reader.objectSchemaProperties(id('1')), status(401), 'LoginRefusedError'],
    ['comments, login ended', (reader) => reader.comments(id('1')), status(401), 'LoginRefusedError'],
    ['usage, login ended', (reader) => reader.usage(), status(401), 'LoginRefusedError'],
    ['comments, no permission', (reader) => reader.comments(id('1')), status(403), 'PermissionRefusedError'],
    ['comments, fault', (reader) => reader.comments(id('1')), status(500), 'SiteUnavailableError'],
    ['usage, page', (reader) => reader.usage(), page(), 'UnexpectedAnswerError'],
    ['comments, 404 with a page', (reader) => reader.comments(id('1')), page(404), 'UnexpectedAnswerError'],
    [
      'properties, 404 with a page',
      (reader) => reader.objectSchemaProperties(id('1')),
      page(404),
      'UnexpectedAnswerError',
    ],
    ['usage, 403 with a page', (reader) => reader.usage(), page(403), 'UnexpectedAnswerError'],
    [
      'a documented endpoint without its scope',
      (reader) => reader.history(id('1')),
      scopeMismatch,
      'LoginRefusedError',
    ],
  ])('is not confused with a failure (%s)', async (_case, read, answer, name) => {
    const { reader } = await testSite([answer]);

    expect((await errorOf(read(reader))).name).toBe(name);
  });
});

describe('An object', () => {
  it('is undefined where the site says that there is none', async () => {
    const { reader } = await testSite([status(404)]);

    expect(await reader.object(id('88'))).toBeUndefined();
  });

  it('is not undefined where a proxy answers with a web page', async () => {
    const { reader } = await testSite([page(404)]);

    expect(await errorOf(reader.object(id('88')))).toBeInstanceOf(UnexpectedAnswerError);
  });

  it('must be the one that was asked for, as must be what belongs to it', async () => {
    const { http, reader } = await testSite([json({ id: '89', attributes: [] })]);
    expect(await errorOf(reader.object(id('88')))).toBeInstanceOf(UnexpectedAnswerError);

    http.willAnswer(
      json([
        { id: '1', objectId: '88' },
        { id: '2', objectId: '89' },
      ]),
    );
    expect(await errorOf(reader.history(id('88')))).toBeInstanceOf(UnexpectedAnswerError);
    expect(await errorOf(reader.comments(id('88')))).toBeInstanceOf(UnexpectedAnswerError);

    http.willAnswer(json([{ id: '1', objectId: 88 }, { id: '2' }, { id: '3', objectId: null }]));
    expect(await reader.history(id('88'))).toHaveLength(3);
  });

  it('has no history when it is not there, which is an error and no empty history', async () => {
    const { reader } = await testSite([status(404)]);

    expect(await errorOf(reader.history(id('88')))).toBeInstanceOf(NotFoundError);
  });
});

describe('Readers', () => {
  it('have ids of their own', async () => {
    const first = await testSite([status(404)]);
    const second = await testSite([status(404)]);

    expect(first.reader.id).not.toBe(second.reader.id);
  });
});

function withoutMediaTokensUnlessBytes(value: unknown): unknown {
  return value instanceof Uint8Array ? value : withoutMediaTokens(value);
}
